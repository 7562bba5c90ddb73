"""Starting the server: address, tokens, the links to print."""

import re
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib.util import find_spec
from threading import Thread

from odssim.app.guard import AppError, checked_origin, is_loopback, new_token
from odssim.app.sources import Source
from odssim.errors import OdssimError

NEEDED = ("starlette", "uvicorn", "websockets")
TRANSPORT_BYTES = 1 << 20
"""What the transport takes before it hangs up by itself; the page's own limit answers in words."""
PING_S = 20.0
BACKLOG = 100
"""Connections taken at one go: with more, files could run out before any is counted."""
SEGMENTS = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*")


def check_extra() -> None:
    """Raise AppError, saying how to install it, where the extra ``live`` is missing."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise AppError("the live page needs {missing}; install with: pip install 'odssim[live]'", missing=", ".join(missing))


def listen(host: str, port: int) -> socket.socket:
    """Return a bound socket.

    Raises AppError: if the address is not this machine's or the port is taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        rule = "cannot listen at {host}, port {port} ({reason}); choose another with --port"
        raise AppError(rule, host=host, port=port, reason=error.strerror) from None


def warm(source: Source) -> None:
    """Load the compiled engine and the first world's past, while the browser is on its way to the page."""
    from odssim.app.pane import Pane
    from odssim.app.plan import city_of, scenario_of
    from odssim.engine.run import simulate_past

    with suppress(OdssimError):  # the page tells it to who opens that world
        city = city_of(source)
        scenario = scenario_of(source, None, (), city)
        Pane(scenario, city, simulate_past(scenario, city)).advance(1)


def checked_base(path: str) -> str:
    """Return where the page stands at a proxy, such as ``/odssim``; empty at the root.

    Raises AppError: if it is no plain path.
    """
    base = "/" + path.strip("/") if path.strip("/") else ""
    if SEGMENTS.fullmatch(base) is None:
        raise AppError("--base-path {path!r}: must be a path such as /odssim", path=path[:200])
    return base


def serve(
    worlds: Mapping[str, Source], *, host: str, port: int, in_class: bool, tell: Callable[[str], None],
    origins: Sequence[str] = (), base_path: str = "",
) -> None:  # fmt: skip
    """Serve the page until interrupted.

    Parameters
    ----------
    worlds
        What may be shown.
    host, port
        Address to bind to; port 0 lets the system choose.
    in_class
        One session for all: who has the teacher's link steers, who has the other link watches.
    tell
        Where the links are printed.
    origins, base_path
        What the page's address is behind a proxy, such as ``https://example.org`` and ``/odssim``.
    """
    check_extra()
    names, base = tuple(map(checked_origin, origins)), checked_base(base_path)
    bound = listen(host, port)
    import uvicorn

    from odssim.app.protocols import LineProtocol, PageProtocol, file_limit
    from odssim.app.server import MOST_VIEWERS, House, make_app

    house = House(dict(worlds), bound=host, origins=names, base_path=base, most_viewers=min(MOST_VIEWERS, file_limit() // 4))
    own = f"http://{f'[{host}]' if ':' in host else host}:{bound.getsockname()[1]}"
    if in_class:
        house.teacher_token, house.watch_token = new_token(), new_token()
    for address in (own, *names):
        if in_class:
            tell(f"teacher  {address}{base}/?token={house.teacher_token}")
            tell(f"class    {address}{base}/?token={house.watch_token}")
        else:
            tell(f"odssim app  {address}{base}/")
    if not is_loopback(host):
        tell("others on this network can reach the page; leave out --host to keep it on this machine")
    Thread(target=warm, args=(next(iter(worlds.values())),), daemon=True).start()
    config = uvicorn.Config(
        make_app(house), log_level="warning", http=PageProtocol, ws=LineProtocol, ws_max_size=TRANSPORT_BYTES,
        ws_ping_interval=PING_S, ws_ping_timeout=PING_S, ws_per_message_deflate=False, lifespan="off",
        server_header=False, proxy_headers=False, timeout_graceful_shutdown=1, backlog=min(BACKLOG, file_limit() // 32),
    )  # fmt: skip
    uvicorn.Server(config).run(sockets=[bound])
