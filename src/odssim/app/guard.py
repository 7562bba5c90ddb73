"""Who may talk to the server: own page only, right name only, not too often, right token.

A page elsewhere on the web must not be able to steer a simulation on this machine. A browser names the
page that opens a websocket (Origin) and the name it looked up (Host); a name that an attacker lets point to
this machine (DNS rebinding) is none of ours.
"""

import ipaddress
import re
import secrets
import time
from collections.abc import Collection, Iterable

from odssim.errors import OdssimError

POLICY, TOO_BIG, BROKEN, FULL = 1008, 1009, 1011, 1013
"""Closing codes of websockets (RFC 6455)."""
MESSAGES_PER_S, BURST = 40.0, 120.0
"""Messages of one connection: a second in the long run, and at once."""
PATIENCE = 120.0
"""Messages beyond the limit after which a browser is sent away."""
NAME_AND_PORT = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?::([0-9]{1,5}))?", re.A | re.I)
PORTS = {"http": 80, "https": 443}
ANY_ADDRESS = ("0.0.0.0", "::")
Place = tuple[str, int]
"""A name and a port."""


class AppError(OdssimError):
    """The page cannot be served: something is missing or wrong, or the port is taken."""


def plain(name: str) -> str:
    """Return a name in small letters, an address as Python writes it (IPv4 within IPv6 as IPv4)."""
    try:
        address = ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return name.lower()
    return str(getattr(address, "ipv4_mapped", None) or address)


def place_of(text: str, scheme: str = "http") -> Place | None:
    """Return the name and port that a Host header or an origin's end means, None if it is neither."""
    found = NAME_AND_PORT.fullmatch(text)
    if found is None:
        return None
    port = int(found[2]) if found[2] else PORTS[scheme]
    return (plain(found[1]), port) if 0 < port < 65536 else None


def origin_of(text: str) -> tuple[str, Place] | None:
    """Return scheme and place of an Origin such as ``https://example.org``, None if it is none."""
    scheme, mark, end = text.partition("://")
    place = place_of(end, scheme) if mark and scheme in PORTS else None
    return None if place is None else (scheme, place)


def checked_origin(text: str) -> str:
    """Return an origin given on the command line.

    Raises AppError: if it is more or less than scheme, name and perhaps port.
    """
    if origin_of(text) is None:
        raise AppError(
            "--origin {text!r}: must be like https://example.org, without a path or a slash at the end", text=text[:200]
        )
    return text


def is_loopback(bound: str) -> bool:
    """Tell whether an address is reached from this machine only."""
    try:
        return bound == "localhost" or ipaddress.ip_address(bound).is_loopback
    except ValueError:
        return False


def own_names(bound: str, local: str) -> set[str]:
    """Return the names of a server bound to `bound` for a caller who has reached it at address `local`."""
    names = {"localhost", plain(bound), plain(local)}
    return names | {"127.0.0.1", "::1"} if bound in ANY_ADDRESS else names


def refusal(headers: Iterable[tuple[str, str]], bound: str, local: Place, origins: Collection[str] = ()) -> str | None:
    """Return why a request is refused, None if it is not.

    Parameters
    ----------
    headers
        Names in small letters, and values.
    bound
        What the server is bound to.
    local
        Address and port at which the caller reached it.
    origins
        Pages besides the server's own that may talk to it: its addresses behind a proxy.
    """
    hosts = [value for name, value in headers if name == "host"]
    pages = [value for name, value in headers if name == "origin"]
    allowed = [origin_of(text) for text in origins]
    here = place_of(hosts[0]) if len(hosts) == 1 else None
    own = here is not None and here[0] in own_names(bound, local[0]) and here[1] == local[1]
    if not own and not any(o and len(hosts) == 1 and place_of(hosts[0], o[0]) == o[1] for o in allowed):
        return "this server does not answer to that host name"
    if own and here is not None:
        allowed.append(("http", here))
    if len(pages) > 1 or (pages and (origin_of(pages[0]) is None or origin_of(pages[0]) not in allowed)):
        return "only pages of this server may talk to it"
    return None


class Bucket:
    """A limit on messages: so many a second, a few more at once. What is beyond it counts too."""

    def __init__(self) -> None:
        """Start full."""
        self.left, self.at = BURST, time.monotonic()

    def take(self) -> bool:
        """Tell whether one more message is within the limit."""
        now = time.monotonic()
        self.left = min(BURST, self.left + (now - self.at) * MESSAGES_PER_S) - 1.0
        self.at = now
        return self.left >= 0.0

    @property
    def hopeless(self) -> bool:
        """Whether the sender does not stop."""
        return self.left < -PATIENCE


def new_token() -> str:
    """Return a word that nobody guesses."""
    return secrets.token_urlsafe(12)
