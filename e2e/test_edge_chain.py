"""What clients of the whole chain notice of swaps and outages, and what they are told of bad input."""

from __future__ import annotations

import http.client
import json
import os
import signal
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import pytest

if TYPE_CHECKING:
    from chain import Chain
    from conftest import Reply
    from worker import Worker

TRENDS = (("wideleg", "vn"), ("tutuseason", "jp"), ("silkbonnet", "eu"), ("iceblue", "us"))


@dataclass
class Watch:
    """A client for each question that asks it again and again and notes when which version answered."""

    worker: Worker
    questions: list[tuple[str, bytes | None]]
    seen: list[list[tuple[float, str]]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        """Start asking."""
        self._stop = threading.Event()
        self.seen = [[] for _ in self.questions]
        self._threads = [threading.Thread(target=self._run, args=(number,)) for number in range(len(self.questions))]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop asking."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _run(self, number: int) -> None:
        while not self._stop.wait(0.05):
            path, body = self.questions[number]
            try:
                reply = self.worker.ask(path, body)
            except OSError as error:
                self.failures.append(repr(error))
                continue
            if reply.status != 200:
                self.failures.append(f"{reply.status} {reply.body!r}")
            self.seen[number].append((time.monotonic(), reply.headers["X-Model-Version"]))


def questions() -> list[tuple[str, bytes | None]]:
    by_get: list[tuple[str, bytes | None]] = [
        (f"/v1/forecasts?hashtags={trend}&market={market}", None) for trend, market in TRENDS
    ]
    by_post = [("/predict", json.dumps({"hashtags": [trend], "market": market}).encode()) for trend, market in TRENDS]
    return by_get + by_post


@pytest.mark.parametrize(("before", "after"), [("2", "1"), ("1", "2")], ids=["taken back", "promoted"])
def test_a_swap_at_two_replicas_three_seconds_apart_is_seen_at_the_edge_and_never_flips_back(
    chain: Chain, before: str, after: str
) -> None:
    assert [server.live_version() for server in chain.servers] == [before, before]
    began = time.time()

    with Watch(chain.worker, questions()) as watch:
        time.sleep(1)
        chain.promote(chain.servers[0], after)
        time.sleep(1)
        chain.worker.purge(before, since=began)  # as the other one does when features change
        time.sleep(2)
        chain.promote(chain.servers[1], after)
        last = time.monotonic()
        time.sleep(4)

    assert watch.failures == []
    for seen in watch.seen:
        versions = [version for _, version in seen]
        assert versions[0] == before
        assert versions[-1] == after
        assert versions == sorted(versions, key=lambda version: version == after), "it flipped back"
        assert {version for when, version in seen if when > last + 2} == {after}


def test_a_stale_edge_answers_through_an_outage_of_ten_seconds(chain: Chain) -> None:
    asked = questions()
    known = [chain.worker.ask(path, body) for path, body in asked]
    chain.worker.purge(*{reply.headers["X-Model-Version"] for reply in known})

    os.kill(chain.edge.process.pid, signal.SIGSTOP)
    workers = chain.edge.children()
    for process in workers:
        os.kill(process, signal.SIGSTOP)
    try:
        with Watch(chain.worker, asked) as watch:
            time.sleep(10)
        unknown = chain.worker.ask("/predict?hashtags=nobody-asked-yet")
    finally:
        for process in (*workers, chain.edge.process.pid):
            os.kill(process, signal.SIGCONT)

    assert watch.failures == []
    assert all(len(seen) >= 10 for seen in watch.seen)
    assert unknown.status in {503, 504}
    assert unknown.headers["Content-Type"] == "application/problem+json"
    assert unknown.headers["Cache-Control"] == "no-store"


BAD = [
    ("GET", "/predict", None),
    ("GET", "/predict?hashtags=", None),
    ("GET", "/predict?hashtags=wideleg&market=atlantis", None),
    ("GET", "/predict?hashtags=wideleg&colour=red", None),
    ("GET", "/predict?hashtags=nobody-knows-this&market=vn", None),
    ("GET", "/predict?hashtags=%ff", None),
    ("GET", "/v1/forecasts?hashtags=wideleg&include=everything", None),
    ("GET", "/v1/forecasts?hashtags=" + ",".join(f"t{number}" for number in range(65)), None),
    ("GET", "/v1/trends?limit=0", None),
    ("GET", "/v1/trends?sort=sideways", None),
    ("GET", "/v1/trends?cursor=%21", None),
    ("GET", "/nothing/here", None),
    ("GET", "/" + "n" * 60, None),
    ("GET", "/v2/models/nobody", None),
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


@pytest.mark.parametrize(("method", "path", "body"), BAD, ids=[f"{m} {p[:40]} {(b or b'')[:40]!r}" for m, p, b in BAD])
def test_bad_input_gets_the_same_problem_byte_for_byte_at_server_nginx_and_edge(
    chain: Chain, method: str, path: str, body: bytes | None
) -> None:
    direct = http.client.HTTPConnection("127.0.0.1", chain.servers[0].port, timeout=20)
    headers = {} if body is None else {"Content-Type": "application/json", "Content-Length": str(len(body))}
    direct.request(method, path, None if len(body or b"") > 8_000_000 else body, headers)
    answer = direct.getresponse()
    at_server = (answer.status, answer.headers["Content-Type"], answer.headers["Allow"], answer.read())
    direct.close()

    at_nginx = told(chain.edge.ask(path, body, method=method))
    at_edge = told(chain.worker.ask(path, body, method=method))

    assert at_server[0] >= 400
    assert (at_nginx, at_edge) == (at_server, at_server)


def told(reply: Reply) -> tuple[int, str, str | None, bytes]:
    return reply.status, reply.headers["Content-Type"], reply.headers["Allow"], reply.body


@pytest.mark.parametrize("kind", ["text/plain", "application/json; charset=latin-1", "image/png"])
def test_a_body_of_another_kind_is_refused_alike(chain: Chain, kind: str) -> None:
    body = b'{"hashtags": ["wideleg"]}'
    named = {"Content-Type": kind}
    direct = http.client.HTTPConnection("127.0.0.1", chain.servers[0].port, timeout=20)
    direct.request("POST", "/predict", body, named)
    answer = direct.getresponse()
    at_server = (answer.status, answer.headers["Content-Type"], answer.headers["Allow"], answer.read())
    direct.close()

    at_nginx, at_edge = (told(door.ask("/predict", body, named)) for door in (chain.edge, chain.worker))

    assert at_server[0] == 415
    assert (at_nginx, at_edge) == (at_server, at_server)
