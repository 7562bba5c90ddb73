"""The files that `odssim city new` makes, by name."""

from __future__ import annotations

from odssim.cli import city_commands
from odssim.cli.city_commands import TEMPLATE

SOURCES = {**{name: name for name in city_commands.FILES}, "README.txt": "README.en.txt"}
FILES = {name: (TEMPLATE / source).read_text(encoding="utf-8") for name, source in SOURCES.items()}
PLACES = FILES["places.csv"]
