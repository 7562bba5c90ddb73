"""Map, card, charts and difference show one number: the mean of the last seven days, as the records hold it."""

import asyncio
import json

import numpy as np
import pytest

from odssim.app import figures
from odssim.app.messages import read_request
from odssim.app.session import Session
from odssim.app.sources import shipped
from odssim.app.viewer import Viewer
from odssim.observe.result import RunResult
from odssim.observe.scenes import WINDOW_DAYS, clusters, scene_cells
from odssim.world.codes import PLACE_TALLIES

PATIENCE_S = 300
PLACE, START = 701, 1
DAYS, MINUTES = 8, 60
PATROL = {"type": "fifteen_minute_patrol", "day": START, "places": [PLACE], "options": {"visits_per_day": 8}}
EXACT = 1e-3
"""Numbers are sent with four decimals."""


class Page:
    """What a browser knows after the messages that it got."""

    def __init__(self):
        self.rows, self.glow, self.scenes = {"a": [], "b": []}, {}, {}

    def take(self, parts):
        for part in parts:
            note = json.loads(part) if isinstance(part, str) else {"is": "frame"}
            if note["is"] == "day":
                name = note["pane"]
                kept = 0 if note["reset"] else note["first"]
                self.rows[name] = self.rows[name][:kept] + note["rows"]
                self.glow[name], self.scenes[name] = dict(map(tuple, note["glow"])), note["scenes"]


def recorded(run, names, place=None):
    """Return the mean a day of some tallies in the last seven records, of a place or of all: counted here anew."""
    wanted = [PLACE_TALLIES.index(name) for name in names]
    here = lambda r: (r.place == place) | (place is None)  # noqa: E731
    days = [int(r.value[np.isin(r.tally, wanted) & here(r)].sum()) for r in run.recorder.days[-7:]]
    return sum(days) / len(days) if days else 0.0


def compare(session, page, name):
    run = session.panes[name][1].run
    glow, n_days = page.glow[name], min(7, len(run.recorder.days))
    busiest = [scene["place"] for scene in page.scenes[name]] if session.minute % 1440 == 0 else []
    for place in (PLACE, *busiest):
        card = session._card(name, place)
        truth = recorded(run, ["open_deals"], place)
        assert glow.get(place, 0.0) == pytest.approx(truth, abs=EXACT)
        assert card["week"]["deals"] == pytest.approx(truth, abs=EXACT)
        assert card["tries"]["open_deals"] == card["counts"]["open_deals"] == pytest.approx(n_days * truth)
        assert card["counts"]["stops"] == pytest.approx(n_days * recorded(run, ["stops"], place))
        assert card["week"]["recorded"] == pytest.approx(recorded(run, figures.RECORDED, place), abs=EXACT)
    if page.rows[name]:
        week = page.rows[name][-1]["week"]
        assert week["open_deals"] == pytest.approx(recorded(run, ["open_deals"]), abs=EXACT)
        assert week["open_deals"] == pytest.approx(sum(glow.values()), abs=0.05)
        series = RunResult(run.scenario, run.city, 0, past=[], days_kept=run.recorder.days[-7:]).city_series
        for key in figures.SERIES:
            assert week[key] == pytest.approx(np.nanmean(series[key]), abs=EXACT)
        assert week["recorded"] == pytest.approx(sum(np.mean(series[key]) for key in figures.RECORDED), abs=EXACT)
        assert week["deals"] == pytest.approx(week["open_deals"] + week["hidden_deals"], abs=2 * EXACT)
    check_scenes(run, page.scenes[name], glow)


def check_scenes(run, scenes, glow):
    """The ring is what ninety days make it; its number and its rank are of seven."""
    by_day = figures.result_upto(run, WINDOW_DAYS).open_deals_by_day
    groups = clusters(run.city.place_cell, run.city.width, scene_cells(by_day))
    assert sorted(tuple(scene["places"]) for scene in scenes) == sorted(groups)
    for scene in scenes:
        assert scene["deals"] == pytest.approx(sum(glow.get(p, 0.0) for p in scene["places"]), abs=EXACT)
        assert glow[scene["place"]] == max(glow.get(p, 0.0) for p in scene["places"])
    assert [scene["deals"] for scene in scenes] == sorted((scene["deals"] for scene in scenes), reverse=True)


async def play(world, seed, days):
    """Play two worlds hour by hour; compare at each what a browser shows."""
    session, viewer, page = Session(shipped()), Viewer(), Page()
    session.viewers.append(viewer)
    session.start()

    async def ask(request):
        await session.answer(viewer, read_request(json.dumps(request)))

    await ask({"do": "open", "plan": {"world": world, "seed": seed, "b": [PATROL]}, "minute": 0})
    hours, fell = 0, []
    async with asyncio.timeout(PATIENCE_S):
        for minute in range(0, days * 1440 + 1, MINUTES):
            await ask({"do": "seek", "minute": minute})
            while session.plan is not session.built or session.minute != minute or session.busy is not None:
                await asyncio.sleep(0.001)
            page.take(await session.news_for(viewer))
            for name in ("a", "b"):
                compare(session, page, name)
            hours += 1
            fell.append(page.glow["b"].get(PLACE, 0.0) - page.glow["a"].get(PLACE, 0.0))
    session.close()
    return hours, fell


def test_map_card_and_charts_agree_at_every_hour():
    hours, fell = asyncio.run(play("town", 1, DAYS))
    assert hours == DAYS * 24 + 1
    assert fell[START * 24] == 0.0
    assert fell[-1] < -1.0  # a week after its start the patrol shows in full, not thinned by the days before it


def test_a_world_without_a_past_counts_the_days_that_there_are():
    hours, _ = asyncio.run(play("new-town", 1, 3))
    assert hours == 3 * 24 + 1


def test_the_mean_of_a_week():
    assert figures.week_mean(np.arange(10.0)) == np.mean(np.arange(3.0, 10.0))
    assert figures.week_mean(np.array([1.0, np.nan, 3.0])) == 2.0
    assert np.isnan(figures.week_mean(np.array([np.nan])))
