"""How the model is compiled: one decorator for kernels, one for the few that Python calls.

A kernel is called by other kernels only; it gets no Python wrapper and no cache file of its own. An entry
point is called from Python and keeps its machine code, with all kernels in it, in the compiled folder.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

from numba import njit
from numba.core.caching import CompileResultCacheImpl, FunctionCache, IndexDataCacheFile, UserProvidedCacheLocator

from odssim.core.files import whole_file
from odssim.core.folders import PACKAGE, compiled_folder, note_damaged, note_unwritable, sealed, unsealed

kernel: Any = njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)  # type: ignore[call-overload]
"""For functions that only other compiled functions call."""


def entry(function: Callable[..., Any]) -> Any:
    """For functions that Python calls."""
    compiled: Any = njit(error_model="numpy", nogil=True)(function)
    if compiled_folder() is not None:
        compiled._cache = _Cache(function)  # as Numba does for cache=True, with a cache that heals
    return compiled


class _Place(UserProvidedCacheLocator):
    """Where a function's code lies: by the module's place in the package, the same for every user and container.

    A module of somebody else's has a folder named by what it holds.
    """

    def __init__(self, function: Callable[..., Any], file: str) -> None:
        self._lineno = function.__code__.co_firstlineno
        module = Path(file)
        ours = module.is_relative_to(PACKAGE)
        room = module.parent.relative_to(PACKAGE) if ours else blake2b(module.read_bytes(), digest_size=16).hexdigest()
        self._cache_path = str(Path(compiled_folder() or "") / room)

    def get_source_stamp(self) -> str:
        return "the folder is named by the sources"

    @classmethod
    def from_function(cls, function: Callable[..., Any], file: str) -> _Place:
        return cls(function, file)


class _Implementation(CompileResultCacheImpl):
    _locator_classes = [_Place]  # noqa: RUF012


class _Files(IndexDataCacheFile):
    """Index and machine code, whole or not at all; damaged code, which could do anything, is never run."""

    def _load_index(self) -> dict[Any, str]:
        """Return the names of the files of code by what they are code for."""
        path = Path(self._index_path)
        return self._sound(path)[1] if path.exists() else {}

    def _save_index(self, names: dict[Any, str]) -> None:
        self._keep(Path(self._index_path), (self._version, names))

    def _save_data(self, name: str, data: Any) -> None:
        self._keep(Path(self._data_path(name)), data)

    def _keep(self, path: Path, value: Any) -> None:
        with whole_file(path) as file:
            file.write(sealed(self._dump(value), path.name))

    def _load_data(self, name: str) -> Any:
        return self._sound(Path(self._data_path(name)))

    def _sound(self, path: Path) -> Any:
        body = unsealed(path.read_bytes(), path.name)
        if body is None:
            raise ValueError(path)
        return pickle.loads(body)


class _Cache(FunctionCache):
    """Numba's cache, but what is damaged counts as not there, and what cannot be kept is no fault."""

    _impl_class = _Implementation

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        place = self._impl.locator
        self._cache_file = _Files(place.get_cache_path(), self._impl.filename_base, place.get_source_stamp())

    def load_overload(self, signature: Any, context: Any) -> Any:
        """Return the code for a signature; None if there is none that is sound."""
        try:
            return super().load_overload(signature, context)
        except Exception:  # whatever bytes can do to a reader
            note_damaged(Path(self._cache_path))
            with suppress(OSError):
                self.flush()
            return None

    def save_overload(self, signature: Any, code: Any) -> None:
        """Keep the code for a signature, where that is possible."""
        try:
            super().save_overload(signature, code)
        except OSError as error:
            note_unwritable(error.strerror)
