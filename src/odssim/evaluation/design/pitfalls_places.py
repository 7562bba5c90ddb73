"""Pitfalls in the choice of places, their lottery and what surrounds them; None where a design avoids one."""

from odssim.analysis.statistics.overdispersion import se_inflation
from odssim.errors import Sentence
from odssim.evaluation.design.analysis_plan import smallest_p_of
from odssim.evaluation.design.design_file import Design
from odssim.evaluation.design.pitfall_texts import sentence
from odssim.evaluation.design.power import lasting_share, pick_top, smallest_displacement
from odssim.evaluation.estimators.arms import ENOUGH_PLACES
from odssim.evaluation.lottery.over_places import complete
from odssim.language.written import p_text

NEEDS_CONTROLS = {
    "wdd", "rirr", "poisson_did", "nb_did", "matched_control", "synthetic_control", "permutation", "placebo", "ring",
}  # fmt: skip
BY_ARMS = {"poisson_did", "nb_did", "wdd", "rirr", "matched_control", "ring", "bounds", "dose_response"}
"""Estimators whose verdict rests on how the places of each arm differ."""
UNEVEN = {"before_after", "time_series"}
"""Estimators that take what would have happened anyway for the effect."""


def too_few_assignments(design: Design) -> Sentence | None:
    """No outcome can be significant."""
    smallest, alpha = smallest_p_of(design), design.keys.answer.alpha
    places = design.keys.data.places
    if smallest is None or smallest <= alpha:
        return None
    enough = next(n for n in range(2, 100) if complete(2 * n, n).smallest_p() <= alpha)
    is_even = smallest <= 0.5 and places.treated == places.control
    return sentence(
        "too_few_assignments", treated=places.treated, control=places.control, alpha=100 * alpha, p=p_text(smallest),
        one_sided=Sentence(" ({p} one-sided)", p=p_text(smallest / 2)) if is_even else "", enough=enough,
    )  # fmt: skip


def no_lottery(design: Design) -> Sentence | None:
    """Places were picked, but a test by lottery is planned."""
    if design.keys.data.assignment.mechanism != "hand_picked" or "permutation" not in design.estimators:
        return None
    return sentence("no_lottery")


def few_clusters(design: Design) -> Sentence | None:
    """Few places in the smaller arm, whatever the other arm has."""
    places, primary = design.keys.data.places, design.keys.answer.primary
    n, used = min(places.treated, places.control), sorted(BY_ARMS & set(design.estimators))
    if not 0 < n < ENOUGH_PLACES or not used:
        return None
    role = Sentence("as the primary test" if primary in BY_ARMS else "beside the primary test")
    instead = "placebo" if design.keys.data.assignment.mechanism == "hand_picked" else "permutation"
    return sentence("few_clusters", n=n, used=", ".join(used), role=role, instead=instead, enough=ENOUGH_PLACES)


def no_controls(design: Design) -> Sentence | None:
    """Nothing to compare with."""
    needed = sorted(NEEDS_CONTROLS & set(design.estimators))
    if design.keys.data.places.control > 0 or not needed:
        return None
    return sentence("no_controls", needed=", ".join(needed))


def few_donors(design: Design) -> Sentence | None:
    """A placebo p that cannot be small."""
    places, alpha = design.keys.data.places, design.keys.answer.alpha
    if "synthetic_control" not in design.estimators or places.control == 0:
        return None
    smallest = 1.0 / complete(places.treated + places.control, places.treated).n_assignments()
    return None if smallest <= alpha else sentence("few_donors", n=places.control, p=p_text(smallest))


def buffer_overlaps_control(design: Design) -> Sentence | None:
    """Surroundings of treated places reach controls."""
    places = design.keys.data.places
    if not places.buffer_m:
        return None
    outer = places.buffer_m[-1]
    nearest = places.nearest_control_m if places.nearest_control_m is not None else places.exclude_within_m
    if nearest >= 2 * outer or places.control == 0:
        return None
    where = Sentence("lies" if places.nearest_control_m is not None else "may lie")
    what = Sentence("inside the buffer itself" if nearest < outer else "so near that the surroundings of both overlap")
    return sentence("buffer_overlaps_control", outer=outer, where=where, nearest=nearest, what=what, apart=2 * outer)


def control_within_reach(design: Design) -> Sentence | None:
    """Controls receive what is displaced."""
    places = design.keys.data.places
    nearest = places.nearest_control_m if places.nearest_control_m is not None else places.exclude_within_m
    if places.control == 0 or nearest >= places.displacement_range_m:
        return None
    return sentence("control_within_reach", nearest=nearest, reach=places.displacement_range_m)


def hot_places(design: Design) -> Sentence | None:
    """Regression to the mean."""
    places, counts, timing = design.keys.data.places, design.keys.data.counts, design.keys.data.timing
    is_hot = places.chosen == "hot" or (design.keys.data.assignment.mechanism == "hand_picked" and places.chosen == "by_lot")
    if not is_hot:
        return None
    candidates = places.candidates or 2 * (places.treated + places.control)
    excess = pick_top(places.treated, candidates, counts.mean * timing.pre, 1 / counts.spread_of_places**2).before
    excess = excess / (counts.mean * timing.pre) - 1.0
    lasting = lasting_share(
        counts.mean, counts.spread_of_places, timing.pre, nb2_alpha=counts.dispersion, drift_sd=counts.place_drift_sd
    )
    fall = 100.0 * (1.0 - lasting) * excess / (1.0 + excess)
    exposed = sorted(UNEVEN & set(design.estimators))
    reads = (
        Sentence("{estimators} would read it as effect", estimators=" and ".join(exposed))
        if exposed
        else Sentence("controls chosen otherwise do not share it")
    )
    known = {"n": places.treated, "candidates": candidates, "pre": timing.pre, "period": Sentence(timing.period)}
    return sentence("hot_places", fall=fall, reads=reads, **known)


def displacement_unseen(design: Design) -> Sentence | None:
    """Even total displacement would not show."""
    data, answer = design.keys.data, design.keys.answer
    if not data.places.buffer_m or data.places.control == 0 or answer.smallest_effect == 0:
        return None
    target = data.counts.mean * data.places.treated * data.timing.pre
    buffer = (data.counts.buffer_mean or data.counts.mean) * data.places.treated * data.timing.pre
    share = data.timing.post / data.timing.pre
    cells = (buffer, buffer * share, buffer, buffer * share)
    _, s_min = smallest_displacement(target * share, answer.smallest_effect, cells, answer.power, answer.alpha)
    s_min *= se_inflation(data.counts.dispersion, data.counts.mean)
    known = {"power": answer.power, "share": s_min, "fall": 100 * answer.smallest_effect}
    return None if s_min <= 1 else sentence("displacement_unseen", **known)


def no_buffer(design: Design) -> Sentence | None:
    """Displacement is asked about but not counted."""
    asked = {"delta_near", "IE_buffer"} & set(design.keys.inquiry.estimands)
    if not asked or design.keys.data.places.buffer_m:
        return None
    return sentence("no_buffer", asked=", ".join(sorted(asked)))


def saturation_without_zero(design: Design) -> Sentence | None:
    """Spillover has no clean comparison."""
    assignment = design.keys.data.assignment
    if assignment.mechanism != "saturation" or 0.0 in assignment.saturations:
        return None
    return sentence("saturation_without_zero")


def amended(design: Design) -> Sentence | None:
    """Places were lost after the design was registered."""
    found = design.keys.amended
    lost = [*found.lost_treated, *found.lost_control]
    return sentence("amended", lost=", ".join(lost), why=found.why) if lost else None


PLACE_PITFALLS = (
    amended, too_few_assignments, no_lottery, few_clusters, no_controls, few_donors, buffer_overlaps_control,
    control_within_reach, hot_places, displacement_unseen, no_buffer, saturation_without_zero,
)  # fmt: skip
