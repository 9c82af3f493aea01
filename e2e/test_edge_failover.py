"""nginx while servers fail, are overloaded, or its configuration changes."""

from __future__ import annotations

import http.server
import json
import threading
import time
from typing import TYPE_CHECKING

import pytest

from background_clients import BackgroundClients
from conftest import DEMO_STORE, launch, own_series
from nginx import TREND, cache_status
from polling import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conftest import Server
    from http_exchange import Response
    from nginx import Nginx


def mixed_clients(nginx: Nginx) -> BackgroundClients:
    """Return clients that GET known trends and, every third time, POST an own series."""

    def send(number: int) -> Response:
        if number % 3 == 0:
            return nginx.request("/v1/forecasts", json.dumps(own_series(seed=number)).encode())
        return nginx.request(TREND if number % 3 == 1 else "/v1/forecasts?hashtags=wideleg&market=vn")

    return BackgroundClients(send)


class OverloadedServer(http.server.BaseHTTPRequestHandler):
    """A server that answers 503 with a wrong `max-age`; a real one cannot be overloaded on demand."""

    protocol_version = "HTTP/1.1"
    requests = 0

    def do_GET(self) -> None:
        """Answer 503, or 502 where the path has `bad`."""
        type(self).requests += 1
        body = b'{"status":503}'
        self.send_response(502 if "bad" in self.path else 503)
        self.send_header("Content-Type", "application/problem+json")
        self.send_header("Cache-Control", "public, max-age=60")
        self.send_header("Retry-After", "7")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Log nothing."""


class RestartableServer:
    """A server that tests kill and restart on the same port."""

    def __init__(self, log: Path) -> None:
        """Start the server."""
        self._server = launch(log, [f"store.url={DEMO_STORE}"])
        self.port = self._server.port

    def restart(self) -> None:
        """Start the server again if it was killed, and wait until it is ready."""
        if self._server.process.poll() is not None:
            self._server = launch(self._server.log, [f"store.url={DEMO_STORE}"], port=self.port)
        self._server.wait_until_ready(60)

    def kill(self) -> None:
        """Kill the server."""
        self._server.kill()


@pytest.fixture(scope="module")
def restartable_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RestartableServer]:
    server = RestartableServer(tmp_path_factory.mktemp("restartable") / "server.log")
    yield server
    server.kill()


@pytest.fixture
def victim(restartable_server: RestartableServer) -> RestartableServer:
    restartable_server.restart()
    return restartable_server


@pytest.fixture
def overloaded() -> Iterator[type[OverloadedServer]]:
    handler = type("Handler", (OverloadedServer,), {"requests": 0})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    handler.port = server.server_address[1]  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield handler
    server.shutdown()
    thread.join()
    server.server_close()


def test_stale_responses_bridge_the_failure_of_all_replicas(
    start_nginx: Callable[..., Nginx], victim: RestartableServer
) -> None:
    nginx = start_nginx([victim.port])
    stored = nginx.request(TREND)

    victim.kill()
    time.sleep(2.1)
    stale = [nginx.request(TREND) for _ in range(3)]
    unknown = nginx.request("/predict?hashtags=not-yet-requested&market=vn")
    posted = nginx.request("/predict", b'{"hashtags": ["wideleg"]}')
    victim.restart()
    time.sleep(1.1)
    recovered = nginx.request(TREND)

    assert {response.status for response in stale} == {200}
    assert {response.body for response in stale} == {stored.body}
    assert {cache_status(response) for response in stale} == {"hemline-nginx; fwd=stale; detail=origin-failed"}
    assert {response.headers["Cache-Control"] for response in stale} == {"public, max-age=10"}
    assert {response.headers["CDN-Cache-Control"] for response in stale} == {"max-age=10"}
    for refused in (unknown, posted):
        assert refused.status == 502
        assert refused.headers["Content-Type"] == "application/problem+json"
        assert refused.headers["Cache-Control"] == "no-store"
        assert refused.headers["Retry-After"] == "1"
        assert refused.json()["type"] == "urn:hemline:problem:origin-unreachable"
    assert recovered.status == 200
    assert "detail" not in cache_status(recovered)


def test_a_stale_response_is_not_served_past_its_limit(
    start_nginx: Callable[..., Nginx], victim: RestartableServer
) -> None:
    nginx = start_nginx([victim.port], EDGE_STALE="1")
    stored = nginx.request(TREND)

    victim.kill()
    time.sleep(4.1)
    refused = [nginx.request(TREND) for _ in range(3)]

    assert stored.status == 200
    assert {response.status for response in refused} == {502}
    assert {response.json()["type"] for response in refused} == {"urn:hemline:problem:origin-unreachable"}


def test_no_request_fails_while_a_replica_is_killed(
    start_nginx: Callable[..., Nginx], replicas: list[Server], victim: RestartableServer
) -> None:
    nginx = start_nginx([victim.port, replicas[0].port])

    with mixed_clients(nginx) as clients:
        clients.wait_for(100)
        victim.kill()
        clients.wait_for(200)

    assert clients.failures == []
    wait_until(lambda: len(nginx.log()) >= len(clients.completed), 10, lambda: "lines are missing in the access log")
    to_victim = [line for line in nginx.log() if str(victim.port) in line["upstream"]]
    assert any(line["upstream_status"] == "200" for line in to_victim)
    assert any("," in line["upstream"] for line in to_victim)


def test_a_503_of_an_overloaded_server_is_forwarded_and_neither_cached_nor_counted_as_a_failure(
    start_nginx: Callable[..., Nginx], overloaded: type[OverloadedServer]
) -> None:
    nginx = start_nginx([overloaded.port])  # type: ignore[attr-defined]

    responses = [nginx.request(TREND) for _ in range(5)]

    assert [response.status for response in responses] == [503] * 5
    assert {response.headers["Retry-After"] for response in responses} == {"7"}
    assert overloaded.requests == 5


def test_a_502_is_retried_once_at_another_replica(
    start_nginx: Callable[..., Nginx], overloaded: type[OverloadedServer], replicas: list[Server]
) -> None:
    nginx = start_nginx([overloaded.port, replicas[0].port])  # type: ignore[attr-defined]

    responses = [nginx.request(f"/predict?hashtags=bad{number}&market=vn") for number in range(8)]

    assert {response.status for response in responses} == {404}
    assert overloaded.requests >= 1


def test_no_request_fails_while_the_configuration_changes(nginx: Nginx) -> None:
    with mixed_clients(nginx) as clients:
        for rate in ("90000", "80000", "100000"):
            clients.wait_for(30)
            done = nginx.reload(EDGE_RATE=rate)
            assert done.returncode == 0, done.stderr
        clients.wait_for(30)

    assert clients.failures == []


def test_an_invalid_configuration_changes_nothing(nginx: Nginx) -> None:
    done = nginx.reload(EDGE_RATE="many")
    nginx.environment["EDGE_RATE"] = "100000"

    assert done.returncode == 1
    assert 'invalid rate "rate=manyr/s"' in done.stderr
    assert "nothing was changed" in done.stderr
    assert nginx.request(TREND).status == 200
