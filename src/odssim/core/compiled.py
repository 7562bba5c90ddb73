"""How the model is compiled: one decorator for kernels, one for the few that Python calls.

A kernel is called by other kernels only; it gets no Python wrapper and no cache file of its own. An entry
point is called from Python and keeps its machine code, with all kernels in it, in the compiled folder.
"""

from __future__ import annotations

from numba import njit

from odssim.core.folders import use_compiled_folder

use_compiled_folder()

kernel = njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
"""For functions that only other compiled functions call."""

entry = njit(error_model="numpy", cache=True, nogil=True)
"""For functions that Python calls."""
