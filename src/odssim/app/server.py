"""The server: static page, one websocket, refusals. Needs the extra ``live``."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from odssim import __version__
from odssim.app.catalogue import catalogue
from odssim.app.guard import Bucket, refusal
from odssim.app.lessons import lessons
from odssim.app.messages import MOST_BYTES, STEERING, read_request
from odssim.app.session import Session
from odssim.app.sources import Source
from odssim.app.viewer import Viewer
from odssim.errors import OdssimError

MOST_SESSIONS, MOST_VIEWERS = 8, 200
HEADERS = {
    "content-security-policy": "default-src 'self'; script-src 'self' 'unsafe-eval'; connect-src 'self'; "
    "img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-cache",
}
"""Sent with every page. Inline styles are what the charts' library sets; the page itself evaluates no text, but
drivers of browsers do, so that teachers' and testers' scripts can wait for something."""
KINDS = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json",
         ".txt": "text/plain", ".svg": "image/svg+xml"}  # fmt: skip
POLICY, TOO_BIG, FULL = 1008, 1009, 1013
"""Closing codes of websockets (RFC 6455)."""


@dataclass
class House:
    """What the server knows: worlds, the address it is bound to, tokens of a class, who is there."""

    sources: dict[str, Source]
    bound: str = "127.0.0.1"
    teacher_token: str | None = None
    watch_token: str | None = None
    sessions: list[Session] = field(default_factory=list)
    classroom: Session | None = None
    n_viewers: int = 0

    def role(self, token: str | None) -> str | None:
        """Return what a token allows: "steer", "watch", or None."""
        if self.teacher_token is None:
            return "steer"
        return {self.teacher_token: "steer", self.watch_token: "watch"}.get(token)


class Guarded:
    """Refuses requests that do not come from the server's own page, before anything is done."""

    def __init__(self, app: ASGIApp, bound: str) -> None:
        """Stand in front of `app`, which is bound to address `bound`."""
        self.app, self.bound = app, bound

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or refuse with 403."""
        if scope["type"] in ("http", "websocket"):
            headers = {key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]}
            reason = refusal(headers, self.bound)
            if reason is not None and scope["type"] == "http":
                await PlainTextResponse(reason, status_code=403)(scope, receive, send)
                return
            if reason is not None:
                await send({"type": "websocket.close", "code": POLICY, "reason": reason})
                return
        await self.app(scope, receive, send)


def make_app(house: House) -> ASGIApp:
    """Return the application: the page's files at /, the websocket at /live."""
    page = Path(str(files("odssim.app") / "page"))
    known = {path.relative_to(page).as_posix(): path for path in page.rglob("*") if path.is_file()}

    async def file(request: Request) -> Response:
        path = known.get(request.path_params["name"] or "index.html")  # whatever is asked for, nothing else has a name
        if path is None:
            return PlainTextResponse("no such file", status_code=404, headers=HEADERS)
        return FileResponse(path, media_type=KINDS.get(path.suffix, "application/octet-stream"), headers=HEADERS)

    async def live(socket: WebSocket) -> None:
        await attend(house, socket)

    routes = [WebSocketRoute("/live", live), Route("/{name:path}", file)]
    return Guarded(Starlette(routes=routes), house.bound)


async def attend(house: House, socket: WebSocket) -> None:
    """Serve one browser from its arrival until it is gone, however it goes."""
    role = house.role(socket.query_params.get("token"))
    await socket.accept()
    if role is None:
        await _refuse(socket, "token", "this address needs the link that the teacher was given", POLICY)
        return
    own = house.teacher_token is None
    if house.n_viewers >= MOST_VIEWERS or (own and len(house.sessions) >= MOST_SESSIONS):
        await _refuse(socket, "full", "too many pages are open; close one", FULL)
        return
    session = _session(house, own)
    viewer = Viewer()
    house.n_viewers += 1
    session.viewers.append(viewer)
    session.tell_all()
    viewer.tell(_hello(house, role, session))
    sender = asyncio.create_task(_send(socket, session, viewer))
    try:
        await _listen(socket, session, viewer, role)
    except (WebSocketDisconnect, RuntimeError):
        pass  # the browser is gone
    finally:
        sender.cancel()
        house.n_viewers -= 1
        session.viewers.remove(viewer)
        session.tell_all()
        if own:
            house.sessions.remove(session)
            session.close()


def _session(house: House, own: bool) -> Session:
    """Return the session of a browser: its own, or that of the class."""
    if not own and house.classroom is not None:
        return house.classroom
    session = Session(house.sources)
    session.start()
    house.sessions.append(session)
    if not own:
        house.classroom = session
    return session


def _hello(house: House, role: str, session: Session) -> dict[str, Any]:
    note: dict[str, Any] = {
        "is": "hello", "version": __version__, "role": role, "worlds": list(house.sources),
        "class": house.teacher_token is not None, "catalogue": catalogue(), "lessons": lessons(),
        "shown": session.shown,
    }  # fmt: skip
    if role == "steer" and house.watch_token is not None:
        note["watch"] = house.watch_token
    return note


def _fault(text: str, key: str | None = None, *, final: bool = False) -> dict[str, Any]:
    """Return a note of a fault; `key` names the words that the page has for it in both languages."""
    return {"is": "error", "text": text, "key": key, "final": final}


async def _refuse(socket: WebSocket, key: str, reason: str, code: int) -> None:
    await socket.send_text(json.dumps(_fault(reason, key, final=True)))
    await socket.close(code, reason)


async def _listen(socket: WebSocket, session: Session, viewer: Viewer, role: str) -> None:
    """Read requests until the browser goes; every fault gets one clear line."""
    bucket = Bucket()
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
        if not bucket.take():
            if bucket.over == 1.0:
                viewer.tell(_fault("too many messages at once; some were dropped", "flood"))
            if bucket.hopeless:
                await _refuse(socket, "flood", "too many messages", POLICY)
                return
            continue
        text = message.get("text")
        text = message.get("bytes") or b"" if text is None else text
        if len(text) > MOST_BYTES:
            await _refuse(socket, "big", f"a message may have {MOST_BYTES} bytes at most", TOO_BIG)
            return
        try:
            request = read_request(text)
            if role != "steer" and isinstance(request, STEERING):
                viewer.tell(_fault("watchers cannot steer", "watch"))
                continue
            await session.answer(viewer, request)
        except OdssimError as error:
            viewer.tell(_fault(str(error)))


async def _send(socket: WebSocket, session: Session, viewer: Viewer) -> None:
    """Send what is new, as fast as the browser takes it."""
    with suppress(WebSocketDisconnect, RuntimeError, asyncio.CancelledError):
        while socket.application_state == WebSocketState.CONNECTED:
            await viewer.news.wait()
            viewer.news.clear()
            viewer.ready = False
            while viewer.notes:
                await socket.send_text(json.dumps(viewer.notes.popleft(), ensure_ascii=False))
            await socket.send_text(json.dumps(session.state()))
            for part in await session.news_for(viewer):
                await (socket.send_text(part) if isinstance(part, str) else socket.send_bytes(part))
            viewer.ready = True
