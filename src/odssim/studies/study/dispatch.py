"""Hands groups of runs to an executor in chunks of about two seconds, and again where a worker was lost.

It knows nothing of what is run: `work` is any function of a list of groups. Which group goes into which
chunk decides nothing but the time it takes.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass
from typing import Any

from odssim.errors import OdssimError
from odssim.studies.study.workers import BrokenEngineError, LocalWorkers

CHUNK_S = 2.0
"""Work of one chunk, seconds: long beside what handing it over costs, short beside what a kill loses."""
SPLIT_AFTER, STRIKES = 2, 3
"""How often a chunk is lost with its worker before it is split, and a single run before it is given up."""

Group = Sequence[Any]
"""Runs that share a past. A run is anything; a chunk that is lost again and again is cut down to one."""


@dataclass
class Chunk:
    """Groups that one worker does in one go, and how often it has been lost with its worker."""

    groups: list[Group]
    cost: float
    strikes: int = 0

    def split(self) -> list[Chunk]:
        """Return two halves with fresh strikes: by groups, or within the only group."""
        if len(self.groups) > 1:
            parts = [self.groups[: len(self.groups) // 2], self.groups[len(self.groups) // 2 :]]
        else:
            only = self.groups[0]
            parts = [[only[: len(only) // 2]], [only[len(only) // 2 :]]]
        return [Chunk(part, self.cost / 2) for part in parts]

    @property
    def is_single(self) -> bool:
        """Whether it is one run."""
        return len(self.groups) == 1 and len(self.groups[0]) == 1


class Dispatcher:
    """One pass over groups of runs.

    Parameters
    ----------
    work
        Called in a worker with what `pack` makes of a list of groups.
    pack
        Called here when a chunk is handed over: groups of thousands of runs stay small until then.
    cost
        Expected cost of a group in any unit; seconds per unit are measured on the way.
    on_done
        Called here with what `work` returned.
    on_lost
        Called here with a run whose worker died `STRIKES` times while it did nothing else.
    """

    def __init__(
        self, work: Callable[[Any], Any], pack: Callable[[list[Group]], Any], cost: Callable[[Group], float],
        on_done: Callable[[Any], None], on_lost: Callable[[Any], None],
    ) -> None:  # fmt: skip
        """Keep what to call; nothing is done yet."""
        self.work, self.pack, self.cost, self.on_done, self.on_lost = work, pack, cost, on_done, on_lost
        self.waiting: deque[Group] = deque()
        self.again: deque[Chunk] = deque()
        self.at_work: dict[Future[Any], tuple[Chunk, float]] = {}
        self.cost_done = self.seconds = self.cost_waiting = 0.0

    def run(self, groups: Sequence[Group], executor: Executor, n_workers: int, *, ahead: int = 0) -> None:
        """Do all groups; `ahead` more chunks than workers are kept submitted.

        Raises BrokenEngineError: if an executor that is not ours is broken for good.
        """
        self.waiting.extend(share(groups, n_workers))
        self.cost_waiting = sum(self.cost(group) for group in self.waiting)
        while self.waiting or self.again or self.at_work:
            while (self.waiting or self.again) and len(self.at_work) < n_workers + ahead:
                self._submit(self._next(n_workers), executor)
            done, _ = wait(self.at_work, return_when=FIRST_COMPLETED)
            for future in done:
                self._finish(future, is_ours=isinstance(executor, LocalWorkers))

    def _submit(self, chunk: Chunk, executor: Executor) -> None:
        try:
            future = executor.submit(self.work, self.pack(chunk.groups))
        except (BrokenExecutor, RuntimeError) as error:
            raise BrokenEngineError("the engine takes no more work ({error}); run again to go on", error=error) from None
        self.at_work[future] = chunk, time.perf_counter()

    def _next(self, n_workers: int) -> Chunk:
        """Return a chunk that was lost, or as many groups as fill the time; less towards the end."""
        if self.again:
            return self.again.popleft()
        rate = self.seconds / self.cost_done if self.cost_done else None
        room = 0.0
        if rate:
            room = min(CHUNK_S / rate, self.cost_waiting / (2 * n_workers))
        groups = [self.waiting.popleft()]
        cost = self.cost(groups[0])
        while self.waiting and cost + self.cost(self.waiting[0]) <= room:
            groups.append(self.waiting.popleft())
            cost += self.cost(groups[-1])
        self.cost_waiting -= cost
        return Chunk(groups, cost)

    def _finish(self, future: Future[Any], *, is_ours: bool) -> None:
        chunk, started = self.at_work.pop(future)
        if future.cancelled():
            raise BrokenEngineError("the engine has dropped its work; run again to go on")
        error = future.exception()
        if error is None:
            self.cost_done += chunk.cost
            self.seconds += time.perf_counter() - started
            self.on_done(future.result())
            return
        if isinstance(error, OdssimError):
            raise error
        if isinstance(error, BrokenExecutor) and not is_ours:
            raise BrokenEngineError("the engine is broken ({error}); run again to go on", error=error)
        chunk.strikes += 1
        if chunk.strikes < (STRIKES if chunk.is_single else SPLIT_AFTER):
            self.again.append(chunk)
        elif chunk.is_single:
            self.on_lost(chunk.groups[0][0])
        else:
            self.again.extend(chunk.split())


def share(groups: Sequence[Group], n_workers: int) -> list[Group]:
    """Split groups where there are too few for the workers; each part simulates its past anew."""
    if not groups or len(groups) >= n_workers:
        return list(groups)
    parts = -(-n_workers // len(groups))
    found: list[Group] = []
    for group in groups:
        size = max(1, -(-len(group) // parts))
        found += [group[i : i + size] for i in range(0, len(group), size)]
    return found
