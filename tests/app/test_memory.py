"""A town that is no longer shown leaves memory: a session may change its plan as often as it likes.

As a program (`make plans`): a thousand changes, one line each hundred.
"""

import asyncio
import gc
import json
import sys
import weakref
from pathlib import Path

import pytest

from odssim.app.messages import read_request
from odssim.app.session import Session
from odssim.app.sources import shipped
from odssim.app.viewer import Viewer

STATM = Path("/proc/self/statm")
MOST_MB = 600
"""Memory above the start, whatever the number of changes."""
WARM, FEW = 8, 32
MOST_MB_OF_FEW = 80
"""Thirty-two towns that stay would be some 250 MB."""


def resident_mb():
    return int(STATM.read_text().split()[1]) * 4096 / 1e6


def plan(k, world):
    """Return a plan unlike those before it: places, days, seeds, one pane or two."""
    wish = {"type": "fifteen_minute_patrol", "day": k % 5, "places": [700 + k % 3], "weeks": 1 + k % 7}
    return {"world": world, "seed": 1 + k % 3, "a": [wish] if k % 4 == 0 else [], "b": [wish] if k % 2 else None}


async def change(n, world, tell):
    """Change the plan `n` times; return the memory after each, MB."""
    session, viewer, sizes = Session(shipped()), Viewer(), []
    session.viewers.append(viewer)
    session.start()
    for k in range(n):
        minute = 1440 * (3 + k % 4)
        request = {"do": "open", "plan": plan(k, world), "minute": minute}
        await session.answer(viewer, read_request(json.dumps(request)))
        async with asyncio.timeout(60):
            while session.plan is not session.built or session.minute != minute or session.busy is not None:
                await asyncio.sleep(0.001)
        await session.news_for(viewer)
        assert not [note for note in viewer.notes if note["is"] == "error"]
        sizes.append(resident_mb())
        tell(k, sizes)
    session.close()
    return sizes


@pytest.mark.skipif(not STATM.exists(), reason="memory is read from /proc")
def test_plans_one_after_another_take_no_more_memory():
    sizes = asyncio.run(change(WARM + FEW, "new-town", lambda *_: None))
    assert sizes[-1] - sizes[WARM] < MOST_MB_OF_FEW


def test_towns_are_gone_without_the_collector():
    """Arrays are few objects: Python's collector hardly ever comes by for them."""

    async def story():
        session, viewer = Session(shipped()), Viewer()
        session.viewers.append(viewer)
        session.start()
        panes = []
        for k in (0, 1):
            request = {"do": "open", "plan": {"world": "new-town", "seed": k}, "minute": 1440}
            await session.answer(viewer, read_request(json.dumps(request)))
            async with asyncio.timeout(60):
                while not await session.news_for(viewer):
                    await asyncio.sleep(0.01)
            panes.append(weakref.ref(session.panes["a"][1].run))
        first_gone = panes[0]() is None
        session.close()
        return first_gone, panes[1]

    gc.collect()
    gc.disable()
    try:
        first_gone, second = asyncio.run(story())
        assert first_gone
        assert second() is None
    finally:
        gc.enable()


def main(n=1000):
    """Change the plan of the teaching town `n` times and say what it took."""

    def tell(k, sizes):
        if k % 100 == 0 or k == n - 1:
            print(f"change {k + 1}: {sizes[-1]:.0f} MB, {sizes[-1] - sizes[0]:+.0f} since the first", flush=True)

    start = resident_mb()
    most = max(asyncio.run(change(n, "town", tell))) - start
    print(f"at most {most:.0f} MB above the start")
    return most <= MOST_MB


if __name__ == "__main__":
    sys.exit(not main(*map(int, sys.argv[1:])))
