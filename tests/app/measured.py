"""What the lessons' runs show, measured: `PYTHONPATH=tests python -m app.measured 12` prints it for twelve towns.

A lesson may claim only what this table shows; the tests hold the first town to it.
"""

import sys

from odssim.app.lessons import lessons
from odssim.app.moves import moves
from odssim.app.pane import DAY_MIN, Pane
from odssim.app.plan import Plan, city_of, scenario_of
from odssim.app.sources import shipped
from odssim.engine.run import simulate_past

WINDOW_DAYS = 28
KEYS = ("open_deals", "hidden_deals", "deals", "recorded", "fear_share", "cost_sek")


def steps():
    """Yield (lesson, number of the step, plan, last day) of all steps that run."""
    for lesson in lessons():
        plan = lesson["plan"]
        for number, step in enumerate(lesson["steps"]):
            plan = step["plan"] or plan
            if step["until_day"] is not None:
                yield lesson["id"], number, Plan.model_validate(plan), step["until_day"]


def measure(plan, until_day, seed=None):
    """Return the panes of a step at its end, and where the deals of A went in B (None without B)."""
    source, city = shipped()[plan.world], city_of(shipped()[plan.world])
    seed = plan.seed if seed is None else seed
    past = simulate_past(scenario_of(source, seed, (), city), city)
    panes = {}
    for name, wishes in (("a", plan.a), ("b", plan.b)):
        if wishes is not None:
            panes[name] = Pane(scenario_of(source, seed, wishes, city), city, past)
            panes[name].advance(until_day * DAY_MIN)
    if "b" not in panes:
        return panes, None
    return panes, moves(panes["a"].run, panes["b"].run, panes["a"].run.clockwork.now // DAY_MIN - WINDOW_DAYS)


def mean(pane, key):
    """Return the mean of the last four weeks."""
    rows = [row[key] for row in pane.rows[-WINDOW_DAYS:]]
    return sum(rows) / len(rows)


def main(n_seeds):
    """Print the table."""
    for lesson, number, plan, until_day in steps():
        for seed in range(1, n_seeds + 1):
            panes, followed = measure(plan, until_day, seed)
            shown = {name: {key: round(mean(pane, key), 3) for key in KEYS} for name, pane in panes.items()}
            print(lesson, number + 1, "seed", seed, shown, {k: v for k, v in (followed or {}).items() if k != "arrows"})


if __name__ == "__main__":
    main(int(sys.argv[1]))
