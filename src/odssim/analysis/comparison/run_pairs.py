"""Run scenarios beside a base, seed by seed, as many seeds as are asked for or as a precision needs."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from functools import partial
from pathlib import Path

from odssim.analysis.comparison.contrast import SeedContrast, Window, contrasts, window_of
from odssim.analysis.comparison.placebo import placebo_place, placebo_scenario
from odssim.analysis.comparison.side_by_side import Comparison, side_by_side
from odssim.analysis.comparison.tables import Alternative, Settings
from odssim.analysis.decision.precision import precision_rows
from odssim.engine.comparable import first_difference
from odssim.engine.run import run_pair
from odssim.errors import ScenarioError, Sentence
from odssim.observe.result import RunResult
from odssim.scenario.records import Scenario

Progress = Callable[[int, int], None]
OfSeed = list[SeedContrast]
"""One contrast per alternative."""
BLOCK = 8
"""Seeds handed to workers at a time where a precision may stop the runs after any of them."""


def compare(
    base: Scenario,
    alternatives: Sequence[Scenario],
    *,
    seeds: int,
    max_seeds: int | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> Comparison:
    """Run every scenario with each of `seeds` seeds, from the base's own on, and compare pair by pair.

    Parameters
    ----------
    max_seeds
        With a precision in `settings`: from `seeds` on, go on seed by seed until it is reached, at most so far.
    settings
        What is ranked, what difference is of interest, how precisely differences are to be known.
    progress
        Called with (seeds done, seeds in all at most).
    executor
        Spreads the seeds over workers; results do not depend on it.

    Raises ScenarioError: if an alternative is of another world than the base (`engine.comparable`), or `max_seeds` is
    below `seeds`.
    """
    check_comparable(base, alternatives)
    rules = settings or Settings()
    most = seeds
    if rules.precision and max_seeds is not None:
        if max_seeds < seeds:
            raise ScenarioError("must be at least --seeds, {seeds}", key="--max-seeds", value=max_seeds, seeds=seeds)
        most = max_seeds
    numbers = range(base.seed, base.seed + most)
    windows = [window_of(base, one) for one in alternatives]
    labels = distinct([base.name, *(one.name for one in alternatives)])[1:]
    first = run_pair(base, alternatives, numbers[0])
    placebo, place = _placebo(base, first, windows)
    if placebo is not None:
        first.append(run_pair(base, [placebo], numbers[0])[1])
    found = [_contrasts(first, windows)]
    del first
    work = partial(run_seed, base, tuple(alternatives), placebo, windows)
    rest = _in_order(work, numbers[1:], executor, BLOCK if rules.precision else most)
    while True:
        if progress is not None:
            progress(len(found), most)
        if len(found) >= most or (len(found) >= seeds and rules.precision and known(found, labels, windows, rules)):
            break
        found.append(next(rest))
    columns = zip(labels, alternatives, windows, strict=True)
    sides = [
        Alternative(label, scenario, window, tuple(of_seed[k] for of_seed in found))
        for k, (label, scenario, window) in enumerate(columns)
    ]
    return side_by_side(base, numbers[: len(found)], sides, place, rules)


def _in_order(work: Callable[[int], OfSeed], numbers: range, executor: Executor | None, block: int) -> Iterator[OfSeed]:
    """Yield the work on each number in order, so that where it stops does not depend on the workers."""
    for first in range(0, len(numbers), block):
        part = numbers[first : first + block]
        yield from executor.map(work, part) if executor else map(work, part)


def known(found: Sequence[OfSeed], labels: Sequence[str], windows: Sequence[Window], rules: Settings) -> bool:
    """Return whether every difference is known as precisely as asked for; it may be asked after every seed."""
    for k, (label, window) in enumerate(zip(labels, windows, strict=True)):
        pairs = [(of_seed[k].base, of_seed[k].other) for of_seed in found]
        if not all(row.met for row in precision_rows(rules.precision, label, pairs, window.days)):
            return False
    return True


def check_comparable(base: Scenario, alternatives: Sequence[Scenario]) -> None:
    """Check that the needs of all scenarios are the same needs.

    Raises ScenarioError: naming the key in which an alternative differs.
    """
    for one in alternatives:
        key = first_difference(base, one)
        if key is not None:
            rule = Sentence("must be as in the base, {base}, to be compared with it", base=getattr(base, key))
            file = Path(one.files[-1]).name if one.files else None
            raise ScenarioError(rule, file=file, key=key, value=str(getattr(one, key)))


def distinct(names: Sequence[str]) -> list[str]:
    """Return the names, repeated ones with a number after them."""
    return [f"{name} ({names[:k].count(name) + 1})" if name in names[:k] else name for k, name in enumerate(names)]


def _placebo(base: Scenario, results: Sequence[RunResult], windows: Sequence[Window]) -> tuple[Scenario | None, str | None]:
    """Return the placebo and its place, chosen from the first seed's worlds."""
    placed = [(r, w) for r, w in zip(results[1:], windows, strict=True) if r.targets | results[0].targets]
    if not placed:
        return None, None
    window = min((w for _, w in placed), key=lambda w: w.first)
    place = placebo_place(results[0], [r for r, _ in placed], window)
    if place is None:
        return None, None
    name = results[0].city.place_name[place]
    return placebo_scenario(base, name, window), name


def run_seed(
    base: Scenario, alternatives: Sequence[Scenario], placebo: Scenario | None, windows: Sequence[Window], seed: int
) -> OfSeed:
    """Run all worlds of one seed and return one contrast per alternative."""
    extra = [] if placebo is None else [placebo]
    return _contrasts(run_pair(base, [*alternatives, *extra], seed), windows)


def _contrasts(results: Sequence[RunResult], windows: Sequence[Window]) -> OfSeed:
    """Reduce a seed's results: the base, one per window, and the placebo if there is one."""
    base, others = results[0], results[1 : 1 + len(windows)]
    placebo = results[1 + len(windows)] if len(results) > 1 + len(windows) else None
    return contrasts(base, others, placebo, windows)
