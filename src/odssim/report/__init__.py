"""What a reader sees of a run: pictures and plain sentences."""
