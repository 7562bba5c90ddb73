"""The server answers its own page, clearly and only that; nothing a client does brings it down."""

import json
import re
import struct

import pytest

pytest.importorskip("starlette", reason="the extra live is not installed")
pytest.importorskip("httpx", reason="starlette's test client needs httpx")
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from odssim.app.guard import AppError, checked_origin, refusal
from odssim.app.messages import HEADER, MOST_BYTES, RequestError, read_request
from odssim.app.serve import checked_base
from odssim.app.server import MOST_SESSIONS, House, make_app
from odssim.app.sources import shipped

OPEN = {"do": "open", "plan": {"world": "new-town", "seed": 1}, "minute": 1500}


@pytest.fixture
def house():
    return House(shipped())


@pytest.fixture
def client(house):
    with TestClient(make_app(house), base_url="http://127.0.0.1") as client:
        yield client


def ask(socket, *requests):
    for request in requests:
        socket.send_text(request if isinstance(request, str) else json.dumps(request))


def until(socket, kind, most=400):
    """Return the next note of a kind; frames count as kind "frame"."""
    for _ in range(most):
        message = socket.receive()
        if message["type"] == "websocket.close":
            raise WebSocketDisconnect(message["code"])
        if message.get("bytes") is not None:
            if kind == "frame":
                return message["bytes"]
            continue
        note = json.loads(message["text"])
        if note["is"] == kind:
            return note
    raise AssertionError(f"no {kind} in {most} messages")


def test_page_and_all_that_it_names_come_from_here(client):
    page = client.get("/")
    assert page.status_code == 200
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert "http://" not in page.text
    assert "https://" not in page.text
    for name in ("main.js", "style.css", "vendor/uPlot.js", "words/sv.json"):
        assert client.get(f"/{name}").status_code == 200


@pytest.mark.parametrize("path", ["/../server.py", "/..%2fserver.py", "/%2e%2e/serve.py", "/nothing.js", "/vendor"])
def test_only_the_pages_files_are_served(client, path):
    assert client.get(path).status_code == 404


def test_a_foreign_page_or_a_rebound_name_is_refused(client):
    assert client.get("/", headers={"host": "evil.example"}).status_code == 403
    assert client.get("/", headers={"origin": "http://evil.example"}).status_code == 403
    for headers in ({"origin": "http://evil.example"}, {"host": "evil.example"}, {"origin": "null"}):
        with pytest.raises(WebSocketDisconnect), client.websocket_connect("ws://127.0.0.1/live", headers=headers):
            pass


PORT = 8321
PROXY = ("https://example.org", "http://[2001:db8::1]:8080")


@pytest.mark.parametrize(
    ("host", "origin", "bound", "refused"),
    [
        ("127.0.0.1:8321", "http://127.0.0.1:8321", "127.0.0.1", False),
        ("localhost:8321", None, "127.0.0.1", False),
        ("LocalHost:8321", "http://localhost:8321", "127.0.0.1", False),
        ("[::1]:8321", "http://[::1]:8321", "::1", False),
        ("[0:0:0:0:0:0:0:1]:8321", None, "::1", False),
        ("192.168.1.5:8321", None, "192.168.1.5", False),
        ("school.example:8321", None, "school.example", False),
        ("0.0.0.0:8321", None, "0.0.0.0", False),
        ("127.0.0.1:8321", "http://127.0.0.1:9999", "127.0.0.1", True),
        ("127.0.0.1:8321", "https://127.0.0.1:8321", "127.0.0.1", True),
        ("127.0.0.1:8321", "http://127.0.0.1", "127.0.0.1", True),
        ("127.0.0.1:8321", "http://127.0.0.1:8321.evil.example", "127.0.0.1", True),
        ("127.0.0.1:8321", "http://127.0.0.1:8321/", "127.0.0.1", True),
        ("127.0.0.1:8321", "http://x@127.0.0.1:8321", "127.0.0.1", True),
        ("127.0.0.1:8321", "http://localhost:8321", "127.0.0.1", True),
        ("127.0.0.1:8321", "null", "127.0.0.1", True),
        ("127.0.0.1:8321", "", "127.0.0.1", True),
        ("127.0.0.1", None, "127.0.0.1", True),
        ("127.0.0.1:832", None, "127.0.0.1", True),
        ("127.0.0.1:83210", None, "127.0.0.1", True),
        ("127.0.0.1:8321x", None, "127.0.0.1", True),
        ("127.0.0.1:", None, "127.0.0.1", True),
        ("127.0.0.2:8321", None, "127.0.0.1", True),
        ("127.1:8321", None, "127.0.0.1", True),
        ("2130706433:8321", None, "127.0.0.1", True),
        ("localhost.:8321", None, "127.0.0.1", True),
        ("localhost.evil.example:8321", None, "127.0.0.1", True),
        ("notlocalhost:8321", None, "127.0.0.1", True),
        ("[::1:8321", None, "::1", True),
        ("::1:8321", None, "::1", True),
        ("[::1]8321", None, "::1", True),
        ("192.168.1.5:8321", None, "127.0.0.1", True),
        ("192.168.1.6:8321", None, "192.168.1.5", True),
        ("school.example:8321", None, "0.0.0.0", True),
        ("127.0.0.1.evil.example:8321", None, "127.0.0.1", True),
        ("", None, "127.0.0.1", True),
    ],
)
def test_who_is_refused(host, origin, bound, refused):
    headers = [("host", host)] + ([] if origin is None else [("origin", origin)])
    local = ("127.0.0.1" if bound in ("0.0.0.0", "school.example") else bound, PORT)
    assert (refusal(headers, bound, local) is not None) == refused


def test_bound_to_all_addresses_the_one_that_was_reached_counts():
    for host, refused in (("10.1.2.3:8321", False), ("10.1.2.4:8321", True), ("localhost:8321", False)):
        assert (refusal([("host", host)], "0.0.0.0", ("10.1.2.3", PORT)) is not None) == refused
    assert refusal([("host", "10.1.2.3:8321")], "::", ("::ffff:10.1.2.3", PORT)) is None


@pytest.mark.parametrize(
    ("host", "origin", "refused"),
    [
        ("example.org", "https://example.org", False),
        ("example.org:443", "https://example.org", False),
        ("127.0.0.1:8321", "https://example.org", False),
        ("[2001:db8:0::1]:8080", "http://[2001:DB8::1]:8080", False),
        ("example.org", None, False),
        ("example.org", "http://example.org", True),
        ("example.org:80", "https://example.org", True),
        ("www.example.org", None, True),
        ("example.org.evil.example", None, True),
        ("example.org", "https://example.org.evil.example", True),
        ("example.org", "https://evil.example", True),
        ("[2001:db8::1]", None, True),
    ],
)
def test_behind_a_proxy_the_named_pages_alone_may_talk(host, origin, refused):
    headers = [("host", host)] + ([] if origin is None else [("origin", origin)])
    assert (refusal(headers, "127.0.0.1", ("127.0.0.1", PORT), PROXY) is not None) == refused


def test_two_hosts_or_two_origins_are_none():
    host, origin = ("host", "127.0.0.1:8321"), ("origin", "http://127.0.0.1:8321")
    for headers in ([host, host], [host, origin, origin], []):
        assert refusal(headers, "127.0.0.1", ("127.0.0.1", PORT)) is not None


@pytest.mark.parametrize("text", ["example.org", "https://example.org/", "https://*.example.org", "ftp://a.b", "null", ""])
def test_what_is_no_origin_is_told(text):
    with pytest.raises(AppError, match="--origin") as caught:
        checked_origin(text)
    assert "\n" not in str(caught.value)


def test_a_base_path_is_a_plain_path():
    assert [checked_base(text) for text in ("", "/", "/odssim/", "a/b-c")] == ["", "", "/odssim", "/a/b-c"]
    for text in ("/a/../b", "/a?b", "/a b", "/å", "https://example.org"):
        with pytest.raises(AppError, match="--base-path"):
            checked_base(text)


def test_below_a_base_path_page_words_and_line_are_there():
    house = House(shipped(), origins=("https://example.org",), base_path="/odssim")
    headers = {"host": "example.org", "origin": "https://example.org"}
    with TestClient(make_app(house), base_url="http://127.0.0.1", headers=headers) as client:
        short = client.get("/odssim?token=x", follow_redirects=False)
        assert (short.status_code, short.headers["location"]) == (307, "/odssim/?token=x")
        page = client.get("/odssim/").text
        named = re.findall(r'(?:href|src)="([^"#][^"]*)"', page)
        assert len(named) > 3
        for name in (*named, "words/sv.json", "card.js"):
            assert not name.startswith("/")
            assert client.get(f"/odssim/{name}").status_code == 200
        assert client.get("/odssim/../server.py").status_code == client.get("/odssimx/").status_code == 404
        with client.websocket_connect("ws://127.0.0.1/odssim/live", headers=headers) as socket:
            assert until(socket, "hello")["worlds"]


def test_a_world_is_opened_and_played(client):
    with client.websocket_connect("ws://127.0.0.1/live") as socket:
        hello = until(socket, "hello")
        assert (hello["role"], len(hello["catalogue"])) == ("steer", 34)
        assert len(hello["lessons"]) >= 5
        ask(socket, OPEN)
        assert until(socket, "world")["people"]["sellers"] > 100
        assert len(until(socket, "day")["rows"]) == 1
        pane, minute, n, total, reset, _ = HEADER.unpack_from(frame := until(socket, "frame"))
        assert (pane, minute, n, reset) == (0, 1500, total, 1)
        assert len(frame) == struct.calcsize("<6i") + 9 * n
        ask(socket, {"do": "speed", "minutes": 60}, {"do": "play", "on": True})
        later = HEADER.unpack_from(until(socket, "frame"))
        assert later[1] > 1500
        assert later[4] == 0


def test_a_method_is_placed_while_it_runs_and_b_has_the_same_clock(client):
    wish = {"type": "fifteen_minute_patrol", "day": 2, "places": [701]}
    plan = {**OPEN["plan"], "b": [wish]}
    with client.websocket_connect("ws://127.0.0.1/live") as socket:
        ask(socket, OPEN)
        until(socket, "frame")
        ask(socket, {"do": "open", "plan": plan, "minute": 6 * 1440})
        frames = {}
        while set(frames) != {0, 1} or len(set(frames.values())) > 1 or 6 * 1440 not in frames.values():
            head = HEADER.unpack_from(until(socket, "frame"))
            frames[head[0]] = head[1]
        ask(socket, {"do": "card", "pane": "b", "place": 701}, {"do": "save", "pane": "b"})
        assert until(socket, "card")["levers"] == ["zz01"]
        assert 'type = "fifteen_minute_patrol"' in until(socket, "saved")["toml"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "not valid JSON"),
        ("{", "not valid JSON"),
        ("[" * 30_000, "not valid JSON"),
        ("[]", "message"),
        ('{"do": "dance"}', "do"),
        ('{"do": "play"}', "on"),
        ('{"do": "play", "on": 1}', "on"),
        ('{"do": "speed", "minutes": -1}', "minutes"),
        ('{"do": "seek", "minute": 1e400}', "minute"),
        ('{"do": "seek", "minute": NaN}', "minute"),
        ('{"do": "open", "plan": {"world": "/etc/passwd"}}', "world"),
        ('{"do": "open", "plan": {"world": "town", "a": [{"type": "x", "day": 1}]}}', "no such intervention"),
        ('{"do": "card", "pane": "a", "place": 99999999}', "pane"),
        ('{"do": "open", "plan": {"world": "town"}, "cmd": "rm"}', "cmd"),
    ],
)
def test_a_malformed_message_gets_one_clear_line_and_the_talk_goes_on(client, text, told):
    with client.websocket_connect("ws://127.0.0.1/live") as socket:
        ask(socket, text)
        fault = until(socket, "error")["text"]
        assert told in fault
        assert "\n" not in fault
        assert "Traceback" not in fault
        ask(socket, OPEN)
        assert until(socket, "world")["id"] == "new-town"


def test_binary_and_oversized_messages_are_refused(client):
    with client.websocket_connect("ws://127.0.0.1/live") as socket:
        socket.send_bytes(b"\x00\xff")
        assert "text" in until(socket, "error")["text"]
        ask(socket, " " * (MOST_BYTES + 1))
        assert str(MOST_BYTES) in until(socket, "error")["text"]
        with pytest.raises(WebSocketDisconnect) as gone:
            until(socket, "error")
        assert gone.value.code == 1009
    with pytest.raises(RequestError):
        read_request('{"do": "show", "view": {"x": "' + "y" * 9000 + '"}}')


def test_a_flood_is_dropped_told_once_and_survived(client):
    with client.websocket_connect("ws://127.0.0.1/live") as socket:
        ask(socket, *([{"do": "seek", "minute": 5}] * 300))
        assert "too many" in until(socket, "error")["text"]
    with client.websocket_connect("ws://127.0.0.1/live") as socket:
        ask(socket, OPEN)
        assert until(socket, "world")


def test_a_client_that_vanishes_takes_its_town_with_it(client, house):
    for _ in range(MOST_SESSIONS + 1):
        with client.websocket_connect("ws://127.0.0.1/live") as socket:
            ask(socket, {"do": "play", "on": True})
    with client.websocket_connect("ws://127.0.0.1/live") as socket:
        ask(socket, {**OPEN, "minute": 200_000}, {"do": "play", "on": True})  # gone while the town is on its way
    with client.websocket_connect("ws://127.0.0.1/live") as socket:
        ask(socket, OPEN)
        assert until(socket, "world")
        assert len(house.sessions) == house.n_viewers == 1


def test_in_class_one_steers_and_the_others_watch_the_same_town(house):
    house.teacher_token, house.watch_token = "teacher", "pupil"
    with TestClient(make_app(house), base_url="http://127.0.0.1") as client:
        with client.websocket_connect("ws://127.0.0.1/live?token=guess") as socket:
            assert "link" in until(socket, "error")["text"]
        with (
            client.websocket_connect("ws://127.0.0.1/live?token=teacher") as teacher,
            client.websocket_connect("ws://127.0.0.1/live?token=pupil") as pupil,
        ):
            assert until(teacher, "hello")["watch"] == "pupil"
            hello = until(pupil, "hello")
            assert hello["role"] == "watch"
            assert "watch" not in hello
            ask(teacher, OPEN)
            assert until(pupil, "world")["id"] == "new-town"
            ask(pupil, {"do": "play", "on": True})
            assert "cannot steer" in until(pupil, "error")["text"]
            ask(pupil, {"do": "card", "place": 701})
            assert until(pupil, "card")["place"] == 701
            ask(teacher, {"do": "show", "view": {"step": 3}})
            assert until(pupil, "show")["view"] == {"step": 3}
