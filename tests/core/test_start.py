"""What a run reads before its first day, counted: a slower start is seen on any machine."""

import json
import subprocess
import sys

from architecture.source import PACKAGE, ROOT

COUNTING = """
import json, sys
from collections import Counter
from pathlib import Path

opened, read, read_bytes = Counter(), Counter(), Path.read_bytes
sys.addaudithook(lambda event, args: opened.update([str(args[0])]) if event == "open" else None)
Path.read_bytes = lambda path: read.update([str(path)]) or read_bytes(path)
from odssim.__main__ import main
try:
    main()
finally:
    print(json.dumps([opened, read]))
"""


def test_a_run_reads_each_table_of_its_city_once_and_each_source_twice_at_most(tmp_path):
    small = ("--days", "1", "--set", "burn_in_days=1", "--set", "population_multiplier=0.05")
    run = ("run", ROOT / "scenarios" / "stockholm-city.toml", *small, "--out", tmp_path / "out")
    said = subprocess.run([sys.executable, "-c", COUNTING, *run], capture_output=True, text=True, check=True).stdout
    opened, read = json.loads(said.splitlines()[-1])
    tables = {name: n for name, n in opened.items() if name.startswith(str(PACKAGE / "city" / "data"))}
    assert {name.rsplit("stockholm-city")[-1][1:] for name in tables} >= {"cells.csv", "land.csv", "frame.csv"}
    assert set(tables.values()) == {1}
    sources = {name: n for name, n in read.items() if name.endswith(".py")}
    assert max(sources.values()) == 2  # for the name of the compiled code, and for the key of the past
