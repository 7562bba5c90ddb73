"""How well two workers use two cores: the same study with one and with two workers, side by side.

    python benchmarks/batch.py [PAIRS]

Each pair runs one after the other in fresh stores; the first run of all warms the compiled engine. Start-up counts:
it is part of a batch. Where other programs use the machine, wall time says little; the CPU seconds beside it say
what two workers cost more than one.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

from odssim.studies.study import load_study, run_study
from odssim.studies.study.batch import warm_up

STUDY = Path(__file__).parents[1] / "experiments" / "patrol-dose-town.toml"
REPLICATES = 10


def measure(workers: int) -> tuple[float, float]:
    """Return wall and CPU seconds (this process and its workers) of a batch."""
    study = replace(load_study(STUDY), n_replicates=REPLICATES)
    with tempfile.TemporaryDirectory() as folder:
        before, started = os.times(), time.perf_counter()
        summary = run_study(study, Path(folder, "s.sqlite"), workers=workers)
        wall_s, after = time.perf_counter() - started, os.times()
    assert summary.n_done == study.n_runs
    return wall_s, sum(after[:4]) - sum(before[:4])


def main(pairs: int) -> None:
    """Print medians over interleaved pairs, and the share of two cores that two workers use."""
    warm_up()
    found = [(measure(1), measure(2)) for _ in range(pairs)]
    one, two = ([median(pair[k][i] for pair in found) for i in (0, 1)] for k in (0, 1))
    shares = sorted(pair[0][0] / (2 * pair[1][0]) for pair in found)
    print(json.dumps({
        "runs": load_study(STUDY).n_runs // 2 * REPLICATES, "pairs": pairs,
        "one_worker_wall_s": one[0], "two_workers_wall_s": two[0],
        "one_worker_cpu_s": one[1], "two_workers_cpu_s": two[1],
        "share_of_two_cores": median(shares), "lowest": shares[0], "highest": shares[-1],
        "load_average": os.getloadavg()[0],
    }, indent=1))  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
