"""The whole chain under swaps, outages and invalid requests, as its clients see it."""

from __future__ import annotations

import json
import os
import signal
import time
from typing import TYPE_CHECKING

import pytest

from background_clients import BackgroundClients

if TYPE_CHECKING:
    from chain import Chain
    from http_exchange import Response
    from worker import Worker

TRENDS = (("wideleg", "vn"), ("tutuseason", "jp"), ("silkbonnet", "eu"), ("iceblue", "us"))


def questions() -> list[tuple[str, bytes | None]]:
    """Return the path and the body of a GET and a POST for each trend."""
    by_get: list[tuple[str, bytes | None]] = [
        (f"/v1/forecasts?hashtags={trend}&market={market}", None) for trend, market in TRENDS
    ]
    by_post = [("/predict", json.dumps({"hashtags": [trend], "market": market}).encode()) for trend, market in TRENDS]
    return by_get + by_post


def polling(worker: Worker, sent: list[tuple[str, bytes | None]]) -> BackgroundClients:
    """Return one client per question that sends it again every 50 ms."""
    return BackgroundClients(lambda number: worker.request(*sent[number % len(sent)]), len(sent), interval=0.05)


@pytest.mark.parametrize(("before", "after"), [("2", "1"), ("1", "2")], ids=["rollback", "promotion"])
def test_after_a_swap_at_two_replicas_three_seconds_apart_no_client_gets_the_old_version_again(
    chain: Chain, before: str, after: str
) -> None:
    assert [server.live_version() for server in chain.servers] == [before, before]
    began = time.time()

    sent = questions()
    with polling(chain.worker, sent) as clients:
        time.sleep(1)
        chain.promote(chain.servers[0], after)
        time.sleep(1)
        chain.worker.purge(before, since=began)  # the other server's purge on a change of features
        time.sleep(2)
        chain.promote(chain.servers[1], after)
        last = time.monotonic()
        time.sleep(4)

    assert clients.failures == []
    for client in range(len(sent)):
        seen = [(completed.arrived, completed.response.headers["X-Model-Version"]) for completed in clients.of(client)]
        versions = [version for _, version in seen]
        assert versions[0] == before
        assert versions[-1] == after
        assert versions == sorted(versions, key=lambda version: version == after), "an older version came back"
        assert {version for arrived, version in seen if arrived > last + 2} == {after}


def test_the_worker_serves_stale_answers_through_an_outage_of_ten_seconds(chain: Chain) -> None:
    sent = questions()
    stored = [chain.worker.request(path, body) for path, body in sent]
    chain.worker.purge(*{response.headers["X-Model-Version"] for response in stored})

    os.kill(chain.nginx.process.pid, signal.SIGSTOP)
    workers = chain.nginx.children()
    for process in workers:
        os.kill(process, signal.SIGSTOP)
    try:
        with polling(chain.worker, sent) as clients:
            time.sleep(10)
        unknown = chain.worker.request("/predict?hashtags=not-yet-requested")
    finally:
        for process in (*workers, chain.nginx.process.pid):
            os.kill(process, signal.SIGCONT)

    assert clients.failures == []
    assert all(len(clients.of(client)) >= 10 for client in range(len(sent)))
    assert unknown.status in {503, 504}
    assert unknown.headers["Content-Type"] == "application/problem+json"
    assert unknown.headers["Cache-Control"] == "no-store"


INVALID = [
    ("GET", "/predict", None),
    ("GET", "/predict?hashtags=", None),
    ("GET", "/predict?hashtags=wideleg&market=atlantis", None),
    ("GET", "/predict?hashtags=wideleg&colour=red", None),
    ("GET", "/predict?hashtags=unknown-trend&market=vn", None),
    ("GET", "/predict?hashtags=%ff", None),
    ("GET", "/v1/forecasts?hashtags=wideleg&include=everything", None),
    ("GET", "/v1/forecasts?hashtags=" + ",".join(f"t{number}" for number in range(65)), None),
    ("GET", "/v1/trends?limit=0", None),
    ("GET", "/v1/trends?sort=sideways", None),
    ("GET", "/v1/trends?cursor=%21", None),
    ("GET", "/nothing/here", None),
    ("GET", "/" + "n" * 60, None),
    ("GET", "/v2/models/unknown", None),
    ("DELETE", "/predict", None),
    ("PUT", "/v1/forecasts", b"{}"),
    ("POST", "/v1/trends", b"{}"),
    ("POST", "/health/ready", b""),
    ("POST", "/predict", b""),
    ("POST", "/predict", b"{"),
    ("POST", "/predict", b"[]"),
    ("POST", "/predict", b"\xff"),
    ("POST", "/predict", b'{"hashtags": []}'),
    ("POST", "/predict", b'{"hashtags": ["wideleg"], "hashtags": ["cargo"]}'),
    ("POST", "/predict", b'{"hashtags": ["wideleg"], "colour": "red"}'),
    ("POST", "/predict", b'{"hashtags": ["' + b"a" * 101 + b'"]}'),
    ("POST", "/v1/forecasts", b'{"items": []}'),
    ("POST", "/v1/forecasts", b'{"items": [{}]}'),
    ("POST", "/v1/forecasts", b'{"items": [{"hashtag": "wideleg", "series": [1], "last_week": "2026-11-16"}]}'),
    ("POST", "/v1/forecasts", b'{"items": [{"series": [1, "x"], "last_week": "2026-11-17"}]}'),
    ("POST", "/v1/forecasts", b'{"items": [{"series": [1e31], "last_week": "2026-11-16"}]}'),
    ("POST", "/v1/forecasts", b'{"items": [{"series": [1], "last_week": "2026-11-16", "image": "bm8gaW1hZ2U="}]}'),
    ("POST", "/v1/forecasts", json.dumps({"items": [{"series": [1] * 521, "last_week": "2026-11-16"}]}).encode()),
    ("POST", "/v1/forecasts", json.dumps({"items": [{"hashtag": f"t{n}"} for n in range(65)]}).encode()),
    ("POST", "/v1/forecasts", b" " * 8_000_001),
    ("POST", "/v2/models/trend/infer", b'{"inputs": []}'),
]


@pytest.mark.parametrize(
    ("method", "path", "body"), INVALID, ids=[f"{m} {p[:40]} {(b or b'')[:40]!r}" for m, p, b in INVALID]
)
def test_an_invalid_request_gets_the_same_problem_from_server_nginx_and_worker(
    chain: Chain, method: str, path: str, body: bytes | None
) -> None:
    headers = {} if body is None else {"Content-Type": "application/json", "Content-Length": str(len(body))}
    sent = None if len(body or b"") > 8_000_000 else body  # the server refuses by Content-Length

    at_server = outcome(chain.servers[0].exchange(path, sent, headers, method=method))
    at_nginx = outcome(chain.nginx.request(path, body, method=method))
    at_worker = outcome(chain.worker.request(path, body, method=method))

    assert at_server[0] >= 400
    assert (at_nginx, at_worker) == (at_server, at_server)


def outcome(response: Response) -> tuple[int, str | None, str | None, bytes]:
    """Return what a problem consists of."""
    return response.status, response.headers["Content-Type"], response.headers["Allow"], response.body


@pytest.mark.parametrize("media_type", ["text/plain", "application/json; charset=latin-1", "image/png"])
def test_another_media_type_gets_the_same_problem_from_server_nginx_and_worker(chain: Chain, media_type: str) -> None:
    body = b'{"hashtags": ["wideleg"]}'
    headers = {"Content-Type": media_type}

    at_server = outcome(chain.servers[0].exchange("/predict", body, headers))
    at_nginx = outcome(chain.nginx.request("/predict", body, headers))
    at_worker = outcome(chain.worker.request("/predict", body, headers))

    assert at_server[0] == 415
    assert (at_nginx, at_worker) == (at_server, at_server)
