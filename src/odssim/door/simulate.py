"""One run, and scenarios beside a base."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from odssim.analysis.comparison.run_pairs import compare as compare_scenarios
from odssim.analysis.comparison.side_by_side import Comparison
from odssim.analysis.comparison.tables import Settings
from odssim.analysis.decision.objective import parse_objective
from odssim.core.processes import local_pool
from odssim.core.result import write_result
from odssim.door.answer import Answer, intervals, new_axes, table
from odssim.door.arguments import door
from odssim.engine.keywords import OWN_SEED, resolve
from odssim.engine.run import run_scenario
from odssim.errors import ScenarioError
from odssim.observe.outcomes import OUTCOMES
from odssim.observe.result import RunResult
from odssim.observe.write import outcome_table, place_table, write_run
from odssim.scenario.faults import nearest
from odssim.scenario.records import Scenario

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

Source = Scenario | str | PathLike[str]
Interventions = Sequence[Mapping[str, Any]]


@door()
def load_scenario(
    scenario: Source, *, days: int | None = None, seed: int | None = None, parameters: Mapping[str, Any] | None = None,
    settings: Mapping[str, Any] | None = None, interventions: Interventions | None = None,
) -> Scenario:  # fmt: skip
    """Return a checked scenario.

    Parameters
    ----------
    scenario
        A TOML file, the name of a shipped scenario or built-in city ("teaching-town"), or a `Scenario`.
    days, seed
        In place of the scenario's own.
    parameters
        Values by parameter id, as listed by `parameters`; a vector's as a list or one component by one.
    settings
        Any other key of a scenario, dotted: ``{"burn_in_days": 30, "interventions.patrol.dose": 0.5}``.

    interventions
        Tables as in a scenario file, above the file's by id:
        ``[{"id": "patrol", "type": "hot_spot_patrol", "start": "2018-04-01", "weeks": 26, ...}]``.

    Raises
    ------
    ScenarioError
        If something of that is wrong.
    """
    keys: dict[str, Any] = {} if interventions is None else {"interventions": interventions}
    keys |= {f"parameters.{key}": value for key, value in (parameters or {}).items()} | dict(settings or {})
    keys |= {key: value for key, value in (("days", days), ("seed", seed)) if value is not None}
    if isinstance(scenario, Scenario) and not keys:
        return scenario
    return resolve(scenario, OWN_SEED, keys)


@dataclass(frozen=True, repr=False)
class RunAnswer(Answer):
    """One run; `result` holds all of it."""

    result: RunResult

    @property
    def title(self) -> str:
        """Scenario, days and seed."""
        one = self.result.scenario
        return f"{one.name}, {len(self.result.days)} days from {one.start_date}, seed {self.result.seed}"

    @property
    def scenario(self) -> Scenario:
        """The checked scenario."""
        return self.result.scenario

    def text(self) -> list[str]:
        """Return the headline."""
        from odssim.report.run.headline import headline

        return headline(self.result)

    def frame(self, *, places: bool = False) -> pd.DataFrame:
        """Return a row per day and outcome of the city (`places`: of every place too): day, place, outcome, unit, value."""
        import pandas as pd

        found = outcome_table(self.result).to_pandas(date_as_object=False)
        found["day"] = pd.to_datetime(found["day"])
        found = found if places else found[found["place"].isna()].drop(columns="place").reset_index(drop=True)
        found.attrs["units"] = found.drop_duplicates("outcome").set_index("outcome")["unit"].astype(str).to_dict()
        return found

    def places(self) -> pd.DataFrame:
        """Return a row per place: where it lies, what it is, its totals over the run."""
        found = place_table(self.result).to_pandas()
        found.attrs["units"] = {key: one.unit for key, one in OUTCOMES.items() if key in found}
        return found

    def plot(self, outcome: str = "open_deals", *, ax: Axes | None = None, label: str | None = None) -> Axes:
        """Draw an outcome of the city day by day, as the mean of the last seven days.

        Raises ScenarioError: if there is no such outcome.
        """
        from odssim.drawing.charts import SMOOTH_DAYS, trailing_mean

        series = self.result.city_series
        if outcome not in series:
            raise ScenarioError("no such outcome", key="outcome", value=outcome, remedy=nearest(outcome, list(series)))
        ax = new_axes(ax)
        name = label or f"{self.result.scenario.name}, seed {self.result.seed}"
        ax.plot(self.result.days, trailing_mean(series[outcome], SMOOTH_DAYS), label=name, gid=outcome)  # type: ignore[arg-type]
        _say_outcomes(ax, f"mean of {SMOOTH_DAYS} days")
        ax.set_title("Modelled")
        ax.legend()
        return ax

    def save(self, folder: str | Path) -> Path:
        """Write tables, records, map and series into a folder, all or nothing, and return it."""
        from odssim.report.run.run_series import PICTURES

        write_run(self.result, Path(folder), pictures=PICTURES)
        return Path(folder)


def _say_outcomes(ax: Axes, smoothed: str) -> None:
    """Say what the axes show: one outcome at the axis; of several the units there and each name in the legend."""
    lines = [line for line in ax.lines if line.get_gid() in OUTCOMES]
    outcomes = dict.fromkeys(str(line.get_gid()) for line in lines)
    units = "; ".join(dict.fromkeys(OUTCOMES[one].unit_a_day for one in outcomes))
    ax.set_ylabel(", ".join([*(outcomes if len(outcomes) == 1 else ()), units, smoothed]))
    for line in lines if len(outcomes) > 1 else ():
        line.set_label(f"{line.get_gid()}: {str(line.get_label()).removeprefix(f'{line.get_gid()}: ')}")


@door()
def run(
    scenario: Source = "teaching-town", *, days: int | None = None, seed: int | None = None,
    parameters: Mapping[str, Any] | None = None, settings: Mapping[str, Any] | None = None,
    interventions: Interventions | None = None, ledger: bool = False, events: bool = False,
) -> RunAnswer:  # fmt: skip
    """Run a scenario; the first six arguments are those of `load_scenario`.

    `ledger`, `events`: keep a row per need; keep every event.
    """
    checked = load_scenario(
        scenario, days=days, seed=seed, parameters=parameters, settings=settings, interventions=interventions
    )
    return RunAnswer(run_scenario(checked, ledger=ledger, events=events))


@dataclass(frozen=True, repr=False)
class ComparisonAnswer(Answer):
    """Scenarios beside a base, seed by seed; `comparison` holds all of it."""

    comparison: Comparison

    @property
    def title(self) -> str:
        """Base, alternatives and number of seeds."""
        names = ", ".join(one.label for one in self.comparison.alternatives)
        return f"{names} against {self.comparison.base.name}, {len(self.comparison.seeds)} paired seeds"

    def text(self) -> list[str]:
        """Return what the command prints."""
        return self.comparison.text()

    def frame(self) -> pd.DataFrame:
        """Return a row per alternative, outcome and area: means per day, difference, interval, verdict."""
        rows = self.comparison.tables.differences
        return table(rows, {row.outcome: row.unit for row in rows})

    def plot(self, outcome: str = "open_deals", *, ax: Axes | None = None) -> Axes:
        """Draw the change of an outcome in per cent with its 95 % interval, a row per alternative and area."""
        differences = self.comparison.tables.differences
        rows = [row for row in differences if row.outcome == outcome]
        if not rows:
            known = list(dict.fromkeys(row.outcome for row in differences))
            raise ScenarioError("no such outcome", key="outcome", value=outcome, remedy=nearest(outcome, known))
        labels = [f"{outcome}: {row.alternative}, {row.where}" for row in rows]
        columns = [[row.percent for row in rows], [row.percent_low for row in rows], [row.percent_high for row in rows]]
        return intervals(ax, labels, *columns, at=0.0, unit="modelled change, %")

    def save(self, folder: str | Path) -> Path:
        """Write comparison.json, the tables and the pictures into a folder, all or nothing, and return it."""
        from odssim.drawing.decision_figures import pictures

        write_result(self.comparison, Path(folder), pictures(self.comparison.decision))
        return Path(folder)


@door()
def compare(
    base: Source, *alternatives: Source | Interventions, seeds: int = 20, days: int | None = None,
    parameters: Mapping[str, Any] | None = None, settings: Mapping[str, Any] | None = None,
    objective: str = "open_deals", smallest: float = 0.05, workers: int | None = None,
) -> ComparisonAnswer:  # fmt: skip
    """Run scenarios beside a base, seed by seed.

    Parameters
    ----------
    alternatives
        Scenarios, or lists of interventions that are put on the base.
    days, parameters, settings
        For all of them, as for `load_scenario`.
    objective
        What is ranked: an outcome, or its worth too: ``"open_deals:250"`` (SEK a unit).
    smallest
        Smallest difference of interest, share of the base's mean.
    workers
        Processes; default one.

    Raises ScenarioError: if a scenario is wrong, or of another world than the base.
    """
    how: dict[str, Any] = {"days": days, "parameters": parameters}
    first, *others = [
        load_scenario(one, settings=settings, **how)
        if isinstance(one, Scenario | str | PathLike)
        else load_scenario(base, settings=_named(one, settings), interventions=one, **how)
        for one in (base, *alternatives)
    ]
    rules = Settings(parse_objective(objective), smallest)
    if workers is None or workers < 2:
        return ComparisonAnswer(_compared(first, others, seeds, rules))
    with local_pool(workers) as pool:
        return ComparisonAnswer(_compared(first, others, seeds, rules, executor=pool))


def _named(interventions: Interventions, settings: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return settings with the interventions' ids as the scenario's name."""
    return {**(settings or {}), "name": " + ".join(str(one.get("id")) for one in interventions) or "no interventions"}


def _compared(base: Scenario, others: Sequence[Scenario], seeds: int, rules: Settings, **how: Any) -> Comparison:
    if not others:
        raise ScenarioError("needs a base and an alternative or more", key="compare")
    return compare_scenarios(base, others, seeds=seeds, settings=rules, **how)
