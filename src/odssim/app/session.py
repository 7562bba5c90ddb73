"""One clock for one or two worlds, and those who watch them.

Requests only set what is wanted: a plan, a minute, whether to play. One task moves the worlds there, in a
thread of its own, so that a flood of requests costs no more than the last of them.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from odssim.app import figures, messages
from odssim.app.moves import moves
from odssim.app.pane import DAY_MIN, LEDGER_DAYS, Pane
from odssim.app.plan import Plan, Wish, city_of, scenario_of, scenario_text
from odssim.app.sources import Source
from odssim.app.viewer import Viewer
from odssim.app.worldview import town
from odssim.engine.run import simulate_past
from odssim.errors import OdssimError

FRAME_S = 1 / 20
SLICE_S = 0.04
"""Time for which the worlds may run before the page hears of it."""
PASTS_KEPT = 2
LOG = logging.getLogger(__name__)
OWN_FAULT = "a fault of the program's own; its log says more"
Key = tuple[str, int, tuple[Wish, ...]]
Panes = dict[str, tuple[Key, Pane]]


class Session:
    """The worlds of one link, their clock and their viewers."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        """Start without a world; `run` does the work."""
        self.sources = sources
        self.viewers: list[Viewer] = []
        self.plan: Plan | None = None
        self.built: Plan | None = None
        self.panes: Panes = {}
        self.goal, self.playing, self.speed = 0, False, 5
        self.until: int | None = None
        self.busy: tuple[int, int] | None = None
        self.world: dict[str, Any] = {}
        self.shown: dict[str, Any] = {}
        self.pasts: dict[tuple[str, int], Any] = {}
        self.wake = asyncio.Event()
        self.task: asyncio.Task[None] | None = None
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="odssim-town")

    # ---- what viewers ask for

    async def answer(self, viewer: Viewer, request: messages.Request) -> None:
        """Do what a request asks for; answers go to `viewer`."""
        match request:
            case messages.Open(plan=plan, minute=minute):
                if plan.world not in self.sources:
                    raise messages.RequestError("plan.world: must be one of {words}", words=", ".join(self.sources))
                self.plan, self.goal = plan, self.goal if minute is None else minute
            case messages.Play(on=on, until=until):
                self.playing, self.until = on, until
            case messages.Speed(minutes=minutes):
                self.speed = minutes
            case messages.Seek(minute=minute):
                self.goal, self.playing = minute, False
            case messages.Show(view=view):
                self.shown = view.model_dump(exclude_unset=True)
                for other in self.viewers:
                    if other is not viewer:
                        other.tell({"is": "show", "view": self.shown})
                return
            case messages.Card(pane=name, place=place):
                viewer.tell(await self._in_thread(lambda: self._card(name, place)))
                return
            case messages.Save(pane=name):
                viewer.tell(await self._in_thread(lambda: self._saved(name)))
                return
        self.wake.set()
        self.tell_all()

    def _card(self, name: str, place: int) -> dict[str, Any]:
        run = self._shown(name)[1].run
        if place >= run.city.n_places:
            raise messages.RequestError("place: must be below {n}", n=run.city.n_places)
        return {"is": "card", "pane": name, **figures.card(run, place)}

    def _shown(self, name: str) -> tuple[Key, Pane]:
        try:
            return self.panes[name]
        except KeyError:
            raise messages.RequestError("pane: not shown") from None

    def _saved(self, name: str) -> dict[str, Any]:
        (world, _, wishes), _ = self._shown(name)
        source = self.sources[world]
        return {"is": "saved", "pane": name, "toml": scenario_text(source, wishes, city_of(source))}

    # ---- the clock

    async def run(self) -> None:
        """Move the worlds to what is wanted, for ever."""
        while True:
            self.wake.clear()
            plan = self.plan
            try:
                if self.plan is not self.built:
                    await self._build()
                elif self.plan is not None and self._behind():
                    await self._catch_up()
                elif self.playing and self.viewers and self.panes:
                    await self._play()
                else:
                    await self.wake.wait()
            except OdssimError as error:
                self._give_up(plan, str(error))
            except Exception:  # a fault of the program's own: the town before it goes on
                LOG.exception("the town stopped")
                self._give_up(plan, OWN_FAULT)

    def _give_up(self, plan: Plan | None, fault: str) -> None:
        """Go back to what stood before a plan that cannot be met, unless another has been asked for meanwhile."""
        self.busy = None
        if self.plan is plan:
            self.playing, self.plan, self.goal = False, self.built, self.minute
        self.tell_all({"is": "error", "text": fault})

    @property
    def minute(self) -> int:
        """Where the slowest pane stands."""
        return min((pane.minute for _, pane in self.panes.values()), default=0)

    def _behind(self) -> bool:
        self.goal = min(self.goal, min(pane.last_minute for _, pane in self.panes.values()))
        return any(pane.minute != self.goal for _, pane in self.panes.values())

    async def _build(self) -> None:
        """Make the panes of a new plan; a pane that is to be as it was goes on."""
        plan = self.plan
        assert plan is not None
        loop = asyncio.get_running_loop()

        def progress(done: int, _days: int) -> None:
            if done % 10 == 0:
                loop.call_soon_threadsafe(self._set_busy, (done, 0))

        self._set_busy((0, 1))
        self.panes = await self._in_thread(lambda: self._made(plan, progress))
        self.built = plan
        self._set_busy((self.minute, self.goal) if self._behind() else None)
        if self.busy is None:
            await self._in_thread(self._draw)
            self.tell_all()

    def _made(self, plan: Plan, progress: Callable[[int, int], None]) -> Panes:
        source = self.sources[plan.world]
        city = city_of(source)
        panes: Panes = {}
        for name, wishes in (("a", plan.a), ("b", plan.b)):
            if wishes is None:
                continue
            scenario = scenario_of(source, plan.seed, wishes, city)
            key = (plan.world, scenario.seed, tuple(wishes))
            old = self.panes.get(name)
            if old is not None and old[0] == key and old[1].minute <= self.goal:
                panes[name] = old
                continue
            at = (plan.world, scenario.seed)
            if at not in self.pasts:
                self.pasts = dict(list(self.pasts.items())[1 - PASTS_KEPT :])
                self.pasts[at] = simulate_past(scenario, city, progress)
            panes[name] = (key, Pane(scenario, city, self.pasts[at]))
        first = next(iter(panes.values()))[1].run
        if self.world.get("id") != plan.world or self.world.get("seed") != first.scenario.seed:
            self.world = {
                "is": "world", "id": plan.world, "seed": first.scenario.seed, "title": first.scenario.name,
                "start": first.scenario.start_date.isoformat(), "last": first.scenario.days * DAY_MIN,
                "people": figures.people(first), "sample": round(panes["a"][1].dots.share, 4), **town(city),
            }  # fmt: skip
        return panes

    async def _catch_up(self) -> None:
        """Go back by starting anew, or forward by one slice of time."""
        if any(pane.minute > self.goal for _, pane in self.panes.values()):
            self.panes, self.built = {}, None
            return
        goal = self.goal
        await self._in_thread(lambda: self._advance(goal))
        far = goal - self.minute
        self.busy = (self.minute, goal) if far > 0 else None
        if far <= 0:
            await self._in_thread(self._draw)
        self.tell_all()

    async def _play(self) -> None:
        """Show the next frame."""
        started, wanted = time.perf_counter(), self.goal
        await self._wait_for_a_viewer()
        last = min(pane.last_minute for _, pane in self.panes.values())
        last = last if self.until is None else min(last, max(self.until, self.minute))
        goal = min(last, self.minute + self.speed) if self.speed else last
        await self._in_thread(lambda: self._next_frame(goal))
        if self.goal == wanted:  # nobody has asked for another minute meanwhile
            self.goal = self.minute
        self.playing = self.playing and self.minute < last
        self.tell_all()
        await asyncio.sleep(max(0.0, FRAME_S - (time.perf_counter() - started)))

    def _advance(self, goal: int) -> None:
        """Run all panes towards `goal`, for a slice of time; they end in the same minute."""
        stop = time.perf_counter() + SLICE_S
        while self.minute < goal and time.perf_counter() < stop:
            step = min(goal, (self.minute // DAY_MIN + 1) * DAY_MIN)
            for _, pane in self.panes.values():
                if pane.minute < step:
                    pane.advance(step)

    def _next_frame(self, goal: int) -> None:
        self._advance(goal)
        self._draw()

    def _draw(self) -> None:
        for _, pane in self.panes.values():
            pane.draw()

    async def _wait_for_a_viewer(self) -> None:
        """Do not run ahead of those who watch."""
        while self.viewers and not any(viewer.ready for viewer in self.viewers):
            await asyncio.sleep(FRAME_S)

    async def _in_thread(self, work: Callable[[], Any]) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self.thread, work)

    # ---- what is sent to viewers

    def _set_busy(self, busy: tuple[int, int] | None) -> None:
        self.busy = busy
        self.tell_all()

    def tell_all(self, note: dict[str, Any] | None = None) -> None:
        """Wake all viewers, with a note for each if there is one."""
        for viewer in self.viewers:
            if note is not None:
                viewer.tell(note)
            viewer.news.set()

    def state(self) -> dict[str, Any]:
        """Return what the page's controls show."""
        plan = self.plan.model_dump() if self.plan is not None else None
        return {
            "is": "state", "plan": plan, "minute": self.minute, "goal": self.goal, "playing": self.playing,
            "speed": self.speed, "busy": self.busy, "viewers": len(self.viewers),
        }  # fmt: skip

    async def news_for(self, viewer: Viewer) -> list[str | bytes]:
        """Return what `viewer` has not seen yet."""
        if not self.panes or self.plan is not self.built or self.busy is not None:
            return []
        parts: list[str | bytes] = await self._in_thread(lambda: self._news(viewer))
        return parts

    def _news(self, viewer: Viewer) -> list[str | bytes]:
        panes = self.panes  # the clock may put others in their place meanwhile
        parts: list[str | bytes] = viewer.world_news(self.world)
        for number, (name, (_, pane)) in enumerate(panes.items()):
            parts += viewer.pane_news(number, name, pane)
        if viewer.new_day and "b" in panes:
            parts.append(messages.as_text({"is": "moves", "moves": self._moves(panes)}))
        return parts

    def _moves(self, panes: Panes) -> dict[str, Any] | None:
        """Return where deals went in B since its own methods began, 28 days at most."""
        (key_a, a), (key_b, b) = panes["a"], panes["b"]
        own = [wish.day for wish in key_b[2] if wish not in key_a[2]]
        if not own:
            return None
        past = a.run.scenario.burn_in_days
        today = a.run.clockwork.now // DAY_MIN
        return moves(a.run, b.run, max(past + min(own), today - LEDGER_DAYS + 1))

    def start(self) -> None:
        """Set the clock's task going."""
        self.task = asyncio.create_task(self.run())

    def close(self) -> None:
        """Stop the clock, let go of its thread and of the towns."""
        if self.task is not None:
            self.task.cancel()
        self.task, self.panes, self.pasts, self.world = None, {}, {}, {}  # no ring: memory is free at once
        self.thread.shutdown(wait=False, cancel_futures=True)
