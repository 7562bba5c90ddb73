"""A real server and a client that means harm: every refusal is clear, and the server lives on."""

import json
import re
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from urllib.parse import urlsplit

import pytest

pytest.importorskip("uvicorn", reason="the extra live is not installed")
websockets = pytest.importorskip("websockets.sync.client", reason="the extra live is not installed")
gone = pytest.importorskip("websockets.exceptions")

PATIENCE_S = 60


@pytest.fixture(scope="module")
def servers():
    """Return the links of a server of one's own and of a class: (own), (teacher, watcher)."""
    command = [sys.executable, "-m", "odssim", "app", "new-town", "--port", "0"]
    running = [subprocess.Popen([*command, *extra], stderr=subprocess.PIPE, text=True) for extra in ((), ("--class",))]
    links = [[re.search(r"http://\S+", one.stderr.readline())[0] for _ in range(n)] for n, one in enumerate(running, 1)]
    for one in running:
        threading.Thread(target=one.stderr.read, daemon=True).start()
    yield links
    alive = [one.poll() is None for one in running]
    for one in running:
        one.terminate()
        one.wait(PATIENCE_S)
    assert alive == [True, True]


@pytest.fixture
def own(servers):
    return urlsplit(servers[0][0])


def raw(own, data, *, read=True):
    """Send bytes as they are; return the first bytes of the answer."""
    with socket.create_connection((own.hostname, own.port), timeout=PATIENCE_S) as line:
        line.sendall(data)
        return line.recv(4096) if read else b""


def get(own, path, host=None, extra=""):
    return raw(own, f"GET {path} HTTP/1.1\r\nHost: {host or own.netloc}\r\n{extra}Connection: close\r\n\r\n".encode())


def live(own, query="", **options):
    return websockets.connect(f"ws://{own.netloc}/live{query}", open_timeout=PATIENCE_S, compression=None, **options)


def until(line, kind):
    for _ in range(1000):
        message = line.recv(timeout=PATIENCE_S)
        if isinstance(message, str) and (note := json.loads(message))["is"] == kind:
            return note
    raise AssertionError(f"no {kind}")


def talk(line, text, times):
    """Say the same many times, then listen until the server hangs up."""
    for _ in range(times):
        line.send(text)
    while True:
        line.recv(timeout=PATIENCE_S)


def opens(own):
    """Tell whether the server shows a world to an honest browser, as soon as it has noticed who is gone."""
    patience = time.monotonic() + PATIENCE_S
    while time.monotonic() < patience:
        with live(own) as line, suppress(gone.ConnectionClosed):
            line.send(json.dumps({"do": "open", "plan": {"world": "new-town", "seed": 1}, "minute": 0}))
            return until(line, "world")["id"] == "new-town"
        time.sleep(0.2)
    return False


@pytest.mark.parametrize(
    "path",
    ["/../server.py", "/..%2f..%2fserver.py", "/%2e%2e/%2e%2e/server.py", "//etc/passwd", "/words/../../server.py",
     "/..\\server.py", "/%00", "/main.js%00.html", "/main.js/", "/" + "a" * 5000, "/vendor", "/.", "/words/%FF"],
)  # fmt: skip
def test_no_path_leads_out_of_the_page(own, path):
    status = get(own, path).split(b"\r\n")[0]
    assert status.split()[1] in (b"404", b"400"), status


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.1", "localhost.evil.example", "[::1", "x@y"]
)
def test_a_name_that_is_not_ours_is_refused(own, host):
    answer = get(own, "/", host=host)
    assert answer.split()[1] in (b"403", b"400")
    assert b"<title>" not in answer


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1", "file://", "https://127.0.0.1.evil.example"]
)
def test_a_foreign_page_cannot_open_the_line(own, origin):
    with pytest.raises(gone.InvalidStatus) as refused, live(own, additional_headers={"Origin": origin}):
        pass
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize(
    "data",
    [b"\x00" * 4000, b"GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", b"X" * 200_000,
     b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
     b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 999999999\r\n\r\nx",
     b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"A: " + b"b" * 300_000 + b"\r\n\r\n"],
)  # fmt: skip
def test_what_is_no_request_is_refused(own, data):
    try:
        answer = raw(own, data)
    except OSError:
        answer = b""  # hung up
    assert b"<title>" not in answer
    assert get(own, "/").split()[1] == b"200"


def test_a_message_beyond_the_transports_limit_ends_the_line_and_nothing_else(own):
    with live(own) as line, pytest.raises((gone.ConnectionClosed, OSError)):
        talk(line, "x" * (2 << 20), 1)
    assert opens(own)


def test_frames_cut_short_and_clients_that_vanish_leave_nothing_behind(own):
    shake = (
        f"GET /live HTTP/1.1\r\nHost: {own.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    ).encode()
    broken = (b"\x81\xfe\xff\xff", b"\x8f\xff" + b"\xff" * 8, b"\x81\x05hello", b"\xc1\x80\0\0\0\0")
    for frame in broken * 3:
        raw(own, shake + frame, read=False)
    assert opens(own)


def test_a_flood_is_told_and_ended_and_others_go_on(own):
    with live(own) as line, live(own) as other:
        with pytest.raises((gone.ConnectionClosed, OSError)):
            talk(line, '{"do": "seek", "minute": 99999}', 20_000)
        other.send("{")
        assert "not valid JSON" in until(other, "error")["text"]
    assert opens(own)


@pytest.mark.parametrize("token", ["", "?token=", "?token=guess", "?token=null", "?token=%00", "?token=" + "A" * 4000])
def test_a_token_is_not_guessed(servers, token):
    with live(urlsplit(servers[1][0]), token) as line:
        fault = until(line, "error")
        assert (fault["key"], fault["final"]) == ("token", True)
        with pytest.raises(gone.ConnectionClosed):
            line.recv(timeout=PATIENCE_S)


def test_who_watches_cannot_steer_whatever_is_sent(servers):
    (teacher, watcher) = (urlsplit(link) for link in servers[1])
    steering = ({"do": "play", "on": True}, {"do": "speed", "minutes": 0}, {"do": "seek", "minute": 7},
                {"do": "show", "view": {}}, {"do": "open", "plan": {"world": "town"}})  # fmt: skip
    with live(teacher, f"?{teacher.query}") as steers, live(watcher, f"?{watcher.query}") as watches:
        steers.send(json.dumps({"do": "open", "plan": {"world": "new-town", "seed": 1}, "minute": 5}))
        assert until(watches, "world")["id"] == "new-town"
        for request in steering:
            watches.send(json.dumps(request))
            assert until(watches, "error")["key"] == "watch"
        steers.send(json.dumps({"do": "speed", "minutes": 15}))
        state = until(steers, "state")
        while state["speed"] != 15:
            state = until(steers, "state")
        assert (state["minute"], state["playing"], state["plan"]["world"]) == (5, False, "new-town")
