"""What a reader sees of one run: pictures and plain sentences."""
