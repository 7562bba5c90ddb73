"""Sabotage the rules one slip at a time and see whether the twin notices; run by hand, not in CI.

    python tests/reference/sabotage.py [WORD ...]

Each mutant (all, or those whose rule or text holds a WORD) is compiled in a copy of the source tree,
which takes half a minute, and compared with the twin on the first worlds. Survivors are printed last.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parent.parent / "src"
N_WORLDS = 50
KILLED, SURVIVED, STALE = 10, 0, 20
WORDS = {KILLED: "killed", SURVIVED: "SURVIVED", STALE: "STALE"}

sys.path.insert(0, str(HERE.parent))


def check() -> int:
    """Compare the engine on the path with the twin, world by world, until they differ."""
    from odssim.world.state import copy_state
    from reference.compare import compare, compare_tallies, run_engine
    from reference.model import TwinModel
    from reference.worlds import make_world

    for k in range(N_WORLDS):
        state, n_days = make_world(k)
        twin = TwinModel(state)
        twin.run(n_days)
        engine_state = copy_state(state)
        log, place_tally, city_tally = run_engine(engine_state, n_days)
        found = compare(engine_state, log, twin) or compare_tallies(place_tally, city_tally, twin)
        if found:
            print(f"world {k}, minute {found.minute}: {found.name}.{found.column}, {found.uid}")
            return KILLED
    return SURVIVED


def attempt(source: Path, rule: str, old: str, new: str) -> tuple[int, str]:
    """Compile the tree with one replacement and check it; an engine that stops or crashes is noticed too."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "src"
        shutil.copytree(source, tree)
        if rule:
            file = tree / "odssim" / "rules" / f"{rule}.py"
            text = file.read_text(encoding="utf-8")
            if text.count(old) != 1:
                return STALE, f"the text occurs {text.count(old)} times"
            file.write_text(text.replace(old, new), encoding="utf-8")
        settings = {
            "PYTHONPATH": str(tree),
            "ODSSIM_CACHE": str(Path(folder) / "cache"),
            "NUMBA_OPT": "0",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        done = subprocess.run(
            [sys.executable, str(HERE / "sabotage.py"), "--check"],
            env=os.environ | settings, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode in WORDS:
            return done.returncode, done.stdout.strip()
        last = (done.stderr.strip().splitlines() or ["the engine crashed"])[-1]
        return (KILLED if done.returncode < 0 or "EngineError" in last else STALE), last


def main(words: list[str]) -> int:
    """Freeze the tree as it is now, then try the mutants on copies of it; `kill` cleans up too."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "src"
        shutil.copytree(SOURCE, source, ignore=shutil.ignore_patterns("__pycache__"))
        return sabotage(source, words)


def sabotage(source: Path, words: list[str]) -> int:
    from reference.mutants import MUTANTS

    code, where = attempt(source, "", "", "")
    if code != SURVIVED:
        print(f"engine and twin differ without any mutant: {where}")
        return 1
    chosen = [m for m in MUTANTS if not words or any(word in " ".join(m) for word in words)]
    survivors = []
    for number, mutant in enumerate(chosen, 1):
        code, where = attempt(source, *mutant)
        line = f"{WORDS[code]:9} {mutant.rule:12} {mutant.old.strip()!r} -> {mutant.new!r} ({where})"
        print(f"{number:3}/{len(chosen)} {line}", flush=True)
        if code != KILLED:
            survivors.append(line)
    print(f"{len(chosen) - len(survivors)} of {len(chosen)} mutants killed", *survivors, sep="\n")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(check() if sys.argv[1:] == ["--check"] else main(sys.argv[1:]))
