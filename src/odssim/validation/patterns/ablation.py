"""The ablation table: each pattern with its mechanism switched off, in the teaching town, seed by seed."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from odssim.analysis.statistics.intervals import difference_estimate
from odssim.scenario.records import Scenario
from odssim.validation.patterns.bands import page_of
from odssim.validation.patterns.campaign import TOWN, Job, Progress, chosen, findings_of, run_jobs, shipped
from odssim.validation.patterns.findings import Finding, Off
from odssim.validation.patterns.seeds import with_sets

SHIPPED = "as shipped"


@dataclass(frozen=True)
class Ablation:
    """One row of a pattern with a mechanism off, beside the same seeds with it on."""

    off: Off
    shipped: Finding
    without: Finding

    @property
    def moved(self) -> str:
        """Whether the seeds agree that the value is another: the paired 95 % interval leaves out 0."""
        difference = difference_estimate(np.array(self.without.by_seed) - np.array(self.shipped.by_seed))
        if self.shipped.by_seed == self.without.by_seed:
            return "the same"
        if difference.low is None or difference.high is None:
            return "no interval"
        return "lower" if difference.high < 0 else "higher" if difference.low > 0 else "not clear"

    def record(self) -> dict[str, Any]:
        """Return everything as plain values."""
        row = self.shipped.record()
        return {
            "id": row["id"], "pattern": row["pattern"], "off": self.off.what,
            "sets": ", ".join(f"{id_}={value:g}" for id_, value in self.off.sets), "city": row["city"],
            "n_seeds": row["n_seeds"], "shipped": self.shipped.value, "without": self.without.value, "low": self.without.low,
            "high": self.without.high, "moved": self.moved, "band_low": row["band_low"], "band_high": row["band_high"],
            "verdict_shipped": self.shipped.verdict, "verdict_without": self.without.verdict,
        }  # fmt: skip


def ablate(
    scenario: Scenario | None = None, *, seeds: int = 8, patterns: list[str] | None = None,
    overrides: list[str] | None = None, workers: int | None = None, progress: Progress | None = None,
    kept: Path | None = None,
) -> list[Ablation]:  # fmt: skip
    """Return the table: for each pattern every mechanism of its page off, in `scenario` or the teaching town.

    The mechanism is off from the first simulated day, the burn-in included.
    """
    base = scenario or shipped(TOWN, overrides or ())
    wanted = chosen(patterns)
    offs = [(p, off) for p in wanted for off in page_of(p).offs]
    names = {(p, off.what): f"{p}: {off.what}" for p, off in offs}
    seeds_of = range(base.seed, base.seed + seeds)
    jobs = [Job(SHIPPED, base, seed, wanted) for seed in seeds_of]
    jobs += [Job(names[p, off.what], with_sets(base, off.sets), seed, (p,)) for p, off in offs for seed in seeds_of]
    found = run_jobs(jobs, workers, progress, kept)
    city = base.city if isinstance(base.city, str) else base.name
    on = {finding.row.key: finding for finding in findings_of(city, found[SHIPPED])}
    return [
        Ablation(off, on[finding.row.key], finding)
        for p, off in offs
        for finding in findings_of(city, found[names[p, off.what]])
    ]
