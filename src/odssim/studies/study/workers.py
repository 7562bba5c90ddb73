"""Executors: local worker processes, of which a killed one costs only the chunk that it held, and a Dask cluster."""

from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

from odssim.core.processes import quiet_start, start_worker
from odssim.errors import OdssimError, ScenarioError


class BrokenEngineError(OdssimError):
    """The executor cannot take work any more."""


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

        Raises RuntimeError: if every worker holds a call.
        """
        free = [i for i, held in enumerate(self._held) if held is None or held.done()]
        if not free:
            raise RuntimeError("every worker holds a chunk")
        i = free[0]
        try:
            with quiet_start():
                future = self._slot(i).submit(fn, *args, **kwargs)
        except BrokenExecutor:  # killed while it had nothing to do
            self._stop(i)
            with quiet_start():
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
            slot = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=start_worker)
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


CONNECT_S = 20


@contextmanager
def dask_executor(scheduler: str) -> Iterator[tuple[Executor, int]]:
    """Yield an executor on a Dask cluster and the threads that its workers have now.

    A task whose worker is lost is given to another worker by the scheduler itself; after some losses it
    comes back as a fault, and the dispatcher goes on from there.

    Raises ScenarioError: if dask.distributed is not installed. BrokenEngineError: if no scheduler answers at the
    address.
    """
    try:
        from distributed import Client
    except ImportError:
        remedy = "pip install 'odssim[cluster]'"
        raise ScenarioError("needs dask.distributed", key="--engine", value="dask", remedy=remedy) from None
    try:
        client = Client(scheduler, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError, TimeoutError):
        raise BrokenEngineError("no Dask scheduler answers at {scheduler}", scheduler=scheduler) from None
    with client:
        # pure=False: a chunk that is sent again must be done again, not answered with the old fault
        yield client.get_executor(pure=False), max(1, sum(client.nthreads().values()))
