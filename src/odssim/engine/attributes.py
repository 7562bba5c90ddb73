"""Attributes of places and of the city that interventions move; each day they are set from nothing."""

import math
from typing import Any

import numpy as np

from odssim.scenario.records import InterventionSpec
from odssim.world.columns import SUBSTANCES
from odssim.world.state import State

PLACE_SHARES = ("manager", "upkeep", "lighting", "tip_line", "letters", "traffic")
"""Columns of `places` that the lever ``place`` adds to; their sum is cut off at 1."""


def clear(st: State) -> None:
    """Take away what interventions had set."""
    for name in ("camera", "camera_fear", "closed", *PLACE_SHARES):
        st.places[name] = 0
    st.tables["extra_border"] = 0.0
    for name in st.levers.dtype.names or ():
        st.levers[name] = 0.0


def add_interception(st: State, spec: InterventionSpec, strength: float) -> None:
    """Let customs intercept a larger share of consignments."""
    options: Any = spec.options
    wanted = [options["substance"] in ("all", name) for name in SUBSTANCES]
    st.tables["extra_border"][0] += np.array(wanted) * options["extra_share"] * strength


def add_cameras(st: State, spec: InterventionSpec, places: Any, strength: float) -> None:
    """Let cameras watch their places; `strength` scales the share of the place in view."""
    par, options = st.par[0], dict[str, Any](spec.options)
    view = options["coverage"] * options["uptime"] * strength
    watched = view if options["monitored"] else view * par["guardianship_camera_passive"]
    known = 1.0 if options["signs"] else par["guardianship_camera_unsigned"]
    st.places["camera"][places] = np.minimum(1.0, st.places["camera"][places] + watched)
    st.places["camera_fear"][places] += watched * known * par["guardianship_camera_fear_sek"]


def add_place(st: State, spec: InterventionSpec, places: Any, strength: float, days_on: int) -> None:
    """Add the options of an intervention to the attributes of the same names at its places.

    A place closed on a share of days is closed on days spread evenly.
    """
    for name in set(spec.options) & set(PLACE_SHARES):
        added: Any = spec.options[name]
        st.places[name][places] = np.minimum(1.0, st.places[name][places] + added * strength)
    share = float(spec.options.get("closed", 0.0)) * strength  # type: ignore[arg-type]
    if math.floor((days_on + 1) * share) > math.floor(days_on * share):
        st.places["closed"][places] = 1


def add_person(st: State, spec: InterventionSpec, strength: float) -> None:
    """Add the options of an intervention to the city-wide levers of the same names."""
    for name in set(spec.options) & set(st.levers.dtype.names or ()):
        value: Any = spec.options[name]
        st.levers[name] += value * strength
