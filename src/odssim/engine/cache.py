"""The burn-in, stored and reused by its `key.past_key`."""

import os
import pickle
import re
from contextlib import suppress
from pathlib import Path

from odssim.core.files import clear_partials, whole_file
from odssim.core.folders import cache_folder, note_damaged, note_unwritable, sealed, trim, unsealed
from odssim.observe.recorder import Recorder
from odssim.world.state import State

MOST_MB, MOST_DAYS = 4_000, 60
"""Stored pasts: how much in all, and how long unused; the longest unused go first, the last used stays."""
PAST = re.compile(r"[0-9a-f]+\.past")


def pasts_folder() -> Path | None:
    """Return the folder of stored burn-ins; None for a user without a home."""
    folder = cache_folder()
    return None if folder is None else folder / "pasts"


def load_past(key: str) -> tuple[State, Recorder] | None:
    """Return the stored state and records of a `past_key`, or None; a damaged file counts as none."""
    folder = pasts_folder()
    if folder is None:
        return None
    path = folder / f"{key}.past"
    try:
        body = unsealed(path.read_bytes(), path.name)
    except OSError:
        return None
    if body is None:
        note_damaged(path)
        return None
    with suppress(OSError):
        os.utime(path)  # used today
    state, days = pickle.loads(body)
    return state, Recorder(days)


def store_past(key: str, state: State, recorder: Recorder) -> None:
    """Store a burn-in, and let go what was not used for long; a folder that cannot be written to is no fault."""
    folder = pasts_folder()
    if folder is None:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        clear_partials(folder)
        path = folder / f"{key}.past"
        with whole_file(path) as file:
            file.write(sealed(pickle.dumps((state, recorder.days), protocol=5), path.name))
    except OSError as error:
        note_unwritable(error.strerror)
        return
    trim((path for path in folder.iterdir() if PAST.fullmatch(path.name)), MOST_MB, MOST_DAYS)
