"""The event log and the ledger tell the same story as the counts, on disk and through the command line."""

import os
import subprocess
import sys
from collections import Counter

import numpy as np
import pyarrow.parquet as pq
import pytest

from engine.town import BURN_IN, HEAD, intervention, scenario
from odssim.engine.run import run_scenario
from odssim.world.codes import FATES, LOG

ENVIRONMENT = dict(os.environ)
"""With the user's cache, so that the command does not compile anew."""
COUNTED = {
    "need": ("needs",), "choice": ("choices",), "deal_open": ("open_deals",), "deal_hidden": ("hidden_deals",),
    "ripoff": ("ripoffs",), "visit": ("visits",), "visit_missed": ("visits_missed",), "stop": ("stops",),
    "tip": ("tips",), "arrest": ("arrests",), "recorded_sale": ("recorded_sale",), "overdose": ("overdoses",),
    "recorded_possession": ("recorded_possession",), "recorded_use": ("recorded_use",), "death": ("deaths",),
}  # fmt: skip


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    text = intervention("fifteen_minute_patrol")
    busy = {"purchase.ripoff_share": 0.3, "detection.hit_seller": 0.9, "patrol.stop_min": 2, "use.overdose_share": 0.05}
    sets = [f"parameters.{name}={value}" for name, value in busy.items()]
    return run_scenario(scenario(tmp_path_factory.mktemp("town"), text, *sets), ledger=True, events=True)


@pytest.mark.parametrize("line", COUNTED)
def test_lines_add_up_to_outcomes(town, line):
    n = int((town.events[:, 1] == LOG.index(line)).sum())
    assert n == sum(town.city_series[name].sum() for name in COUNTED[line])
    assert n > 0 or line in ("death", "visit_missed", "tip")


def test_grams_and_money_add_up(town):
    seized = town.events[town.events[:, 1] == LOG.index("seized")][:, 5].sum()
    assert seized / 1000 == pytest.approx(town.city_series["seized_g"].sum())
    for fate, name, money in (("open", "grams", "turnover_sek"), ("hidden", "hidden_grams", "hidden_turnover_sek")):
        rows = town.ledger[town.ledger["fate"] == FATES.index(fate)]
        assert rows["mg"].sum() / 1000 == pytest.approx(town.city_series[name].sum())
        assert rows["pay_ore"].sum() / 100 == pytest.approx(town.city_series[money].sum())


def test_every_need_has_one_row_and_one_fate(town):
    ledger = town.ledger
    keys = list(zip(ledger["buyer"].tolist(), ledger["day"].tolist(), ledger["i"].tolist(), strict=True))
    assert max(Counter(keys).values()) == 1
    came_due = ledger[ledger["minute"] >= 1440 * BURN_IN]
    assert len(came_due) == town.city_series["needs"].sum()
    assert (ledger["closed"] >= ledger["minute"]).all()
    assert (ledger["minute"] // 1440 == ledger["day"]).all()


def test_the_log_is_in_the_order_of_the_minutes_within_the_run(town):
    minutes = town.events[:, 0]
    assert (np.diff(minutes) >= 0).all()
    assert minutes[0] >= 1440 * BURN_IN


def test_the_command_line_writes_events_and_ledger(tmp_path):
    (tmp_path / "town.toml").write_text(HEAD, encoding="utf-8")
    command = [sys.executable, "-m", "odssim", "run", str(tmp_path / "town.toml"), "--days", "2", "--events", "--ledger"]
    done = subprocess.run([*command, "--out", str(tmp_path / "out")], capture_output=True, text=True, env=ENVIRONMENT)
    assert done.returncode == 0, done.stderr
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {
        "run.json", "summary.json", "outcomes.parquet", "places.parquet", "ledger.parquet", "events.parquet",
        "indicators.parquet", "map.png", "series.png", ".odssim-files",
    }  # fmt: skip
    events = pq.read_table(tmp_path / "out" / "events.parquet")
    assert events.column_names == ["minute", "event", "who", "place", "other", "value"]
    assert events["minute"].to_pylist() == sorted(events["minute"].to_pylist())
    assert set(events["event"].to_pylist()) <= set(LOG)
    outcomes = pq.read_table(tmp_path / "out" / "outcomes.parquet").to_pylist()
    deals = sum(r["value"] for r in outcomes if r["outcome"] == "open_deals" and r["place"] is None)
    assert events["event"].to_pylist().count("deal_open") == deals
