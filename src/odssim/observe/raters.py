"""raters: what local officers say of the ten indicators.

Instrument
    A few officers of each district judge every candidate place, item by item, every 90 days and on the
    last day. A place has an indicator as rated if more than half of them say so.
Formula
    officer r says yes to item i of place j if loading * x_ij + leniency_r + halo_jr + error > 0, with x
    the distance from the threshold; leniency ~ N(0, leniency_sd^2) stays with the officer, halo ~
    N(0, halo_sd^2) with the officer and the place for one rating, error ~ N(0, 1). Latent agreement of two
    officers = loading^2 / (loading^2 + leniency_sd^2 + halo_sd^2 + 1).
Draws
    observe.rater_leniency, observe.rater_halo, observe.rater_item.
Sources
    12 of 64 listed places left the list between 2021 and 2023, as an agreement of 0.46 gives with no change
    at all; the parameters are assumptions.
Limits
    Officers see the true values with noise; they neither talk with each other nor remember.
"""

from dataclasses import dataclass

import numpy as np

from odssim.core.declare import Outcome, declared
from odssim.core.rng import decision_key, normals
from odssim.core.types import Array
from odssim.observe.indicators import ENOUGH, Truth, latent
from odssim.observe.laws import fleiss_kappa, listing_chance
from odssim.observe.result import RunResult
from odssim.observe.scenes import clusters
from odssim.observe.windows import CITY, Rows, Values, stamp

PARAMETERS = declared(__file__)
DRAWS = ("observe.rater_leniency", "observe.rater_halo", "observe.rater_item")
OUTCOMES = (
    Outcome("seen.indicators_met", "indicators", "Indicators that more than half of the raters grant a place."),
    Outcome("seen.places_seven", "places", "Places with seven or more indicators as rated."),
    Outcome("seen.scenes_seven", "scenes", "Clusters of touching places with seven or more indicators as rated."),
    Outcome("seen.rater_kappa", "1", "Agreement (Fleiss) of single raters on which places have seven or more."),
)
RATERS_NUMBERED = 32
ITEMS_NUMBERED = 16


@dataclass(frozen=True)
class Rated:
    """What was said: `yes` bool[raters, places, 10]."""

    yes: Array

    @property
    def share(self) -> Array:
        """Share of raters who say yes, [places, 10]."""
        return np.asarray(self.yes.mean(axis=0))

    @property
    def met(self) -> Array:
        """Whether more than half say yes, bool[places, 10]."""
        return np.asarray(self.share > 0.5)

    @property
    def kappa(self) -> float:
        """Agreement of single raters on which places have seven or more, NaN without places or with one rater."""
        lists = (self.yes.sum(axis=2) >= ENOUGH).sum(axis=0)
        n_raters, n_places = self.yes.shape[:2]
        if n_places < 2:
            return float("nan")
        return fleiss_kappa(np.column_stack([n_raters - lists, lists]))


def rate(x: Array, places: Array, districts: Array, seed: int, wave: int, par: Values) -> Rated:
    """Return the verdicts on places with latent values `x` [places, 10].

    `places`, `districts`: index of each place and of its district, for the draws: officers belong to a district.
    `wave`: number of the rating's day.
    """
    keys = {name: decision_key(seed, name) for name in DRAWS}
    n_raters = round(par["raters_n"])
    yes = np.zeros((n_raters, *x.shape), dtype=bool)
    for r in range(n_raters):
        lenient = par["raters_leniency_sd"] * normals(keys[DRAWS[0]], districts * RATERS_NUMBERED + r, 0)
        who = places * RATERS_NUMBERED + r
        halo = par["raters_halo_sd"] * normals(keys[DRAWS[1]], who, wave)
        for i in range(x.shape[1]):
            error = normals(keys[DRAWS[2]], who, wave * ITEMS_NUMBERED + i)
            yes[r, :, i] = par["raters_loading"] * x[:, i] + lenient + halo + error > 0.0
    return Rated(yes)


def judge(result: RunResult, true: Truth, par: Values) -> Rated:
    """Return what the officers say of every candidate place."""
    x = latent(true.value, true.met, par)
    districts = result.city.place_district[true.places].astype(np.int64)
    return rate(x, true.places, districts, result.seed, stamp(result, true.window.end), par)


def n_clusters(result: RunResult, places: Array) -> int:
    """Return the number of clusters of touching places."""
    listed = np.zeros(len(result.city.place_cell), dtype=bool)
    listed[places] = True
    return len(clusters(result.city.place_cell, result.city.width, listed))


def rating_rows(result: RunResult, true: Truth, rated: Rated, par: Values, rows: Rows) -> None:
    """Add the counts of one rating: per place and for the city, true and as rated."""
    end = true.window.end
    shared = float(np.hypot(par["raters_leniency_sd"], par["raters_halo_sd"]))
    x = par["raters_loading"] * latent(true.value, true.met, par)
    for name, met in (("", true.met), ("seen.", rated.met)):
        count = met.sum(axis=1)
        listed = true.places[count >= ENOUGH]
        rows.add(end, f"{name}indicators_met", true.places, count)
        rows.add(end, f"{name}places_seven", CITY, len(listed))
        rows.add(end, f"{name}scenes_seven", CITY, n_clusters(result, listed))
    rows.add(end, "listing_chance", true.places, listing_chance(x, ENOUGH, shared))
    rows.add(end, "seen.rater_kappa", CITY, rated.kappa)
