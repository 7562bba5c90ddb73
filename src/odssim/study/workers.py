"""Local worker processes: an executor in which a killed worker costs only the chunk that it held."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from typing import Any

from odssim.errors import OdssimError

ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1"
)


class LocalWorkers(Executor):
    """`n` processes, each behind an executor of its own.

    One pool of `n` would break as a whole when a worker is killed, and would not say which chunk it
    held. Here the chunk's future fails with `BrokenProcessPool` and the next `submit` starts a new worker.
    """

    def __init__(self, n: int) -> None:
        """Start nothing yet; a process starts with the first chunk that it gets."""
        self._slots: list[ProcessPoolExecutor | None] = [None] * n
        self._held: list[Future[Any] | None] = [None] * n

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Hand a call to a free worker.

        Raises
        ------
        RuntimeError
            If every worker holds a call.
        """
        free = [i for i, held in enumerate(self._held) if held is None or held.done()]
        if not free:
            raise RuntimeError("every worker holds a chunk")
        i = free[0]
        try:
            with _quiet_start():
                future = self._slot(i).submit(fn, *args, **kwargs)
        except BrokenExecutor:  # killed while it had nothing to do
            self._stop(i)
            with _quiet_start():
                future = self._slot(i).submit(fn, *args, **kwargs)
        self._held[i] = future
        return future

    def _slot(self, i: int) -> ProcessPoolExecutor:
        """Return the executor of a slot, a new one if the last has lost its worker."""
        held, slot = self._held[i], self._slots[i]
        if held is not None and isinstance(held.exception(), BrokenExecutor):
            self._held[i] = None
            self._stop(i)
            slot = None
        if slot is None:
            slot = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_start_worker)
            self._slots[i] = slot
        return slot

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers; without `wait` those that are at work are killed."""
        for i, slot in enumerate(self._slots):
            if slot is not None and not wait:
                for process in list((slot._processes or {}).values()):
                    process.kill()
            self._stop(i)

    def _stop(self, i: int) -> None:
        slot, self._slots[i] = self._slots[i], None
        if slot is not None:
            slot.shutdown(wait=True, cancel_futures=True)


@contextmanager
def local_pool(n: int) -> Iterator[Executor]:
    """Yield an executor of `n` processes for work that is begun anew if it is cut short.

    The processes start at once. A killed one ends the work in one line; what waits is dropped if the block fails.

    Raises
    ------
    OdssimError
        If a process was killed.
    """
    pool = ProcessPoolExecutor(n, mp_context=get_context("spawn"), initializer=_start_worker)
    try:
        with _quiet_start():
            for _ in range(n):
                pool.submit(int)
        yield pool
    except BrokenExecutor:
        raise OdssimError(f"a process was killed (out of memory?); fewer than {n} --workers need less") from None
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def _quiet_start() -> Iterator[None]:
    """Let a process that starts here run on one thread and leave Ctrl-C to its parent, from its first moment."""
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    os.environ.update(ONE_THREAD)
    can_block = hasattr(signal, "pthread_sigmask")
    if can_block:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        if can_block:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def _start_worker() -> None:
    """Leave Ctrl-C to the parent, and end when the parent ends, even if it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: Any) -> None:
    parent.join()
    os._exit(1)
