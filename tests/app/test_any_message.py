"""Whatever a message holds, its sender gets one line, and those who watch beside him go on watching."""

import asyncio
import json

import pytest

pytest.importorskip("starlette", reason="the extra live is not installed")
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.websockets import WebSocketState

from app.fuzz import MESSAGE
from odssim.app.messages import as_text, read_request
from odssim.app.server import House, attend
from odssim.app.session import Session
from odssim.app.sources import shipped
from odssim.app.viewer import Viewer

PATIENCE_S = 60
GOOD = {"do": "open", "plan": {"world": "new-town", "seed": 1}, "minute": 5}


class Line:
    """A browser's end and the server's end of a websocket, without a network."""

    def __init__(self, token):
        self.query_params, self.scope, self.application_state = {"token": token}, {}, None
        self.to_server, self.notes = asyncio.Queue(), asyncio.Queue()

    async def accept(self):
        self.application_state = WebSocketState.CONNECTED

    async def receive(self):
        return await self.to_server.get()

    async def send_text(self, text):
        self.notes.put_nowait(json.loads(text.encode("utf-8"), parse_constant=pytest.fail))

    async def send_bytes(self, frame):
        self.notes.put_nowait({"is": "frame", "bytes": frame})

    async def close(self, code, reason):
        self.notes.put_nowait({"is": "closed", "code": code})
        self.to_server.put_nowait({"type": "websocket.disconnect"})

    def say(self, what):
        key = "bytes" if isinstance(what, bytes) else "text"
        self.to_server.put_nowait({"type": "websocket.receive", key: what})

    async def until(self, *kinds):
        async with asyncio.timeout(PATIENCE_S):
            while (note := await self.notes.get())["is"] not in kinds:
                if note["is"] == "error":
                    assert "\n" not in note["text"]
                    assert "program's own" not in note["text"], note
        return note


async def talk(messages):
    house = House(shipped(), teacher_token="teacher", watch_token="pupil")
    teacher, pupil = Line("teacher"), Line("pupil")
    tasks = [asyncio.create_task(attend(house, line)) for line in (teacher, pupil)]
    await teacher.until("hello")
    for message in messages:
        teacher.say(message)
        await asyncio.sleep(0.01)
    teacher.say(json.dumps(GOOD))
    assert (await teacher.until("world"))["id"] == "new-town"
    while not pupil.notes.empty():
        pupil.notes.get_nowait()
    teacher.say('{"do": "speed", "minutes": 7}')
    while (state := await pupil.until("state", "closed"))["speed"] != 7:
        pass
    assert state["viewers"] == 2
    for line in (teacher, pupil):
        line.to_server.put_nowait({"type": "websocket.disconnect"})
    await asyncio.gather(*tasks)
    house.classroom.close()


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(messages=st.lists(MESSAGE, min_size=1, max_size=12))
def test_any_messages_and_all_others_go_on(messages):
    asyncio.run(talk(messages))


def test_a_fault_of_the_programs_own_is_told_and_the_town_goes_on(monkeypatch, caplog):
    """Even a message that meets a fault of the program stops nobody: neither the clock nor those who send."""

    async def story():
        session, viewer = Session(shipped()), Viewer()
        session.viewers.append(viewer)
        session.start()
        monkeypatch.setattr(session, "_made", lambda *_: 1 // 0)
        await session.answer(viewer, read_request(json.dumps(GOOD)))
        while not any(note["is"] == "error" for note in viewer.notes):
            await asyncio.sleep(0.01)
        monkeypatch.undo()
        await session.answer(viewer, read_request(json.dumps(GOOD)))
        async with asyncio.timeout(PATIENCE_S):
            while not await session.news_for(viewer):
                await asyncio.sleep(0.01)
        session.close()

    asyncio.run(story())
    assert "the town stopped" in caplog.text


def test_a_plan_that_fails_does_not_take_the_next_one_with_it():
    async def story():
        session, viewer = Session(shipped()), Viewer()
        session.viewers.append(viewer)
        session.start()
        bad = {**GOOD, "plan": {"world": "new-town", "a": [{"type": "no such method", "day": 1}]}}
        await session.answer(viewer, read_request(json.dumps(bad)))
        while session.busy is None:
            await asyncio.sleep(0)
        await session.answer(viewer, read_request(json.dumps(GOOD)))
        async with asyncio.timeout(PATIENCE_S):
            while not await session.news_for(viewer):
                await asyncio.sleep(0.01)
        session.close()
        return [note["text"] for note in viewer.notes]

    assert "no such intervention" in asyncio.run(story())[0]


def test_news_that_cannot_be_made_end_one_line_only(monkeypatch):
    async def story():
        house = House(shipped(), teacher_token="teacher", watch_token="pupil")
        teacher, pupil = Line("teacher"), Line("pupil")
        tasks = [asyncio.create_task(attend(house, line)) for line in (teacher, pupil)]
        await pupil.until("hello")
        teacher.say(json.dumps(GOOD))
        await pupil.until("frame")
        broken, made = house.classroom.viewers[1], Session._news
        monkeypatch.setattr(Session, "_news", lambda self, v: 1 // 0 if v is broken else made(self, v))
        teacher.say('{"do": "seek", "minute": 20}')
        assert (await pupil.until("closed"))["code"] == 1011
        while (await teacher.until("state"))["viewers"] != 1:
            pass
        teacher.to_server.put_nowait({"type": "websocket.disconnect"})
        await asyncio.gather(*tasks)
        house.classroom.close()

    asyncio.run(story())


def test_no_character_stops_a_note():
    assert json.loads(as_text({"text": "\ud800 å"}).encode("ascii")) == {"text": "\ud800 å"}
