"""Starting the server: address, tokens, the links to print."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib.util import find_spec
from threading import Thread

from odssim.app.guard import is_loopback, new_token
from odssim.app.sources import Source
from odssim.errors import OdssimError

NEEDED = ("starlette", "uvicorn", "websockets")
TRANSPORT_BYTES = 1 << 20
"""What the transport takes before it hangs up by itself; the page's own limit answers in words."""
PING_S = 20.0
MOST_CONNECTIONS = 500
"""More are answered with 503."""


class AppError(OdssimError):
    """The page cannot be served: something is missing, or the port is taken."""


def check_extra() -> None:
    """Raise AppError, saying how to install it, where the extra ``live`` is missing."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise AppError(f"the live page needs {', '.join(missing)}; install with: pip install 'odssim[live]'")


def listen(host: str, port: int) -> socket.socket:
    """Return a bound socket.

    Raises
    ------
    AppError
        If the address is not this machine's or the port is taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise AppError(
            f"cannot listen at {host}, port {port} ({error.strerror}); choose another with --port"
        ) from None


def warm(source: Source) -> None:
    """Load the compiled engine and the first world's past, while the browser is on its way to the page."""
    from odssim.app.pane import Pane
    from odssim.app.plan import city_of, scenario_of
    from odssim.engine.run import simulate_past

    with suppress(OdssimError):  # the page tells it to who opens that world
        city = city_of(source)
        scenario = scenario_of(source, None, (), city)
        Pane(scenario, city, simulate_past(scenario, city)).advance(1)


def serve(
    worlds: Mapping[str, Source], *, host: str, port: int, in_class: bool, tell: Callable[[str], None]
) -> None:
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
        Where the links are told.
    """
    check_extra()
    bound = listen(host, port)
    import uvicorn

    from odssim.app.server import House, make_app

    house = House(dict(worlds), bound=host)
    address = f"http://{f'[{host}]' if ':' in host else host}:{bound.getsockname()[1]}/"
    if in_class:
        house.teacher_token, house.watch_token = new_token(), new_token()
        tell(f"teacher  {address}?token={house.teacher_token}")
        tell(f"class    {address}?token={house.watch_token}")
    else:
        tell(f"odssim app  {address}")
    if not is_loopback(host):
        tell("others on this network can reach the page; leave out --host to keep it on this machine")
    Thread(target=warm, args=(next(iter(worlds.values())),), daemon=True).start()
    config = uvicorn.Config(
        make_app(house), log_level="warning", ws="websockets-sansio", ws_max_size=TRANSPORT_BYTES,
        ws_ping_interval=PING_S, ws_ping_timeout=PING_S, ws_per_message_deflate=False, lifespan="off",
        server_header=False, timeout_graceful_shutdown=1, limit_concurrency=MOST_CONNECTIONS,
    )  # fmt: skip
    uvicorn.Server(config).run(sockets=[bound])
