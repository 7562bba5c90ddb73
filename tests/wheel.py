"""The built wheel and sdist do the main job in environments of their own, from a folder that is not the project's.

`make wheel`. What is built lies in `dist`. Each is installed without the project beside it, from the pinned lists.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DIST = ROOT / "dist"
SHIPPED = ("scenarios/stockholm-city.toml", "experiments/two-scenes.toml", "ODD.md")
NEEDED = tuple(f"odssim/shipped/{name}" for name in SHIPPED)
SHORT = ("--days", "7", "--set", "burn_in_days=7")
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("--version",), ("doctor",), ("catalogue", "cameras"), ("where", "seller", "leaves"), ("parameters", "loyalty"),
    ("run", "teaching-town", *SHORT), ("report", "results/teaching-town"), ("run", "own.toml"),
    ("design", "check", "two-scenes"), ("batch", "patrol-dose-town", "--dry-run"),
)  # fmt: skip
OWN = 'name = "own"\nextends = "fifteen-minute-town.toml"\ndays = 40\nburn_in_days = 7\npopulation_multiplier = 1\n'
SCRIPT = "import odssim; print(odssim.run('teaching-town', days=3, settings={'burn_in_days': 0}))"


def main() -> None:
    """Build, look into the wheel, and try both."""
    shutil.rmtree(DIST, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "hatchling", "build"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    (wheel,), (sdist,) = DIST.glob("*.whl"), DIST.glob("*.tar.gz")
    names = zipfile.ZipFile(wheel).namelist()
    assert set(NEEDED) <= set(names), set(NEEDED) - set(names)
    with tempfile.TemporaryDirectory() as folder:
        for built in (wheel, sdist):
            try_one(built, Path(folder) / built.suffix.lstrip("."))
    print(f"{wheel.name} and {sdist.name}: {len(COMMANDS)} commands and a line of Python each")


def try_one(built: Path, home: Path) -> None:
    """Install one and run everything in an empty folder."""
    subprocess.run([sys.executable, "-m", "venv", home], check=True)
    python, work = home / "bin" / "python", home / "work"
    pip = [python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--quiet"]
    subprocess.run([*pip, "--require-hashes", "-r", ROOT / "requirements" / "run.txt"], check=True)
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", built], check=True)
    work.mkdir()
    (work / "own.toml").write_text(OWN, encoding="utf-8")
    for words in COMMANDS:
        subprocess.run([home / "bin" / "odssim", *words], cwd=work, check=True, stdout=subprocess.DEVNULL)
    said = subprocess.run([python, "-c", SCRIPT], cwd=work, check=True, capture_output=True, text=True).stdout
    assert said == "<odssim: Teaching town, 3 days from 2018-01-01, seed 1>\n", said


if __name__ == "__main__":
    main()
