"""Who is connected and no viewer yet: time limits, room for few, and no floods of small frames.

uvicorn sets no limit on how long the head of a request may take, nor on how many connect and say nothing.
Here a caller has some seconds for each step, and where too many wait, the one that has been silent longest goes:
whoever comes and speaks is let in, whatever the others do and from whatever address.
"""

import asyncio
import sys
from functools import cache
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from odssim.app.guard import POLICY, Bucket

HEAD_S = 10.0
"""Time for the whole head of a request, from the connection or from the last answer."""
ANSWER_S = 60.0
"""Time for the body of a request and for taking its answer."""
HELLO_S = 30.0
"""Time in which a websocket must have become a viewer's."""
FAREWELL_S = 1.0
"""Time for a browser to take notice that the line is closed."""
MOST_WAITING = 500
"""Connections that are no viewer's."""
FILES_WANTED = 4096


@cache
def file_limit() -> int:
    """Return how many files and sockets may be open at once, after asking for enough."""
    if sys.platform == "win32":
        return FILES_WANTED
    import resource

    soft, hard = (FILES_WANTED if n == resource.RLIM_INFINITY else n for n in resource.getrlimit(resource.RLIMIT_NOFILE))
    if soft < min(hard, FILES_WANTED):
        soft = min(hard, FILES_WANTED)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    return soft


class Caller(asyncio.Protocol):
    """What a connection has of its own until it is a viewer's: since when it waits, for what, how long it may."""

    connections: set[Any]
    loop: asyncio.AbstractEventLoop
    transport: asyncio.Transport
    first_s: float
    waits, silent, since = False, False, 0.0
    timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for something to be said."""
        super().connection_made(transport)
        self.wait(self.first_s)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the caller."""
        self.settle()
        super().connection_lost(exc)

    def wait(self, seconds: float, *, silent: bool = True) -> None:
        """Give the caller some time for its next step; make room if too many wait."""
        self.settle()
        self.waits, self.silent, self.since = True, silent, self.loop.time()
        self.timer = self.loop.call_later(seconds, self.dismiss)
        waiting = [one for one in self.connections if one.waits]
        if len(waiting) > min(MOST_WAITING, file_limit() // 4):
            min(waiting, key=lambda one: (not one.silent, one.since)).dismiss()

    def settle(self) -> None:
        """Take the time limit away."""
        self.waits = False
        if self.timer is not None:
            self.timer.cancel()

    def dismiss(self) -> None:
        """Hang up at once."""
        self.settle()
        self.transport.abort()


class PageProtocol(Caller, H11Protocol):
    """Requests for the page's files."""

    first_s = HEAD_S

    def handle_events(self) -> None:
        """Notice when a head is complete."""
        before = self.cycle
        super().handle_events()
        if self.cycle is not before:
            self.wait(ANSWER_S, silent=False)

    def on_response_complete(self) -> None:
        """Begin to wait for the next head."""
        self.wait(HEAD_S)
        super().on_response_complete()

    def handle_websocket_upgrade(self, event: Any) -> None:
        """Hand the connection over."""
        self.settle()
        super().handle_websocket_upgrade(event)


class LineProtocol(Caller, WebSocketsSansIOProtocol):
    """The websocket; the application calls ``scope["state"]["seat"]`` when the caller has become a viewer."""

    first_s = HELLO_S

    def __init__(self, *args: Any, **options: Any) -> None:
        """Take uvicorn's arguments."""
        super().__init__(*args, **options)
        self.small_frames, self.flooded = Bucket(), False

    def handle_connect(self, event: Any) -> None:
        """Tell the application how to let the caller stay."""
        super().handle_connect(event)
        if not self.close_sent:
            self.scope["state"]["seat"] = self.settle

    async def send(self, message: Any) -> None:
        """Send; after a close, do not wait for ever until the browser has heard it."""
        await super().send(message)
        if message["type"] == "websocket.close" and not self.disconnected:
            self.wait(FAREWELL_S)

    def handle_ping(self) -> None:
        """Answer, unless there are too many."""
        if self._in_bounds():
            super().handle_ping()

    def handle_cont(self, event: Any) -> None:
        """Add a piece to its message, unless there are too many."""
        if self._in_bounds():
            super().handle_cont(event)

    def _in_bounds(self) -> bool:
        """Tell whether one more small frame is within the limit; hang up on who does not stop."""
        if not self.flooded and not self.small_frames.take():
            self.flooded = True
            self.conn.fail(POLICY, "too many frames")  # what comes after it is not read
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.wait(FAREWELL_S)
        return not self.flooded
