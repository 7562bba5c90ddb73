"""Charts and maps that know a table and no run: style, terrain, figures of decisions."""
