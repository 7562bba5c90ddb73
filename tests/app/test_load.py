"""A real server under load: floods, slow heads, silent sockets; whoever comes and speaks is let in."""

import json
import re
import resource
import select
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from urllib.parse import urlsplit

import pytest

pytest.importorskip("uvicorn", reason="the extra live is not installed")
websockets = pytest.importorskip("websockets.sync.client", reason="the extra live is not installed")
gone = pytest.importorskip("websockets.exceptions")
guard = pytest.importorskip("odssim.app.guard")
protocols = pytest.importorskip("odssim.app.protocols")

PATIENCE_S = 60
N_SILENT = 1000
SOON_S = 15.0
OPEN = json.dumps({"do": "open", "plan": {"world": "new-town", "seed": 1}, "minute": 0})


@contextmanager
def server(*extra, limit=None):
    """Yield the links that a server prints; `limit` is the number of files that it may open."""
    command = [sys.executable, "-m", "odssim", "app", "new-town", "--port", "0", *extra]
    if limit:
        command = ["sh", "-c", f'ulimit -n {limit}; exec "$@"', "sh", *command]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    links = [urlsplit(re.search(r"http\S+", running.stderr.readline())[0])]
    told = []
    threading.Thread(target=lambda: told.extend(running.stderr), daemon=True).start()
    try:
        yield links[0]
        assert running.poll() is None
    finally:
        running.terminate()
        running.wait(PATIENCE_S)
    assert "Traceback" not in "".join(told)


@pytest.fixture(scope="module")
def own():
    with server() as link:
        yield link


def live(own, **options):
    return websockets.connect(f"ws://{own.netloc}/live", open_timeout=PATIENCE_S, compression=None, **options)


def status(own, path="/"):
    with socket.create_connection((own.hostname, own.port), timeout=PATIENCE_S) as line:
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: {own.netloc}\r\nConnection: close\r\n\r\n".encode())
        return line.recv(4096).split()[1]


def until(line, kind):
    for _ in range(1000):
        message = line.recv(timeout=PATIENCE_S)
        if isinstance(message, str) and (note := json.loads(message))["is"] == kind:
            return note
    raise AssertionError(f"no {kind}")


def sees_a_world(own):
    """Return the seconds until an honest browser sees a world."""
    started = time.monotonic()
    assert status(own) == b"200"
    with live(own) as line:
        line.send(OPEN)
        assert until(line, "world")["id"] == "new-town"
    return time.monotonic() - started


def want_files():
    """Ask for enough open files for this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= soft < 4096:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard if 0 <= hard < 4096 else 4096, hard))


def silent(own, stack, n, head=b""):
    """Open `n` connections that say nothing, or less than a head."""
    want_files()
    found = []
    for _ in range(n):
        line = stack.enter_context(socket.create_connection((own.hostname, own.port), timeout=PATIENCE_S))
        if head:
            with suppress(OSError):
                line.sendall(head)
        found.append(line)
    return found


def is_open(line):
    asked = select.poll()  # select() knows no descriptor above 1,023
    asked.register(line, select.POLLIN)
    readable = asked.poll(0)
    with suppress(OSError):
        return not readable or bool(line.recv(4096))
    return False


def read_on(line):
    """Read what comes until the line is closed, as browsers do."""
    with suppress(gone.ConnectionClosed, OSError):
        for _ in line:
            pass


def flood(own, frames_a_second, seconds):
    """Send one request again and again; return the code with which the line is closed, None if it is not."""
    with live(own) as line:
        threading.Thread(target=read_on, args=(line,), daemon=True).start()
        started, sent = time.monotonic(), 0
        with suppress(gone.ConnectionClosed, OSError):
            while (now := time.monotonic() - started) < seconds:
                while sent < now * frames_a_second:
                    line.send('{"do": "seek", "minute": 5}')
                    sent += 1
                time.sleep(0.01)
            return None
        return line.close_code


def test_a_flood_of_a_hundred_a_second_is_ended_and_forty_are_not(own):
    with live(own) as other:
        assert flood(own, 2.5 * guard.MESSAGES_PER_S, 3 * (guard.BURST + guard.PATIENCE) / guard.MESSAGES_PER_S) == 1008
        other.send("{")
        assert "not valid JSON" in until(other, "error")["text"]
    assert flood(own, 0.9 * guard.MESSAGES_PER_S, 4) is None
    assert flood(own, 5000, 10) == 1008
    sees_a_world(own)


def test_pings_and_pieces_without_end_are_a_flood_too(own):
    with live(own) as line, suppress(OSError):
        with suppress(gone.ConnectionClosed):
            for _ in range(2000):
                line.ping()
        read_on(line)
        assert line.close_code == 1008
    with live(own) as line, pytest.raises((gone.ConnectionClosed, OSError)):
        line.send(" " for _ in range(5000))
    sees_a_world(own)


def test_a_head_has_its_time_and_no_more(own):
    with ExitStack() as stack:
        lines = silent(own, stack, 3) + silent(own, stack, 3, head=b"GET / HTTP/1.1\r\nHost: x\r\n")
        kept = silent(own, stack, 1, head=f"GET / HTTP/1.1\r\nHost: {own.netloc}\r\n\r\n".encode())
        assert is_open(kept[0])
        started = time.monotonic()
        while any(map(is_open, lines)):
            for line in lines[3:]:
                with suppress(OSError):
                    line.sendall(b"X: y\r\n")  # a drop now and then is not a head
            time.sleep(0.5)
            assert time.monotonic() - started < 2 * protocols.HEAD_S
        assert time.monotonic() - started > protocols.HEAD_S - 2


@pytest.mark.parametrize("head", [b"", b"GET /live HTTP/1.1\r\nHost: "], ids=["silent", "half a head"])
def test_a_thousand_who_say_nothing_keep_nobody_out(own, head):
    with live(own) as first, ExitStack() as stack:
        first.send(OPEN)
        until(first, "world")
        lines = silent(own, stack, N_SILENT, head)
        assert sees_a_world(own) < SOON_S
        assert sum(map(is_open, lines)) <= protocols.MOST_WAITING
        assert sum(map(is_open, lines[-protocols.MOST_WAITING // 2 :])) > protocols.MOST_WAITING // 3  # the oldest go
        first.send('{"do": "speed", "minutes": 1}')
        while until(first, "state")["speed"] != 1:
            pass


def test_websockets_that_say_nothing_keep_nobody_out(own):
    with ExitStack() as stack:
        for _ in range(30):
            stack.enter_context(live(own))
        sees_a_world(own)


def test_with_few_files_it_is_the_same():
    with server(limit=256) as own, ExitStack() as stack:
        want_files()
        for _ in range(2000):  # all at once: whoever is taken in and not yet counted is an open file too
            line = stack.enter_context(socket.socket())
            line.setblocking(False)
            line.connect_ex((own.hostname, own.port))
        assert sees_a_world(own) < SOON_S


def test_it_serves_behind_a_proxy():
    """What a proxy sends on: its own name as Host or the server's address, with or without the base path."""
    with server("--origin", "https://example.org", "--base-path", "/odssim") as own:
        assert own.path == "/odssim/"
        at = f"{own.hostname}:{own.port}"
        for host in ("example.org", at):
            for path in ("/odssim/live", "/live"):
                headers = {"Host": host, "Origin": "https://example.org"}
                with socket.create_connection((own.hostname, own.port), timeout=PATIENCE_S) as line:
                    fields = {**headers, "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
                              "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="}  # fmt: skip
                    head = "".join(f"{key}: {value}\r\n" for key, value in fields.items())
                    line.sendall(f"GET {path} HTTP/1.1\r\n{head}\r\n".encode())
                    assert line.recv(4096).split()[1] == b"101"
        with pytest.raises(gone.InvalidStatus), live(own, additional_headers={"Origin": "https://evil.example"}):
            pass
