"""What is seen of a run: outcomes with their definitions, the recorder, scenes, results on disk."""
