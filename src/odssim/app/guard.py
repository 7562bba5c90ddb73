"""Who may talk to the server: own page only, right name only, not too often, right token.

A page elsewhere on the web must not be able to steer a simulation on this machine. A browser names the
page that opens a websocket (Origin) and the name it looked up (Host); a name that an attacker lets point to
this machine (DNS rebinding) is none of ours.
"""

from __future__ import annotations

import ipaddress
import secrets
import time
from collections.abc import Mapping

LOOPBACK_NAMES = ("localhost",)
MESSAGES_PER_S, BURST = 40.0, 120.0
PATIENCE = 1000.0
"""Messages beyond the limit after which a browser is sent away."""


def host_name(host: str) -> str:
    """Return the name of a Host header without its port, in lower case."""
    name = host.strip().lower()
    if name.startswith("[") and "]" in name:
        return name[1:].split("]")[0]
    return name.rsplit(":", 1)[0] if ":" in name else name


def is_own_host(host: str, bound: str) -> bool:
    """Tell whether a Host header means this server, which is bound to address `bound`.

    An address in figures cannot be rebound; of names, only localhost and the bound one are ours.
    """
    name = host_name(host)
    if name in (*LOOPBACK_NAMES, bound.lower()):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or not is_loopback(bound)


def is_loopback(bound: str) -> bool:
    """Tell whether an address is reached from this machine only."""
    if bound in LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(bound).is_loopback
    except ValueError:
        return False


def refusal(headers: Mapping[str, str], bound: str) -> str | None:
    """Return why a request is refused, None if it is not."""
    host = headers.get("host", "")
    if not is_own_host(host, bound):
        return "this server does not answer to that host name"
    origin = headers.get("origin")
    if origin is not None and origin.lower() not in (f"http://{host.lower()}", f"https://{host.lower()}"):
        return "only pages of this server may talk to it"
    return None


class Bucket:
    """A limit on messages: so many a second, a few more at once."""

    def __init__(self) -> None:
        """Start full."""
        self.left, self.at, self.over = BURST, time.monotonic(), 0.0

    def take(self) -> bool:
        """Tell whether one more message is within the limit."""
        now = time.monotonic()
        self.left = min(BURST, self.left + (now - self.at) * MESSAGES_PER_S)
        self.at = now
        if self.left >= 1.0:
            self.left, self.over = self.left - 1.0, 0.0
            return True
        self.over += 1.0
        return False

    @property
    def hopeless(self) -> bool:
        """Whether the sender does not stop."""
        return self.over > PATIENCE


def new_token() -> str:
    """Return a word that nobody guesses."""
    return secrets.token_urlsafe(12)
