"""The same questions asked of odssim, of Mesa's `batch_run` and of SALib alone: time, memory, lines of user code, bias.

    python benchmarks/side_by_side.py      (make side-by-side)

All run the same compiled model on two processes, one after the other, from an empty store of pasts; the programs are
those in ``benchmarks/side_by_side/``. CPU seconds are of all processes, memory is the largest process. The bias is that of
a parameter that does nothing: in the model (a dummy; the true total index is nought), and in Sobol's g-function with
noise, whose indices are known.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from SALib.analyze import sobol as salib

from odssim.core.folders import cache_folder
from odssim.studies.sensitivity.design import pick_freeze
from odssim.studies.sensitivity.sobol import sobol_indices
from odssim.studies.study.batch import warm_up

HERE = Path(__file__).parent / "side_by_side"
SCENARIOS = Path(__file__).parents[1] / "scenarios"
TOWN, PATROL = (SCENARIOS / name for name in ("teaching-town.toml", "fifteen-minute-town.toml"))
ODSSIM = [sys.executable, "-m", "odssim"]
EFFECT = [
    [*ODSSIM, "batch", "effect.toml", "--workers", "2", "--store", "{store}"],
    [*ODSSIM, "compare", "--store", "{store}", "--json"],
]
MATTERS = [[*ODSSIM, "sensitivity", "matters.toml", "--method", "sobol", "--outcome", "hidden_deals", "--n", "32",
            "--workers", "2", "--store", "{store}", "--json"]]  # fmt: skip


def asked(commands: list[list[str]], code: str) -> dict[str, Any]:
    """Run commands one after the other and return what they took and what the last one printed."""
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(cache_folder() / "compiled", Path(folder, "compiled"))
        environment = {**os.environ, "ODSSIM_CACHE": folder}
        started, cpu_s, megabytes = time.perf_counter(), 0.0, 0.0
        for command in commands:
            words = [word.format(store=Path(folder, "s.sqlite")) for word in command]
            with Path(folder, "out").open("w+") as out:
                process = subprocess.Popen(words, cwd=HERE, env=environment, stdout=out)
                _, status, used = os.wait4(process.pid, 0)
                process.returncode = os.waitstatus_to_exitcode(status)
                assert process.returncode == 0, words
                out.seek(0)
                printed = out.read()
            cpu_s += used.ru_utime + used.ru_stime
            megabytes = max(megabytes, used.ru_maxrss / 1024)
        wall_s = time.perf_counter() - started
    lines = n_lines(HERE / code) + (len(commands) if code.endswith(".toml") else 0)
    return {"wall_s": wall_s, "cpu_s": cpu_s, "megabytes": megabytes, "lines": lines, "answer": json.loads(printed)}


def n_lines(file: Path) -> int:
    """Return the lines of a program or study that are neither empty nor a remark."""
    texts = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
    return sum(bool(text) and not text.startswith(("#", '"""')) for text in texts)


def effect_of(record: dict[str, Any]) -> dict[str, float]:
    """Return the difference in open deals of a comparison's record."""
    row = next(row for row in record["differences"] if row["outcome"] == "open_deals")
    return {"value": row["difference"], "low": row["low"], "high": row["high"]}


def dummy_of(record: dict[str, Any]) -> dict[str, float]:
    """Return the dummy's total index of a report's record."""
    row = next(row for row in record["indices"] if (row["parameter"], row["measure"]) == ("dummy", "ST"))
    return {name: row[name] for name in ("value", "low", "high")}


def noisy_g(n: int, replicates: int, seed: int) -> tuple[np.ndarray[Any, Any], list[str]]:
    """Return outcomes of the g-function (a = 0, 1, 4.5, 9) with noise of variance 0.25, and its parameters."""
    a, names = np.array([0.0, 1.0, 4.5, 9.0]), ["x1", "x2", "x3", "x4"]
    x = pick_freeze(n, 4, {name: [i] for i, name in enumerate(names)}, seed)
    f = np.prod((np.abs(4 * x - 2) + a) / (1 + a), axis=-1)
    return f[..., None] + 0.5 * np.random.default_rng(seed).normal(size=(*f.shape, replicates)), names


def bias_on_g(repetitions: int = 20) -> tuple[float, float]:
    """Return the mean total index of x4 (0.0105 in truth) by SALib and by odssim, from as many runs each."""
    found = []
    problem = {"num_vars": 4, "names": ["x1", "x2", "x3", "x4"], "bounds": [[0, 1]] * 4}
    for seed in range(repetitions):
        once, _ = noisy_g(1024, 1, seed)
        in_salibs_order = once[:, [0, 2, 3, 4, 5, 1], 0].ravel()
        naive = salib.analyze(problem, in_salibs_order, calc_second_order=False, num_resamples=2)["ST"][3]
        twice, names = noisy_g(512, 2, seed)
        fair = {i.parameter: i.value for i in sobol_indices(twice, names) if i.measure == "ST"}["x4"]
        found.append((float(naive), fair))
    salib_mean, odssim_mean = np.mean(found, axis=0)
    return float(salib_mean), float(odssim_mean)


def interval(answer: dict[str, float], digits: int) -> str:
    """Return a value with its interval."""
    value, low, high = (round(answer[name], digits) for name in ("value", "low", "high"))
    return f"{value} ({low} to {high})"


def main() -> None:
    """Ask, and print a table."""
    warm_up()
    rows = []
    for name, commands, code in (
        ("odssim batch, compare", EFFECT, "effect.toml"),
        ("mesa.batch_run", [[sys.executable, "by_mesa.py", str(TOWN), str(PATROL)]], "by_mesa.py"),
        ("odssim sensitivity", MATTERS, "matters.toml"),
        ("SALib alone", [[sys.executable, "by_salib.py", str(TOWN)]], "by_salib.py"),
    ):
        found = asked(commands, code)
        answer = found.pop("answer")
        if code.endswith(".toml"):
            answer = dummy_of(answer) if "indices" in answer else effect_of(answer)
        found["answer"] = interval(answer.get("dummy", answer), 2)
        rows.append({"asked of": name, **found})
        print(json.dumps(rows[-1]), file=sys.stderr, flush=True)
    print("| asked of | CPU s | wall s | largest process, MB | lines | answer |\n|---|---|---|---|---|---|")
    for row in rows:
        print(
            f"| {row['asked of']} | {row['cpu_s']:.0f} | {row['wall_s']:.0f} | {row['megabytes']:.0f} | "
            f"{row['lines']} | {row['answer']} |"
        )
    naive, fair = bias_on_g()
    print(f"\ng-function with noise, total index of x4 (0.0105 in truth): SALib alone {naive:.3f}, odssim {fair:.3f}")
    print(f"load of the machine meanwhile: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
