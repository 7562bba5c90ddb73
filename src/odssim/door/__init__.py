"""The public door: what ``import odssim`` offers, each answer with a table, a picture and a folder."""
