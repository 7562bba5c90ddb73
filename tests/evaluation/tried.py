"""Small designs that are tried in tests."""

from pathlib import Path

from odssim.evaluation.design.design_file import Design, load_design
from odssim.evaluation.trial.score import Setup, columns_of, score_batch, setup_of

BASE = """
[design]
id = "small"
[world]
kind = "market"
worlds = 100
seed = 3
[market]
{market}
[data]
indicators = {indicators}
places = {{ {places} }}
timing = {{ {timing} }}
{data}
[answer]
{answer}
{rest}
"""
DEFAULTS = {
    "market": "effect = 0.3", "indicators": '["recorded_offences"]', "places": "treated = 6, control = 6, buffer_m = [250]",
    "timing": "pre = 12, post = 12", "data": "", "answer": 'primary = "poisson_did"', "rest": "",
}  # fmt: skip


def write_design(folder: Path, kind: str = "market", **parts: str) -> Path:
    """Write a design file in which some parts differ from the defaults."""
    path = folder / "design.toml"
    path.write_text(BASE.replace('"market"', f'"{kind}"').format(**DEFAULTS | parts), encoding="utf-8")
    return path


def small(folder: Path, kind: str = "market", **parts: str) -> Design:
    return load_design(write_design(folder, kind, **parts))


def scores(design: Design, n_batches: int = 2, *conditions: str):
    """Return all scores of some batches, under the named conditions only."""
    setup = setup_of(design)
    if conditions:
        kept = tuple(c for c in setup.conditions if c.id in conditions)
        assert len(kept) == len(conditions)
        setup = Setup(setup.design, setup.plan, kept, setup.indicators, setup.estimators)
    return columns_of([table for batch in range(n_batches) for table in score_batch(setup, batch)])
