"""What clients notice when servers die, are full, or the configuration changes: nothing, or the truth."""

from __future__ import annotations

import http.server
import json
import threading
import time
from typing import TYPE_CHECKING

import pytest

from conftest import own_series
from edge import TREND, Load, start_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conftest import Server
    from edge import Edge


def mixed(number: int) -> tuple[str, bytes | None]:
    """Return known trends by GET, every third time an own series by POST."""
    if number % 3 == 0:
        return "/v1/forecasts", json.dumps(own_series(seed=number)).encode()
    return TREND if number % 3 == 1 else "/v1/forecasts?hashtags=wideleg&market=vn", None


class FullServer(http.server.BaseHTTPRequestHandler):
    """A server that says it is full and, wrongly, that this may be kept; a real one cannot be filled on demand."""

    protocol_version = "HTTP/1.1"
    asked = 0

    def do_GET(self) -> None:
        """Answer 503, but 502 to what asks for it."""
        type(self).asked += 1
        body = b'{"status":503}'
        self.send_response(502 if "bad" in self.path else 503)
        self.send_header("Content-Type", "application/problem+json")
        self.send_header("Cache-Control", "public, max-age=60")
        self.send_header("Retry-After", "7")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Mortal:
    """A server that tests may kill; it is brought back on its port when the next one needs it."""

    def __init__(self, log: Path) -> None:
        """Start it."""
        self._server = start_server(log)
        self.port = self._server.port

    def live(self) -> None:
        """Wait until it is ready, after starting it again if it is dead."""
        if self._server.process.poll() is not None:
            self._server = start_server(self._server.log, port=self.port)
        self._server.wait_until_ready(60)

    def die(self) -> None:
        """Kill it; no goodbye."""
        self._server.process.kill()
        self._server.process.wait()


@pytest.fixture(scope="module")
def one_mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mortal]:
    server = Mortal(tmp_path_factory.mktemp("mortal") / "server.log")
    yield server
    server.die()


@pytest.fixture
def mortal(one_mortal: Mortal) -> Mortal:
    one_mortal.live()
    return one_mortal


@pytest.fixture
def full() -> Iterator[type[FullServer]]:
    handler = type("Handler", (FullServer,), {"asked": 0})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    handler.port = server.server_address[1]  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield handler
    server.shutdown()
    thread.join()
    server.server_close()


def test_stale_answers_bridge_the_death_of_all_replicas(start_edge: Callable[..., Edge], mortal: Mortal) -> None:
    edge = start_edge([mortal.port])
    known = edge.ask(TREND)

    mortal.die()
    time.sleep(2.1)
    bridged = [edge.ask(TREND) for _ in range(3)]
    unknown = edge.ask("/predict?hashtags=nobody-asked-yet&market=vn")
    posted = edge.ask("/predict", b'{"hashtags": ["wideleg"]}')
    mortal.live()
    time.sleep(1.1)
    back = edge.ask(TREND)

    assert {reply.status for reply in bridged} == {200}
    assert {reply.body for reply in bridged} == {known.body}
    assert {reply.headers.get_all("Cache-Status")[-1] for reply in bridged} == {
        "hemline-nginx; fwd=stale; detail=origin-failed"
    }
    assert {reply.headers["Cache-Control"] for reply in bridged} == {"public, max-age=10"}
    assert {reply.headers["CDN-Cache-Control"] for reply in bridged} == {"max-age=10"}
    for refused in (unknown, posted):
        assert refused.status == 502
        assert refused.headers["Content-Type"] == "application/problem+json"
        assert refused.headers["Cache-Control"] == "no-store"
        assert refused.headers["Retry-After"] == "1"
        assert refused.json()["type"] == "urn:hemline:problem:origin-unreachable"
    assert back.status == 200
    assert "detail" not in back.headers.get_all("Cache-Status")[-1]


def test_a_stale_answer_stands_in_no_longer_than_it_may(start_edge: Callable[..., Edge], mortal: Mortal) -> None:
    edge = start_edge([mortal.port], EDGE_STALE="1")
    known = edge.ask(TREND)

    mortal.die()
    time.sleep(4.1)
    asked = [edge.ask(TREND) for _ in range(3)]

    assert known.status == 200
    assert {reply.status for reply in asked} == {502}
    assert {reply.json()["type"] for reply in asked} == {"urn:hemline:problem:origin-unreachable"}


def test_no_request_fails_while_a_replica_is_killed(
    start_edge: Callable[..., Edge], replicas: list[Server], mortal: Mortal
) -> None:
    edge = start_edge([mortal.port, replicas[0].port])

    with Load(edge, mixed) as load:
        load.wait_for(100)
        mortal.die()
        load.wait_for(200)

    assert load.failures == []
    asked_mortal = [line for line in edge_log(edge, len(load.statuses)) if str(mortal.port) in line["upstream"]]
    assert any(line["upstream_status"] == "200" for line in asked_mortal)
    assert any("," in line["upstream"] for line in asked_mortal)


def test_a_full_server_is_believed_and_neither_cached_nor_left_out(
    start_edge: Callable[..., Edge], full: type[FullServer]
) -> None:
    edge = start_edge([full.port])  # type: ignore[attr-defined]

    replies = [edge.ask(TREND) for _ in range(5)]

    assert [reply.status for reply in replies] == [503] * 5
    assert {reply.headers["Retry-After"] for reply in replies} == {"7"}
    assert full.asked == 5


def test_a_bad_gateway_is_asked_of_another_replica_once(
    start_edge: Callable[..., Edge], full: type[FullServer], replicas: list[Server]
) -> None:
    edge = start_edge([full.port, replicas[0].port])  # type: ignore[attr-defined]

    replies = [edge.ask(f"/predict?hashtags=bad{number}&market=vn") for number in range(8)]

    assert {reply.status for reply in replies} == {404}
    assert full.asked >= 1


def test_no_request_fails_while_the_configuration_changes(edge: Edge) -> None:
    with Load(edge, mixed) as load:
        for rate in ("90000", "80000", "100000"):
            load.wait_for(30)
            done = edge.reload(EDGE_RATE=rate)
            assert done.returncode == 0, done.stderr
        load.wait_for(30)

    assert load.failures == []


def test_a_bad_configuration_changes_nothing(edge: Edge) -> None:
    done = edge.reload(EDGE_RATE="many")
    edge.environment["EDGE_RATE"] = "100000"

    assert done.returncode == 1
    assert 'invalid rate "rate=manyr/s"' in done.stderr
    assert "nothing was changed" in done.stderr
    assert edge.ask(TREND).status == 200


def edge_log(edge: Edge, lines: int) -> list[dict[str, str]]:
    """Return the access log once it has so many lines."""
    deadline = time.monotonic() + 10
    while len(edge.log()) < lines and time.monotonic() < deadline:
        time.sleep(0.1)
    return edge.log()
