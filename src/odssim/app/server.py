"""The server: static page, one websocket, refusals. Needs the extra ``live``."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from odssim import __version__
from odssim.app.catalogue import catalogue
from odssim.app.figures import WEEK_DAYS
from odssim.app.guard import BROKEN, FULL, POLICY, TOO_BIG, Bucket, refusal
from odssim.app.lessons import lessons
from odssim.app.messages import MOST_BYTES, STEERING, as_text, read_request
from odssim.app.session import OWN_FAULT, Session
from odssim.app.sources import Source
from odssim.app.viewer import Viewer
from odssim.app.words import page_words
from odssim.errors import OdssimError
from odssim.language import LANGUAGES

LOG = logging.getLogger(__name__)
MOST_SESSIONS, MOST_VIEWERS = 8, 200
NO_ROOM = ("full", "too many pages are open; close one", FULL)
HEADERS = {
    "content-security-policy": "default-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-cache",
}
"""Sent with every page. Inline styles are what the charts' library sets; no text is ever evaluated as a script."""
KINDS = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json",
         ".txt": "text/plain", ".svg": "image/svg+xml"}  # fmt: skip


@dataclass
class House:
    """What the server knows: worlds, its addresses, tokens of a class, who is there.

    `bound` is the address it is bound to, `origins` are its names behind a proxy, `base_path` is where it stands there.
    """

    sources: dict[str, Source]
    bound: str = "127.0.0.1"
    origins: tuple[str, ...] = ()
    base_path: str = ""
    most_viewers: int = MOST_VIEWERS
    teacher_token: str | None = None
    watch_token: str | None = None
    sessions: list[Session] = field(default_factory=list)
    classroom: Session | None = None
    n_viewers: int = 0

    @property
    def full(self) -> bool:
        """Whether there is no room for one more viewer."""
        own = self.teacher_token is None
        return self.n_viewers >= self.most_viewers or (own and len(self.sessions) >= MOST_SESSIONS)

    def role(self, token: str | None) -> str | None:
        """Return what a token allows: "steer", "watch", or None."""
        if self.teacher_token is None:
            return "steer"
        return {self.teacher_token: "steer", self.watch_token: "watch"}.get(token)


class Guarded:
    """Refuses requests that do not come from the server's own page, before anything is done."""

    def __init__(self, app: ASGIApp, house: House) -> None:
        """Stand in front of `app`."""
        self.app, self.house = app, house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, without the base path (some proxies have taken it away already), or refuse with 403."""
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        headers = [(key.decode("latin-1"), value.decode("latin-1")) for key, value in scope["headers"]]
        reason = refusal(headers, self.house.bound, scope["server"], self.house.origins)
        base, path = self.house.base_path, scope["path"]
        if reason is not None and scope["type"] == "http":
            return await PlainTextResponse(reason, status_code=403)(scope, receive, send)
        if reason is not None:
            return await send({"type": "websocket.close", "code": POLICY, "reason": reason})
        if base and path == base and scope["type"] == "http":
            query = scope["query_string"].decode("latin-1")
            return await RedirectResponse(f"{base}/{query and '?'}{query}")(scope, receive, send)
        if base and path.startswith(f"{base}/"):
            scope = {**scope, "path": path.removeprefix(base)}
        return await self.app(scope, receive, send)


def make_app(house: House) -> ASGIApp:
    """Return the application: the page's files at /, the websocket at /live."""
    page = Path(str(files("odssim.app") / "page"))
    known = {path.relative_to(page).as_posix(): path for path in page.rglob("*") if path.is_file()}
    words = {f"words/{language}.json": page_words(language) for language in LANGUAGES}

    async def file(request: Request) -> Response:
        if found := words.get(request.path_params["name"]):
            return JSONResponse(found, headers=HEADERS)
        path = known.get(request.path_params["name"] or "index.html")  # whatever is asked for, nothing else has a name
        if path is None:
            return PlainTextResponse("no such file", status_code=404, headers=HEADERS)
        return FileResponse(path, media_type=KINDS.get(path.suffix, "application/octet-stream"), headers=HEADERS)

    async def live(socket: WebSocket) -> None:
        await attend(house, socket)

    routes = [WebSocketRoute("/live", live), Route("/{name:path}", file)]
    return Guarded(Starlette(routes=routes), house)


async def attend(house: House, socket: WebSocket) -> None:
    """Serve one browser from its arrival until it is gone, however it goes."""
    role = house.role(socket.query_params.get("token"))
    with suppress(WebSocketDisconnect, RuntimeError):  # the browser is gone
        await socket.accept()
        if role is None:
            await _refuse(socket, "token", "this address needs the link that the teacher was given", POLICY)
        elif house.full:
            await _refuse(socket, *NO_ROOM)
        else:
            await socket.send_text(as_text(_hello(house, role)))
            first = await socket.receive() if house.teacher_token is None else None  # without a token: who has spoken
            if house.full:
                await _refuse(socket, *NO_ROOM)
            elif first is None or first["type"] != "websocket.disconnect":
                socket.scope.get("state", {}).get("seat", lambda: None)()
                await _serve(house, socket, role, first)


async def _serve(house: House, socket: WebSocket, role: str, first: Message | None) -> None:
    """Let a viewer watch and ask until the browser goes."""
    session, viewer = _session(house), Viewer()
    house.n_viewers += 1
    session.viewers.append(viewer)
    session.tell_all()
    sender = asyncio.create_task(_send(socket, session, viewer))
    try:
        await _listen(socket, session, viewer, role, first)
    finally:
        sender.cancel()
        house.n_viewers -= 1
        session.viewers.remove(viewer)
        session.tell_all()
        if session is not house.classroom:
            house.sessions.remove(session)
            session.close()


def _session(house: House) -> Session:
    """Return the session of a browser: its own, or that of the class."""
    if house.classroom is not None:
        return house.classroom
    session = Session(house.sources)
    session.start()
    house.sessions.append(session)
    if house.teacher_token is not None:
        house.classroom = session
    return session


def _hello(house: House, role: str) -> dict[str, Any]:
    note: dict[str, Any] = {
        "is": "hello", "version": __version__, "role": role, "worlds": list(house.sources),
        "class": house.teacher_token is not None, "catalogue": catalogue(), "lessons": lessons(),
        "shown": house.classroom.shown if house.classroom is not None else {}, "week_days": WEEK_DAYS,
    }  # fmt: skip
    if role == "steer" and house.watch_token is not None:
        note["watch"] = house.watch_token
    return note


def _fault(text: str, key: str | None = None, *, final: bool = False) -> dict[str, Any]:
    """Return a note of a fault; `key` names the words that the page has for it in both languages."""
    return {"is": "error", "text": text, "key": key, "final": final}


async def _refuse(socket: WebSocket, key: str, reason: str, code: int) -> None:
    await socket.send_text(as_text(_fault(reason, key, final=True)))
    await socket.close(code, reason)


async def _listen(socket: WebSocket, session: Session, viewer: Viewer, role: str, message: Message | None) -> None:
    """Read requests until the browser goes; every fault gets one clear line."""
    bucket, warned = Bucket(), False
    while True:
        message = await socket.receive() if message is None else message
        if message["type"] == "websocket.disconnect":
            return
        text = message.get("text")
        text = message.get("bytes") or b"" if text is None else text
        if len(text) > MOST_BYTES:
            await _refuse(socket, "big", f"a message may have {MOST_BYTES} bytes at most", TOO_BIG)
            return
        if bucket.take():
            warned = False
            await _answer(session, viewer, role, text)
        elif bucket.hopeless:
            await _refuse(socket, "flood", "too many messages", POLICY)
            return
        elif not warned:
            warned = True
            viewer.tell(_fault("too many messages at once; some were dropped", "flood"))
        message = None
        await asyncio.sleep(0)  # others get their turn, however many messages wait here


async def _answer(session: Session, viewer: Viewer, role: str, text: str | bytes) -> None:
    """Do what a message asks for, or tell why not; whatever is wrong with it, the talk goes on."""
    try:
        request = read_request(text)
        if role != "steer" and isinstance(request, STEERING):
            viewer.tell(_fault("watchers cannot steer", "watch"))
            return
        await session.answer(viewer, request)
    except OdssimError as error:
        viewer.tell(_fault(str(error)))
    except Exception:  # a fault of the program's own
        LOG.exception("a message could not be answered")
        viewer.tell(_fault(OWN_FAULT))


async def _send(socket: WebSocket, session: Session, viewer: Viewer) -> None:
    """Send what is new, as fast as the browser takes it; on a fault of the program's own let the browser come anew."""
    try:
        while socket.application_state == WebSocketState.CONNECTED:
            await _send_news(socket, session, viewer)
    except Exception:
        if socket.application_state == WebSocketState.CONNECTED:  # else the browser is gone
            LOG.exception("news could not be sent")
            await socket.close(BROKEN, OWN_FAULT)


async def _send_news(socket: WebSocket, session: Session, viewer: Viewer) -> None:
    """Wait for news and send them."""
    await viewer.news.wait()
    viewer.news.clear()
    viewer.ready = False
    while viewer.notes:
        await socket.send_text(as_text(viewer.notes.popleft()))
    await socket.send_text(as_text(session.state()))
    for part in await session.news_for(viewer):
        await (socket.send_text(part) if isinstance(part, str) else socket.send_bytes(part))
    viewer.ready = True
