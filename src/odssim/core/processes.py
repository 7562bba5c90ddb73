"""Worker processes on this machine: how they start, and that they end with their parent."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from typing import Any

from odssim.errors import OdssimError

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")


@contextmanager
def local_pool(n: int) -> Iterator[Executor]:
    """Yield an executor of `n` processes for work that is begun anew if it is cut short.

    The processes start at once. A killed one ends the work in one line; what waits is dropped if the block fails.

    Raises OdssimError: if a process was killed.
    """
    pool = ProcessPoolExecutor(n, mp_context=get_context("spawn"), initializer=start_worker)
    try:
        with quiet_start():
            for _ in range(n):
                pool.submit(int)
        yield pool
    except BrokenExecutor:
        raise OdssimError("a process was killed (out of memory?); fewer than {n} --workers need less", n=n) from None
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def quiet_start() -> Iterator[None]:
    """Let a process that starts here run on one thread and leave Ctrl-C to its parent, from its first moment.

    It does not run the caller's script anew: workers need nothing of it, and a script without
    ``if __name__ == "__main__"`` would start workers of its own in each of them.
    """
    script = {name: vars(sys.modules["__main__"]).pop(name, None) for name in ("__file__", "__spec__")}
    sys.modules["__main__"].__spec__ = None
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    os.environ.update(ONE_THREAD)
    can_block = hasattr(signal, "pthread_sigmask")
    if can_block:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        vars(sys.modules["__main__"]).update({name: value for name, value in script.items() if value is not None})
        if can_block:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def start_worker() -> None:
    """Leave Ctrl-C to the parent, and end when the parent ends, even if it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: Any) -> None:
    parent.join()
    os._exit(1)
