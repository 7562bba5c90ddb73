"""What the tests of scenario files build on: two parameters (the real list is the rules'), and text."""

from odssim.core.declare import Parameter

BUYERS = ("occasional", "regular", "dependent")
PARAMETERS = (
    Parameter("belief.halflife_days", 21.0, "days", 7.0, 60.0, "sourced", "D6", "Memory of a place's risk."),
    Parameter("need.rate_month", (1.0, 5.0, 25.0), "1/month", 0.3, 75.0, "sourced", "A16", "Purchases.", by=BUYERS),
)

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
