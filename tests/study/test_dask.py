"""On a Dask cluster of separate processes the tables are the same, and a worker that is killed costs nothing."""

import socket
import subprocess
import sys
import time

import pytest

from odssim.studies.study import load_study, run_study
from odssim.studies.study.export import export
from study.kills import done_keys
from study.town import MIXES, WORLDS, Inline, batch, started, write_study

distributed = pytest.importorskip("distributed")


def free_port():
    with socket.socket() as here:
        here.bind(("127.0.0.1", 0))
        return here.getsockname()[1]


def cli(command, *args):
    module = f"distributed.cli.dask_{command}"
    return subprocess.Popen([sys.executable, "-m", module, *args], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def worker(address):
    return cli("worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")


@pytest.fixture
def cluster():
    """Yield the address of a scheduler and its two workers, all processes of their own."""
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    processes = [cli("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")]
    processes += [worker(address), worker(address)]
    try:
        with distributed.Client(address, timeout=300) as client:
            client.wait_for_workers(2, timeout=300)
        yield address, processes[1:]
    finally:
        for process in processes:
            process.kill()
            process.wait()


def test_a_killed_dask_worker_loses_nothing(cluster, tmp_path):
    address, workers = cluster
    file = write_study(tmp_path, MIXES + WORLDS.format(n=40))
    command = started(file, "--engine", "dask", "--scheduler", address, "--store", "d.sqlite", folder=tmp_path)
    end = time.monotonic() + 300
    while not done_keys(tmp_path / "d.sqlite"):
        assert time.monotonic() < end
        assert command.poll() is None, command.communicate()
        time.sleep(0.02)
    workers[0].kill()
    in_the_middle = len(done_keys(tmp_path / "d.sqlite"))
    stdout, stderr = command.communicate(timeout=600)
    assert command.returncode == 0, stderr
    assert 0 < in_the_middle < 160
    assert "160 of 160 runs done (160 now), 0 failed" in stdout
    study = load_study(file)
    run_study(study, tmp_path / "local.sqlite", executor=Inline(), workers=1)
    for name in ("d", "local"):
        export(tmp_path / f"{name}.sqlite", study, tmp_path / name, ["parquet"])
    for path in sorted((tmp_path / "d" / "parquet").iterdir()):
        assert path.read_bytes() == (tmp_path / "local" / "parquet" / path.name).read_bytes(), path.name


def test_no_scheduler_at_the_address_is_told_in_one_line(tmp_path, monkeypatch):
    from odssim.studies.study import workers as cluster_module

    monkeypatch.setattr(cluster_module, "CONNECT_S", 1)
    address = f"tcp://127.0.0.1:{free_port()}"
    with (
        pytest.raises(cluster_module.BrokenEngineError, match=f"no Dask scheduler answers at {address}"),
        cluster_module.dask_executor(address),
    ):
        pass


def test_without_dask_the_line_says_how_to_install_it(tmp_path):
    file = write_study(tmp_path)
    (tmp_path / "distributed.py").write_text("raise ImportError")
    code = "import sys; sys.path.insert(0, '.'); from odssim.__main__ import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "batch", str(file), "--engine", "dask", "--scheduler", "tcp://127.0.0.1:1"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.strip() == "--engine = 'dask': needs dask.distributed; pip install 'odssim[cluster]'"
    assert batch(file, "--engine", "dask", folder=tmp_path, expect=2).stderr.startswith("--scheduler: is missing")
