"""The keys of a design file as pydantic models: world, inquiry, data, answer, decision.

Rules that compare several keys and can only be wrong stand at the end; what is allowed but unwise is said by
`odssim design check` (`check`).
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from odssim.core.brought import points
from odssim.scenario.faults import ID_PATTERN
from odssim.scenario.schema import Keys, Name, Names

literal: Any = Literal
ESTIMATOR_NAMES = (
    "before_after", "wdd", "rirr", "poisson_did", "nb_did", "matched_control", "synthetic_control", "time_series",
    "permutation", "placebo", "crossover", "stepped_wedge", "dose_response", "exposure", "ring", "bounds",
    "saturation", *points("estimators"),
)  # fmt: skip
MECHANISMS = ("complete", "blocked", "paired", "crossover", "stepped_wedge", "saturation", "hand_picked")
OVER_TIME = ("crossover", "stepped_wedge")
"""Lotteries in which every place has its turn, so that none is picked."""
ESTIMANDS = (
    "OE_open", "OE_all", "OE_nuisance", "TE_target", "DE_target", "IE_buffer", "IE_control",
    "delta_near", "delta_far", "delta_tactical", "delta_temporal",
)  # fmt: skip
"""OE: the whole city; TE, DE, IE: total, direct, indirect effect on places; delta: displaced share of the removed."""
INDICATORS = (
    "recorded_offences", "seizures", "tips", "survey_problem", "user_survey", "price", "observed_deals", "camera_deals",
    "latent_open_deals", "nuisance", "indicators_met", "listed_places",
)  # fmt: skip
VERDICT_RULES = ("default",)
CHOSEN = ("by_lot", "hot", "by_name", "matched")
"""How the treated places came to be a candidate for treatment: `hot` means because their counts were high."""
WORLD_KINDS = ("engine", "market", "ac1", "analytic", "mnl")
"""Cities on which a design is tried: engine runs of a scenario, or cheap ones with exactly known truth."""
PERIODS_PER_YEAR = {"day": 365.0, "week": 52.0, "month": 12.0, "quarter": 4.0, "year": 1.0}
PERIODS = tuple(PERIODS_PER_YEAR)
Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]


def _rising(values: list[float]) -> list[float]:
    if any(b <= a for a, b in zip([0.0, *values], values, strict=False)):
        raise ValueError("must rise from one edge to the next, from above 0")
    return values


class DesignKeys(Keys):
    """[design]: what it is called."""

    id: Annotated[str, Field(pattern=ID_PATTERN)]
    version: Annotated[int, Field(ge=1)] = 1
    title: str = ""


class WorldKeys(Keys):
    """[world]: the simulated cities on which the design is tried."""

    kind: literal[WORLD_KINDS] = "engine"
    scenario: Name | None = None
    interventions: Name | None = None
    ensemble: Name | None = None
    worlds: Annotated[int, Field(ge=1, le=100_000)] = 20
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] = 1


class MarketKeys(Keys):
    """[market]: the market city, and the conditions under which a design is tried; assumptions until estimated.

    Deals are open deals per listed place and period; ratios are those of `worlds.Market`. `effect` is the expected
    effect, `near` to `temporal` what is expected to become of the removed.
    """

    deals: Positive = 300.0
    city_sd: NotNegative = 0.05
    near_ratio: NotNegative = 0.6
    far_ratio: NotNegative = 0.5
    hidden_ratio: NotNegative = 1.5
    unmet_ratio: NotNegative = 0.15
    levels: list[Positive] = Field(default_factory=list)
    near_levels: list[Positive] = Field(default_factory=list)
    effect: Annotated[float, Field(gt=0, lt=1)] = 0.3
    near: Annotated[float, Field(ge=-1, le=1)] = 0.2
    far: Share = 0.1
    tactical: Share = 0.1
    temporal: Share = 0.05
    listed_share: Share = 0.3
    effects: list[Annotated[float, Field(ge=0, lt=1)]] = Field(default_factory=lambda: [0.0, 0.1, 0.16, 0.3, 0.45, 0.6])
    detections: list[Positive] = Field(default_factory=lambda: [1.3, 1.6])
    co_trends: list[Annotated[float, Field(gt=-1, le=5)]] = Field(default_factory=lambda: [-0.1, 0.1])
    fidelities: list[Annotated[float, Field(gt=0, lt=1)]] = Field(default_factory=lambda: [0.7])


class SearchKeys(Keys):
    """[search]: what `odssim design search` may vary; a list left empty keeps the design's own value.

    `places` are treated places, with as many controls; `zones` whether surroundings are counted; `indicators` are
    sets of indicators, of which the first is the one on which the power is judged.
    """

    places: list[Annotated[int, Field(ge=1, le=1000)]] = Field(default_factory=list)
    pre: list[Annotated[int, Field(ge=1, le=5000)]] = Field(default_factory=list)
    post: list[Annotated[int, Field(ge=1, le=5000)]] = Field(default_factory=list)
    zones: list[bool] = Field(default_factory=list)
    indicators: list[Annotated[list[literal[INDICATORS]], Field(min_length=1)]] = Field(default_factory=list)
    half_width: Annotated[float, Field(gt=0, le=0.5)] = 0.1


class InquiryKeys(Keys):
    """[inquiry]: what is asked."""

    estimands: Annotated[list[literal[ESTIMANDS]], Field(min_length=1)] = Field(
        default_factory=lambda: ["OE_open", "TE_target"]
    )


class PlacesKeys(Keys):
    """[data.places]: how many places, which, and what is counted around them."""

    treated: Annotated[int, Field(ge=1, le=10_000)]
    control: Annotated[int, Field(ge=0, le=10_000)] = 0
    candidates: Annotated[int, Field(ge=1, le=10_000)] | None = None
    treated_names: Names | None = None
    control_names: Names | None = None
    chosen: literal[CHOSEN] = "by_lot"
    buffer_m: Annotated[list[Positive], AfterValidator(_rising)] = Field(default_factory=list)
    exclude_within_m: NotNegative = 0.0
    displacement_range_m: NotNegative = 500.0
    nearest_control_m: NotNegative | None = None


class AssignmentKeys(Keys):
    """[data.assignment]: how places and periods are randomised."""

    mechanism: literal[MECHANISMS] = "complete"
    blocks: Annotated[int, Field(ge=1)] | None = None
    block_sizes: list[Annotated[list[Annotated[int, Field(ge=1)]], Field(min_length=2, max_length=2)]] | None = None
    """Treated and control places of each block, where they are not dealt evenly over `blocks`."""
    saturations: list[Share] = Field(default_factory=list)
    steps: Annotated[int, Field(ge=1)] | None = None
    on_share: Annotated[float, Field(gt=0, lt=1)] = 0.5
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] = 1


class TimingKeys(Keys):
    """[data.timing]: lengths in periods."""

    period: literal[PERIODS] = "month"
    pre: Annotated[int, Field(ge=1, le=5000)]
    post: Annotated[int, Field(ge=1, le=5000)]
    washout: Annotated[int, Field(ge=0, le=1000)] = 0
    carry_over: Annotated[int, Field(ge=0, le=1000)] = 0
    start: date | None = None
    recording_change: date | None = None


class CountsKeys(Keys):
    """[data.counts]: what is known or supposed about the counts; assumptions until measured."""

    mean: Positive = 12.0
    buffer_mean: Positive | None = None
    dispersion: NotNegative = 0.3
    place_drift_sd: NotNegative = 0.25
    spread_of_places: NotNegative = 0.6
    detection_ratio: Positive = 1.0


class SurveyKeys(Keys):
    """[data.survey]: people asked in each wave."""

    n_wave: Annotated[int, Field(ge=1, le=1_000_000)]
    waves: Annotated[int, Field(ge=1, le=100)] = 2
    icc: Share = 0.1


class ObserversKeys(Keys):
    """[data.observers]: visits by observers, and the share of them that two observers make together."""

    visits: NotNegative
    double_share: Share = 0.0


class RatingKeys(Keys):
    """[data.rating]: raters of the ten indicators."""

    raters: Annotated[int, Field(ge=1, le=25)] = 1
    double_share: Share = 0.0
    qualifying_share: Annotated[float, Field(gt=0, lt=1)] = 0.65
    kappa: Share | None = None


class DataKeys(Keys):
    """[data]: all that is gathered."""

    indicators: Annotated[list[literal[INDICATORS]], Field(min_length=1)] = Field(
        default_factory=lambda: ["recorded_offences"]
    )
    dose: Annotated[float, Field(gt=0, le=1)] = 1.0
    places: PlacesKeys
    assignment: AssignmentKeys = AssignmentKeys()
    timing: TimingKeys
    counts: CountsKeys = CountsKeys()
    survey: SurveyKeys | None = None
    observers: ObserversKeys | None = None
    rating: RatingKeys = RatingKeys()


class AnswerKeys(Keys):
    """[answer]: the analysis, decided in advance."""

    primary: literal[ESTIMATOR_NAMES] = "permutation"
    secondary: list[literal[ESTIMATOR_NAMES]] = Field(default_factory=list)
    alpha: Annotated[float, Field(gt=0, lt=0.5)] = 0.05
    smallest_effect: Share = 0.15
    power: Annotated[float, Field(gt=0.5, lt=1)] = 0.8
    verdict: literal[VERDICT_RULES] = "default"
    dispersion_known: Annotated[float, Field(ge=1)] | None = None
    s_max: Share = 1.0
    draws: Annotated[int, Field(ge=99, le=1_000_000)] = 2000


class DecisionKeys(Keys):
    """[decision]: what depends on the answer, and what things cost, SEK; assumptions unless known."""

    actions: Names = Field(default_factory=lambda: ["scale_up", "stop"])
    worth_sek_per_deal: NotNegative = 250.0
    places: Annotated[int, Field(ge=1)] = 48
    years: Positive = 3.0
    budget_sek: NotNegative | None = None
    fixed_sek: NotNegative = 0.0
    place_sek: NotNegative = 0.0
    place_period_sek: NotNegative = 0.0
    indicator_sek: dict[literal[INDICATORS], NotNegative] = Field(default_factory=dict)
    zone_place_period_sek: NotNegative = 0.0
    visit_sek: NotNegative = 0.0
    action_sek_per_place_year: NotNegative = 0.0


class AmendedKeys(Keys):
    """[amended]: places lost after the design was registered, and why; enters every output, not the hash."""

    lost_treated: list[Name] = Field(default_factory=list)
    lost_control: list[Name] = Field(default_factory=list)
    why: Name | None = None


class DesignFile(Keys):
    """A whole design file."""

    design: DesignKeys
    world: WorldKeys | None = None
    market: MarketKeys = MarketKeys()
    search: SearchKeys = SearchKeys()
    inquiry: InquiryKeys = InquiryKeys()
    data: DataKeys
    answer: AnswerKeys = AnswerKeys()
    decision: DecisionKeys = DecisionKeys()
    amended: AmendedKeys = AmendedKeys()
