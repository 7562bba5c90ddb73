"""The virtual observer: what each indicator reads of the deals of a pair of worlds.

Every indicator is a mean reading, which follows from the deals alone, and a draw around it. The chances of a
reading are assumptions unless a design or an engine run gives them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.special import expit, logit, ndtr, ndtri

from odssim.core import maths
from odssim.core.types import Array
from odssim.evaluation.design.design_file import Design
from odssim.evaluation.worlds.conditions import Condition
from odssim.evaluation.worlds.truth import nuisance
from odssim.observe.laws import design_effect

SEIZED, TIPPED = 0.2, 0.25
"""Seizures and tips per recorded offence; assumptions."""
TIPS_HALF = 2.0
"""Deals, over the mean of a place, at which tips have risen to 1 - 1/e of their most; an assumption."""
SURVEY_LEVEL, SURVEY_GAIN = -2.44, 1.5
"""Logit of the share who see a problem where there is none, and its rise to full exposure (as `observe.survey`)."""
PRICE, PRICE_ELASTICITY, PRICE_SD, PRICE_STEP = 1000.0, -0.2, 0.15, 50.0
"""Price where nothing happens, SEK; its response to deals at the place; spread of one report (log); rounding."""
REPORTERS = 10
USERS_ASKED = 60
"""Users asked around each place in each wave how they last bought; an assumption."""
WINDOW_SHARE, NOTICED, CAMERA_SHARE = 30.0 / 960.0, 0.4, 0.1
"""Part of a day that one visit sees, and shares of deals that observers and cameras notice (`observe.observers`)."""
ITEM_SHARES = (0.95, 0.9, 0.8, 0.9, 0.85, 0.7, 0.75, 0.5, 0.4, 0.6)
"""Share of candidate places that truly have each of the ten indicators; assumptions."""
ITEM_SLOPE, LOADING, LENIENCY_SD, HALO_SD, ENOUGH = 1.0, 1.15, 0.5, 0.5, 7
"""Rise of an indicator's latent value per unit of log deals; the rest as in `observe.raters`."""


@dataclass(frozen=True)
class Scene:
    """What an indicator may read of one world, rows being listed places and, after them, their surroundings."""

    deals: Array
    base: Array
    """Open deals with and without the intervention, float64[R, rows, T]."""
    raised: Array
    """By how much the chance of recording is raised, float64[R, rows, T]; 1 without the intervention."""
    hidden: Array
    """Deals out of sight of the same users, float64[R, rows, T]."""
    mean: float
    """Mean level of a place without intervention, deals per period."""
    days: float
    """Days of a period."""
    design: Design


Mean = Callable[[Scene], Array]
Draw = Callable[[Array, Scene, np.random.Generator], Array]


@dataclass(frozen=True)
class Instrument:
    """One indicator."""

    id: str
    mean: Mean
    draw: Draw
    waves: Callable[[Design], tuple[int, int]] | None = None
    """Rounds before and after from a design; None where it is read in every period."""
    sign: int = 1
    """1 if it rises with dealing."""


def recording_rate(scene: Scene) -> float:
    """Return recorded offences per open deal."""
    return scene.design.keys.data.counts.mean / scene.mean


def _recorded(scene: Scene, share: float = 1.0) -> Array:
    return np.asarray(scene.deals * scene.raised * (share * recording_rate(scene)))


def _tips(scene: Scene) -> Array:
    most = TIPPED * scene.design.keys.data.counts.mean * TIPS_HALF
    return np.asarray(most * -maths.expm1(-scene.deals / (TIPS_HALF * scene.mean)))


def _survey(scene: Scene) -> Array:
    exposure = scene.deals / (scene.deals + scene.mean)
    return np.asarray(expit(SURVEY_LEVEL + SURVEY_GAIN * exposure))


def _price(scene: Scene) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(scene.base > 0, scene.deals / scene.base, 1.0)
    return np.asarray(PRICE * maths.exp(PRICE_ELASTICITY * maths.log(np.maximum(ratio, 1e-3))))


def _observed(scene: Scene) -> Array:
    observers = scene.design.keys.data.observers
    visits = 4.0 * scene.days / 30.0 if observers is None else observers.visits
    return np.asarray(scene.deals / scene.days * (visits * WINDOW_SHARE * NOTICED))


def _phone_share(scene: Scene) -> Array:
    return np.asarray(scene.hidden / np.maximum(scene.hidden + scene.deals, 1e-12))


def _asked_users(mean: Array, scene: Scene, rng: np.random.Generator) -> Array:
    return rng.binomial(USERS_ASKED, mean) / USERS_ASKED


def _items(scene: Scene) -> Array:
    """Return the latent value of every item before rater noise, float64[R, rows, T, 10]."""
    level = maths.log(np.maximum(scene.deals, 1e-9) / scene.mean) * ITEM_SLOPE
    return np.asarray(LOADING * (level[..., None] + ndtri(ITEM_SHARES)))


def _mean_items_met(scene: Scene) -> Array:
    spread = np.sqrt(1.0 + LENIENCY_SD**2 + HALO_SD**2)
    return np.asarray(ndtr(_items(scene) / spread).sum(axis=3))


def negative_binomial(mean: Array, scene: Scene, rng: np.random.Generator) -> Array:
    """Return counts with variance m + alpha m^2 in every period; a place's chance in the first periods is drawn first.

    The draws before the start depend on nothing that comes after it, so that all conditions share them.
    """
    alpha = scene.design.keys.data.counts.dispersion
    start = scene.design.keys.data.timing.pre
    parts = []
    streams = [rng.spawn(1)[0] for _ in range(2)]
    for part, own in zip((mean[..., :start], mean[..., start:]), streams, strict=True):
        rate = part * own.gamma(1.0 / alpha, alpha, size=part.shape) if alpha else part
        parts.append(own.poisson(rate).astype(np.float64))
    return np.concatenate(parts, axis=2)


def _poisson(mean: Array, scene: Scene, rng: np.random.Generator) -> Array:
    return np.asarray(rng.poisson(mean), dtype=np.float64)


def _exact(mean: Array, scene: Scene, rng: np.random.Generator) -> Array:
    return mean


def _answers(mean: Array, scene: Scene, rng: np.random.Generator) -> Array:
    """Return shares who see a problem; an area's own level stays from wave to wave."""
    survey = scene.design.keys.data.survey
    n, icc = (150, 0.1) if survey is None else (survey.n_wave, survey.icc)
    area = rng.normal(size=(*mean.shape[:2], 1)) * np.sqrt(icc / (1 - icc)) * np.pi / np.sqrt(3)
    share = expit(logit(mean) + area)
    # half of the clustering is the area's lasting level, the rest is new in every wave
    effective = max(1, round(n / design_effect(n, icc / 2)))
    return np.asarray(rng.binomial(effective, share) / effective)


def _reports(mean: Array, scene: Scene, rng: np.random.Generator) -> Array:
    bias = rng.normal(0, PRICE_SD / 2, size=(*mean.shape[:2], 1))
    read = mean * maths.exp(bias + rng.normal(0, PRICE_SD / np.sqrt(REPORTERS), size=mean.shape))
    return np.asarray(np.maximum(PRICE_STEP, np.round(read / PRICE_STEP * REPORTERS) * PRICE_STEP / REPORTERS))


def _rated(mean: Array, scene: Scene, rng: np.random.Generator, *, listed: bool) -> Array:
    """Return how many of the ten indicators most raters grant, or whether these are enough for the list."""
    items = _items(scene)
    n = scene.design.keys.data.rating.raters
    yes = np.zeros(items.shape)
    for _ in range(n):
        lenient = rng.normal(0, LENIENCY_SD, size=(*items.shape[:2], 1, 1))
        halo = rng.normal(0, HALO_SD, size=(*items.shape[:3], 1))
        yes += items + lenient + halo + rng.normal(size=items.shape) > 0
    met = (yes > n / 2).sum(axis=3)
    return (met >= ENOUGH).astype(np.float64) if listed else met.astype(np.float64)


def _survey_waves(design: Design) -> tuple[int, int]:
    n = 2 if design.keys.data.survey is None else max(2, design.keys.data.survey.waves)
    return n // 2, n - n // 2


def _half_years(design: Design) -> tuple[int, int]:
    half, timing = design.periods_per_year / 2, design.keys.data.timing
    return max(1, round(timing.pre / half)), max(1, round(timing.post / half))


def _twice(design: Design) -> tuple[int, int]:
    return 1, 1


INSTRUMENTS = {
    entry.id: entry
    for entry in (
        Instrument("recorded_offences", _recorded, negative_binomial),
        Instrument("seizures", partial(_recorded, share=SEIZED), negative_binomial),
        Instrument("tips", _tips, negative_binomial),
        Instrument("survey_problem", _survey, _answers, _survey_waves),
        Instrument("user_survey", _phone_share, _asked_users, _survey_waves, sign=-1),
        Instrument("price", _price, _reports, _half_years, sign=-1),
        Instrument("observed_deals", _observed, _poisson),
        Instrument("camera_deals", lambda scene: scene.deals * CAMERA_SHARE, _poisson),
        Instrument("latent_open_deals", lambda scene: scene.deals, _exact),
        Instrument("nuisance", lambda scene: nuisance(scene.deals / scene.mean), _exact),
        Instrument("indicators_met", _mean_items_met, partial(_rated, listed=False), _twice),
        Instrument("listed_places", _mean_items_met, partial(_rated, listed=True), _twice),
    )
}


def raised_by(condition: Condition, dose: Array, treated: Array, start: int) -> Array:
    """Return by how much recording is raised at listed places, float64[R, J, T]: treated places, once it began."""
    factor = np.ones(dose.shape)
    on = dose > 0 if (dose[..., start:] == 0).any(axis=2)[treated].any() else treated[..., None] & np.ones_like(dose, bool)
    on = on & (np.arange(dose.shape[2]) >= start)
    return np.where(on, condition.detection, factor)


def chunks(n_periods: int, start: int, washout: int, waves: tuple[int, int]) -> list[Array]:
    """Return the periods that each round of a survey or rating stands for, before and then after the washout."""
    before = np.array_split(np.arange(start), min(waves[0], start))
    after = np.array_split(np.arange(start + washout, n_periods), min(waves[1], n_periods - start - washout))
    return [*before, *after]
