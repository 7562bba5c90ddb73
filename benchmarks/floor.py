"""The floor: one race among five options in Numba against the same in C, with the same draws."""

from __future__ import annotations

import ctypes
import math
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from measure import in_turns
from numba import njit

from odssim.core.rng import decision_key, exponential

SOURCE = Path(__file__).with_name("floor.c")
N_RACES = 1_000_000
UTILITIES = np.array([0.3, -0.8, 1.1, 0.0, -0.2])


@njit(error_model="numpy")  # type: ignore[untyped-decorator]
def races(n: int, k: int, key: np.uint64, utility: np.ndarray[Any, Any]) -> int:
    """Return the sum over all races of (winner + 1)."""
    total = 0
    for i in range(n):
        best, winner = math.inf, -1
        for j in range(k):
            time = exponential(key, i, (i << 32) + j) * math.exp(-utility[(i + j) % k])
            if time < best:
                best, winner = time, j
        total += winner + 1
    return total


def compiled_c(folder: str) -> Callable[..., int] | None:
    """Return the C function, None where there is no gcc that compiles it."""
    compiler, library = shutil.which("gcc"), Path(folder, "floor.so")
    if compiler is None:
        return None
    flags = ["-O3", "-ffp-contract=off", "-shared", "-fPIC"]
    done = subprocess.run([compiler, *flags, str(SOURCE), "-o", str(library), "-lm"], check=False)
    if done.returncode:
        return None
    function = ctypes.CDLL(str(library)).races
    function.restype = ctypes.c_int64
    function.argtypes = (ctypes.c_int64, ctypes.c_int64, ctypes.c_uint64, ctypes.c_void_p)
    return function


def compare(turns: int) -> dict[str, float | str]:
    """Return the time of Numba over that of C, and Numba's nanoseconds per draw."""
    key, k = decision_key(1, "benchmark.floor"), len(UTILITIES)
    with tempfile.TemporaryDirectory() as folder:
        in_c = compiled_c(folder)
        if in_c is None:
            return {"floor_ratio": "gcc not found"}

        def c() -> int:
            return in_c(N_RACES, k, int(key), UTILITIES.ctypes.data)

        def numba() -> int:
            return int(races(N_RACES, k, key, UTILITIES))

        assert c() == numba(), "C and Numba must agree on every winner"
        ours, theirs, ratio = in_turns(numba, c, turns)
    per_draw = 1e9 / (N_RACES * k)
    return {"floor_ratio": ratio, "ns_per_draw": ours * per_draw, "ns_per_draw_in_c": theirs * per_draw}
