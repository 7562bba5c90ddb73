"""What browser and server say to each other: checked requests in, JSON and binary frames out."""

import json
import struct
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, TypeAdapter, ValidationError

from odssim.app.dots import Dots
from odssim.app.plan import Plan, Strict
from odssim.errors import OdssimError, Sentence

MOST_BYTES = 65_536
"""Longest message from a browser."""
MOST_SPEED = 10_080
MOST_MINUTE = 3660 * 1440
MOST_PLACE = 1_000_000
LONGEST_FAULT = 300
HEADER = struct.Struct("<6i")
"""Pane, minute, dots that follow, dots in all, 1 if the page forgets what it knew, 0."""
Word = Annotated[str, Field(max_length=40)]


class Open(Strict):
    """Show these worlds; without a minute, go on from where the clock stands."""

    do: Literal["open"]
    plan: Plan
    minute: Annotated[int, Field(ge=0, le=MOST_MINUTE)] | None = None


class Play(Strict):
    """Start or stop the clock; with a minute, it stops there by itself."""

    do: Literal["play"]
    on: bool
    until: Annotated[int, Field(ge=0, le=MOST_MINUTE)] | None = None


class Speed(Strict):
    """Simulated minutes per frame; 0: as fast as it goes."""

    do: Literal["speed"]
    minutes: Annotated[int, Field(ge=0, le=MOST_SPEED)]


class Seek(Strict):
    """Go to a minute, back too."""

    do: Literal["seek"]
    minute: Annotated[int, Field(ge=0, le=MOST_MINUTE)]


class Card(Strict):
    """Tell about a place."""

    do: Literal["card"]
    pane: Literal["a", "b"] = "a"
    place: Annotated[int, Field(ge=0)]


class Save(Strict):
    """Return the scenario of a pane as a file."""

    do: Literal["save"]
    pane: Literal["a", "b"] = "a"


class View(Strict):
    """What a teacher looks at; left out: as the page has it."""

    view: Literal["a", "both", "difference"] = "a"
    place: Annotated[int, Field(ge=0, le=MOST_PLACE)] | None = None
    frame: Annotated[list[float], Field(min_length=3, max_length=3)] | None = None
    tab: Word | None = None
    lesson: Word | None = None
    step: Annotated[int, Field(ge=0, le=1000)] = 0
    answered: Annotated[int, Field(ge=0, le=1000)] | None = None


class Show(Strict):
    """Pass on to the class what the teacher looks at."""

    do: Literal["show"]
    view: View


Request = Annotated[Open | Play | Speed | Seek | Card | Save | Show, Field(discriminator="do")]
REQUEST: TypeAdapter[Request] = TypeAdapter(Request)
STEERING = (Open, Play, Speed, Seek, Show)
"""Requests that a watcher may not make."""


class RequestError(OdssimError):
    """A message from a browser is not one that the server understands."""


def read_request(text: str | bytes) -> Request:
    """Return a checked request.

    Raises RequestError: in one line, if it is too long, no JSON, or breaks a rule.
    """
    if isinstance(text, bytes):
        raise RequestError("messages are text, not binary")
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise RequestError("a message may have {n} bytes at most", n=MOST_BYTES)
    try:
        return REQUEST.validate_python(json.loads(text))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise RequestError(
            Sentence("{where}: {reason}", where=where or "message", reason=first["msg"])[:LONGEST_FAULT]
        ) from None
    except (ValueError, RecursionError):
        raise RequestError("not valid JSON") from None


def as_text(note: dict[str, Any]) -> str:
    """Return a note as it is sent: pure ASCII, so that no character of a message can stop it on its way."""
    return json.dumps(note, allow_nan=False)


def frame(pane: int, minute: int, now: int, dots: Dots, seen: int) -> bytes:
    """Return the dots that changed since update `seen` (0: all), as columns of unsigned numbers.

    After the header (`HEADER`): index, x, y, minutes until there (uint16 each), look (uint8); x and y are
    parts of 65,535 of the map's longer side, y from the south.
    """
    i, x, y, arrive, look = dots.since(seen)
    ahead = np.clip(arrive - now, 0, 65_535).astype("<u2")
    head = HEADER.pack(pane, minute, len(i), len(dots.look), int(seen == 0), 0)
    columns = (i.astype("<u2"), x.astype("<u2"), y.astype("<u2"), ahead, look)
    return head + b"".join(column.tobytes() for column in columns)
