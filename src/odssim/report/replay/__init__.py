"""The replay: a run in one HTML file with a timeline, small enough for an e-mail."""
