"""What the tests of scenario files build on: two parameters (the real list is the rules'), and text."""

import tomllib

from odssim.core.declare import Parameter
from odssim.interventions.catalogue import CATALOGUE, FOLDER

BUYERS = ("occasional", "regular", "dependent")
PARAMETERS = (
    Parameter("belief.halflife_days", 21.0, "days", 7.0, 60.0, "sourced", "D6", "Memory of a place's risk."),
    Parameter("need.rate_month", (1.0, 5.0, 25.0), "1/month", 0.3, 75.0, "sourced", "A16", "Purchases.", by=BUYERS),
)

TABLES = {file.stem: tomllib.loads(file.read_text("utf-8")) for file in (FOLDER / "entries").glob("*.toml")}
POSITIONS = {name: table["position"] for name, table in TABLES.items() if "position" in table}
"""The handbook's methods, by number; what else the catalogue has is held to fewer rules."""
HANDBOOK = [entry for entry in CATALOGUE.values() if entry.id in POSITIONS]

HEAD = """\
name = "Test"
city = "teaching-town"
start_date = 2018-01-01
days = 100
burn_in_days = 30
"""
PATROL = """
[[interventions]]
id = "patrol"
type = "fifteen_minute_patrol"
places = { every = true }
"""
