"""The plan of an evaluation: its file, its keys, its pitfalls, its power."""
