"""One browser that watches a session: what it has seen, what waits for it."""

import asyncio
from collections import deque
from typing import Any
from weakref import ReferenceType, ref

from odssim.app.messages import as_text, frame
from odssim.app.pane import DAY_MIN, Pane

MOST_NOTES = 50
"""Notes that wait for a browser; of more, the oldest are dropped."""


class Viewer:
    """What one browser has seen of the session's panes; a slow one sees fewer frames, never a wrong one."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self.news = asyncio.Event()
        self.notes: deque[dict[str, Any]] = deque(maxlen=MOST_NOTES)
        self.ready = True
        self.new_day = False
        self._world: Any = None
        self._panes: dict[str, tuple[ReferenceType[Pane], int, int, int]] = {}  # who reads slowly keeps no town alive

    def tell(self, note: dict[str, Any]) -> None:
        """Put a note in the browser's pigeonhole."""
        self.notes.append(note)
        self.news.set()

    def world_news(self, world: dict[str, Any]) -> list[str | bytes]:
        """Return the town, if it is not the one that the browser has."""
        if world is self._world:
            return []
        self._world, self._panes = world, {}
        return [as_text(world)]

    def pane_news(self, number: int, name: str, pane: Pane) -> list[str | bytes]:
        """Return the days and dots of a pane that the browser has not seen."""
        known, rows, day, update = self._panes.get(name, (None, 0, -1, 0))
        reset = known is None or known() is not pane
        if reset:
            rows, day, update = 0, -1, 0
        parts: list[str | bytes] = []
        today = pane.minute // DAY_MIN
        self.new_day = day != today
        if self.new_day:
            parts.append(as_text({"is": "day", "pane": name, "reset": reset, **pane.news(rows)}))
        if update != pane.dots.update_no:
            parts.append(frame(number, pane.minute, pane.run.clockwork.now, pane.dots, update))
        self._panes[name] = (ref(pane), len(pane.rows), today, pane.dots.update_no)
        return parts
