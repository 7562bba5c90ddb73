"""The burn-in, stored and reused by its `key.past_key`."""

from __future__ import annotations

import os
import pickle
import tempfile
from hashlib import blake2b

from odssim.core.folders import cache_folder
from odssim.observe.recorder import Recorder
from odssim.world.state import State

DIGEST_BYTES = 32
"""Each stored past begins with a digest of the rest, so that a damaged file is noticed."""
KEEP = 12
"""Stored pasts; the oldest go first."""


def load_past(key: str) -> tuple[State, Recorder] | None:
    """Return the stored state and records of a `past_key`, or None; a damaged file counts as none."""
    path = cache_folder() / "pasts" / f"{key}.past"
    try:
        content = path.read_bytes()
    except OSError:
        return None
    digest, body = content[:DIGEST_BYTES], content[DIGEST_BYTES:]
    if blake2b(body, digest_size=DIGEST_BYTES).digest() != digest:
        return None
    state, days = pickle.loads(body)
    return state, Recorder(days)


def store_past(key: str, state: State, recorder: Recorder) -> None:
    """Store a burn-in; a folder that cannot be written to is no fault."""
    folder = cache_folder() / "pasts"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=folder, suffix=".partial")
        with os.fdopen(descriptor, "wb") as file:
            body = pickle.dumps((state, recorder.days), protocol=5)
            file.write(blake2b(body, digest_size=DIGEST_BYTES).digest() + body)
        os.replace(name, folder / f"{key}.past")
    except OSError:
        return
    stored = sorted(folder.glob("*.past"), key=lambda p: p.stat().st_mtime)
    for old in stored[:-KEEP]:
        old.unlink(missing_ok=True)
