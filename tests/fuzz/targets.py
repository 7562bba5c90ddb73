"""What is fuzzed: small valid files of every kind that a user may give, and the command that reads each."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl

from city.template import FILES
from evaluation.designs import edited
from odssim.studies.study.shards import plan_shards

SCENARIOS = Path(__file__).parents[2] / "scenarios"
Files = dict[str, bytes]


@dataclass(frozen=True)
class Target:
    """A folder of valid files, the one of them that is changed, and the command that reads it."""

    files: Files
    changed: str
    command: tuple[str, ...]


SCENARIO = """\
name = "Fuzzed"
city = "teaching-town"
start_date = 2018-01-01
days = 30
burn_in_days = 10
seed = 1
substances = ["heroin", "cannabis"]

[parameters]
detection.conceal = 0.5

[[interventions]]
id = "patrol"
type = "fifteen_minute_patrol"
start = 2018-01-05
weeks = 2
resources = "added"
places = { rank = "open_deals", top = 3, at = 2018-01-04 }
"""
STUDY = """\
name = "Fuzzed"
scenario = "scenario.toml"
replicates = 1

[worlds]
method = "latin_hypercube"
n = 3
seed = 1

[worlds.parameters]
detection.conceal = { low = 0.2, high = 0.8 }

[[mixes]]
id = "none"
interventions = []

[[mixes]]
id = "patrol"
set = { "interventions.patrol.weeks" = 1 }
"""
TABLE_STUDY = 'name = "Fuzzed"\nscenario = "scenario.toml"\n[worlds]\nmethod = "table"\ntable = "worlds.{}"\n'
PAIRS_STUDY = 'name = "Fuzzed"\nscenario = "scenario.toml"\nscenarios = "pairs.csv"\n'
WORLDS = [("id", "detection.conceal", "days"), ("low", 0.3, 20), ("01", 0.6, 30)]
PROBLEM = {"names": ["detection.conceal", "dummy"], "bounds": [[0.2, 0.8], [0, 1]], "dists": ["unif", "unif"], "num_vars": 2}
DESIGN = edited(
    data__places="treated = 2\ncontrol = 2",
    data__timing="pre = 3\npost = 3",
    answer='primary = "wdd"',
    data='indicators = ["recorded_offences"]',
)
COUNTS = "place,period,count,arm,distance_m\n" + "".join(
    f"{arm} {j},2025-{t:02},{5 + t + j},{arm},{0 if arm == 'treated' else 1500}\n"
    for arm in ("treated", "control")
    for j in range(2)
    for t in range(1, 7)
)


def workbook() -> bytes:
    """A table of worlds as a workbook."""
    book, data = openpyxl.Workbook(), io.BytesIO()
    for row in WORLDS:
        book.active.append(row)
    book.save(data)
    return data.getvalue()


def targets() -> dict[str, Target]:
    """Return every target by name."""
    base = {"scenario.toml": SCENARIO.encode()}
    plan = ("batch", "plan", "study.toml", "--shards", "2", "--out", "shards")
    found = {"scenario": Target(base, "scenario.toml", ("show", "scenario.toml"))}
    studies: dict[str, tuple[str, Files]] = {
        "study": (STUDY, {}),
        "worlds.csv": (TABLE_STUDY.format("csv"), {"worlds.csv": b"id,detection.conceal,days\nlow,0.3,20\n01,0.6,30\n"}),
        "worlds.xlsx": (TABLE_STUDY.format("xlsx"), {"worlds.xlsx": workbook()}),
        "pairs.csv": (
            PAIRS_STUDY, {"pairs.csv": b"id,scenario,interventions.patrol.weeks\na,scenario.toml,\nb,scenario.toml,1\n"},
        ),
        "problem.json": (
            'name = "Fuzzed"\nscenario = "scenario.toml"\n[worlds]\nmethod = "sobol"\nn = 4\nproblem = "problem.json"\n',
            {"problem.json": json.dumps(PROBLEM).encode()},
        ),
    }  # fmt: skip
    for name, (text, files) in studies.items():
        found[name] = Target({**base, "study.toml": text.encode(), **files}, next(iter(files), "study.toml"), plan)
    town = {name: text.encode() for name, text in FILES.items()}
    town["scenario.toml"] += b'known_activity = "known.csv"\n' if b"[city]" not in town["scenario.toml"] else b""
    for name in town:
        if name.endswith((".toml", ".csv", ".geojson")):
            found[f"city {name}"] = Target(town, name, ("city", "check", "."))
    counts = {"design.toml": DESIGN.encode(), "counts.csv": COUNTS.encode()}
    found["design"] = Target(counts, "design.toml", ("design", "check", "design.toml"))
    found["counts"] = Target(counts, "counts.csv", ("estimate", "counts.csv", "--design", "design.toml"))
    return found


def shard_targets(folder: Path) -> dict[str, Target]:
    """Return targets whose files are those of a study in shards, planned in `folder`."""
    study = {"scenario.toml": SCENARIO.encode(), "study.toml": STUDY.encode()}
    for name, data in study.items():
        (folder / name).write_bytes(data)
    plan_shards(folder / "study.toml", 2, folder / "shards")
    files = study | {f"shards/{file.name}": file.read_bytes() for file in (folder / "shards").glob("*.json")}
    merge, work = ("batch", "merge", "shards", "--store", "m.sqlite"), ("batch", "work", "shards", "1")
    return {
        "plan.json": Target(files, "shards/plan.json", merge),
        "shard-0001.json": Target(files, "shards/shard-0001.json", work),
    }


def run_targets(folder: Callable[[], Path]) -> dict[str, Target]:
    """Return targets whose files are those of a run: results that are read again."""
    files = {f"run/{file.name}": file.read_bytes() for file in sorted(folder().iterdir()) if file.is_file()}
    return {
        f"{command} {name}": Target(files, f"run/{name}", (command, "run"))
        for command in ("scenes", "report", "replay")
        for name in ("run.json", "summary.json", "outcomes.parquet")
        if f"run/{name}" in files
    }
