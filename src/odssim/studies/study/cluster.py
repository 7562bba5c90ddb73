"""A Dask cluster as executor: whoever has a scheduler gives its address."""

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from odssim.errors import ScenarioError
from odssim.studies.study.dispatch import BrokenEngineError

CONNECT_S = 20


@contextmanager
def dask_executor(scheduler: str) -> Iterator[tuple[Executor, int]]:
    """Yield an executor on a Dask cluster and the threads that its workers have now.

    A task whose worker is lost is given to another worker by the scheduler itself; after some losses it
    comes back as a fault, and the dispatcher goes on from there.

    Raises
    ------
    ScenarioError
        If dask.distributed is not installed.
    BrokenEngineError
        If no scheduler answers at the address.
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
