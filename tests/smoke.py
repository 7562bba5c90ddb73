"""The main commands on every supported Python that this machine has: each must pass, and all must write the same bytes.

`make smoke`. The environment that runs this file is the one of the full tests; every other supported Python found
here gets an environment of its own beside it, from the same pinned list. A Python that is not here is named.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from hashlib import blake2b
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SUPPORTED = ("3.12", "3.13")
"""The classifiers of pyproject.toml."""
SHORT = ("--days", "7", "--set", "burn_in_days=7")
TOWN, PATROL = "scenarios/teaching-town.toml", "scenarios/fifteen-minute-town.toml"
DESIGN = "experiments/two-scenes.toml"
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("--version",),
    ("doctor",),
    ("run", TOWN, *SHORT, "--ledger", "--events", "--out", "{out}/run"),
    ("report", "{out}/run"),
    ("compare", TOWN, PATROL, "--seeds", "2", "--days", "45", "--out", "{out}/compare"),
    ("batch", "experiments/patrol-dose-town.toml", "--dry-run"),
    ("design", "check", DESIGN),
    ("design", "plan", DESIGN, "--out", "{out}/plan"),
    ("catalogue", "fifteen_minute_patrol"),
    ("show", PATROL, "--resolved"),
)
TABLES = ("*.parquet", "summary.json", "*.csv")
"""What must be the same bytes; run.json names the Python."""


def python_of(version: str) -> str | None:
    """Return an interpreter of a version that runs and can make environments, or None."""
    homes = (Path.home() / ".pyenv" / "versions").glob(f"{version}*/bin/python3")
    for found in (shutil.which(f"python{version}"), *map(str, homes)):
        test = f"import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != tuple(map(int, '{version}'.split('.'))))"
        if found and subprocess.run([found, "-c", test], capture_output=True).returncode == 0:
            return found
    return None


def environment(version: str) -> str | None:
    """Return the Python of an environment with what odssim needs, made once; None where there is no such Python."""
    if sys.version_info[:2] == tuple(map(int, version.split("."))):
        return sys.executable
    home = ROOT / f".venv-{version}"
    python, done, pins = home / "bin" / "python", home / "done", ROOT / "requirements" / "run.txt"
    if not done.is_file() or done.stat().st_mtime < pins.stat().st_mtime:
        found = python_of(version)
        if found is None:
            return None
        pip = [python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--quiet"]
        subprocess.run([found, "-m", "venv", "--clear", home], check=True)
        subprocess.run([*pip, "--require-hashes", "-r", pins], check=True)
        subprocess.run([*pip, "--no-deps", "--no-build-isolation", "--editable", ROOT], check=True)
        done.touch()
    return str(python)


def failures(python: str, out: Path) -> list[str]:
    """Run the commands with one Python; return those that failed, with the end of what they said."""
    failed = []
    for command in COMMANDS:
        words = [word.format(out=out) for word in command]
        ended = subprocess.run([python, "-m", "odssim", *words], cwd=ROOT, capture_output=True, text=True)
        if ended.returncode:
            failed.append(f"{' '.join(words)}: exit code {ended.returncode}\n{ended.stderr[-2000:]}")
    return failed


def digests(out: Path) -> dict[str, str]:
    """Return a digest of every table written."""
    files = sorted(path for pattern in TABLES for path in out.rglob(pattern))
    return {str(f.relative_to(out)): blake2b(f.read_bytes(), digest_size=16).hexdigest() for f in files}


def main() -> None:
    """Print a line per Python; end with 1 if a command failed or a table differs."""
    found: dict[str, dict[str, str]] = {}
    n_failed = 0
    os.environ.pop("PYTHONPATH", None)
    for version in SUPPORTED:
        python = environment(version)
        if python is None:
            print(f"Python {version}: not on this machine, skipped")
            continue
        with tempfile.TemporaryDirectory() as folder:
            faults = failures(python, Path(folder))
            found[version] = digests(Path(folder))
        n_failed += len(faults)
        print(f"Python {version}: {len(COMMANDS) - len(faults)} of {len(COMMANDS)} commands passed", *faults, sep="\n")
    first = next(iter(found.values()))
    for version, tables in found.items():
        other = sorted(name for name in first.keys() | tables.keys() if first.get(name) != tables.get(name))
        n_failed += len(other)
        print(*(f"Python {version}: other bytes in {name}" for name in other), sep="\n", end="\n" if other else "")
    print(f"{len(first)} tables compared")
    sys.exit(1 if n_failed or not first else 0)


if __name__ == "__main__":
    main()
