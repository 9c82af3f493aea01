"""What nginx remembers, for how long, and for whom."""

from __future__ import annotations

import base64
import hashlib
import itertools
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from uuid import uuid4

from edge import TREND, Load, served

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Reply, Server
    from edge import Edge


SPELLINGS = itertools.count(1)


def asked(replicas: list[Server], route: str = "/predict", method: str = "GET") -> int:
    return sum(served(server, route, method) for server in replicas)


def fresh(path: str = TREND) -> str:
    """Return the question in a spelling that was not used before: to the server the same, to nginx another one."""
    number, spelling = next(SPELLINGS), ""
    for letter in "wideleg":
        number, form = divmod(number, 3)
        spelling += (letter, letter.upper(), f"%{ord(letter):02x}")[form]
    return path.replace("wideleg", spelling)


def touched_seconds(start: float) -> int:
    """Return how many seconds of the clock have been begun since then: each may ask a server once."""
    return int(time.time()) - int(start) + 1


def rush(edge: Edge, replicas: list[Server], question: str) -> tuple[list[Reply], int]:
    """Ask a hundred times at once, of servers that stand still until questions wait for them."""
    start = time.time()
    with ThreadPoolExecutor(100) as clients:
        for server in replicas:
            os.kill(server.process.pid, signal.SIGSTOP)
        try:
            asks = [clients.submit(edge.ask, question) for _ in range(100)]
            time.sleep(0.5)
        finally:
            for server in replicas:
                os.kill(server.process.pid, signal.SIGCONT)
        replies = [ask.result() for ask in asks]
    return replies, touched_seconds(start)


def hop(headers: object) -> str:
    lines: list[str] = headers.get_all("Cache-Status") or []  # type: ignore[attr-defined]
    return lines[-1]


def test_an_equal_question_within_a_second_does_not_reach_a_server(edge: Edge, replicas: list[Server]) -> None:
    before = asked(replicas)
    question = fresh()

    replies = [edge.ask(question) for _ in range(2)]
    while (
        hop(replies[1].headers) != "hemline-nginx; hit"
    ):  # a slow machine may need more than a second for two questions
        before, question = asked(replicas), fresh()
        replies = [edge.ask(question) for _ in range(2)]

    assert hop(replies[0].headers) == "hemline-nginx; fwd=uri-miss"
    assert replies[0].body == replies[1].body
    assert int(replies[1].headers["Age"]) >= 0  # the server's own where it had the answer already
    assert replies[1].headers["Cache-Status"].startswith("hemline;")
    assert asked(replicas) == before + 1


def test_an_answer_is_asked_for_again_after_its_second(edge: Edge) -> None:
    question = fresh()
    edge.ask(question)

    time.sleep(2.1)
    later = edge.ask(question)

    assert hop(later.headers) == "hemline-nginx; fwd=stale; fwd-status=304"
    assert later.status == 200
    assert later.json()["hashtags"] == ["wideleg"]


def test_a_hundred_equal_misses_ask_a_server_once(edge: Edge, replicas: list[Server]) -> None:
    before = asked(replicas, "/v1/forecasts")
    question = fresh("/v1/forecasts?include=history&hashtags=wideleg&market=vn")

    replies, seconds = rush(edge, replicas, question)

    assert {reply.status for reply in replies} == {200}
    assert len({reply.body for reply in replies}) == 1
    assert 1 <= asked(replicas, "/v1/forecasts") - before <= seconds
    assert any("collapsed" in hop(reply.headers) for reply in replies)


def test_a_hundred_equal_questions_after_an_answer_has_expired_ask_a_server_once(
    edge: Edge, replicas: list[Server]
) -> None:
    question = fresh("/v1/forecasts?include=history&hashtags=wideleg&market=vn")
    edge.ask(question)
    time.sleep(3.1)
    before = asked(replicas, "/v1/forecasts")

    replies, seconds = rush(edge, replicas, question)

    assert {reply.status for reply in replies} == {200}
    assert 1 <= asked(replicas, "/v1/forecasts") - before <= seconds


def test_a_question_that_is_asked_all_the_time_reaches_a_server_once_a_second(
    edge: Edge, replicas: list[Server]
) -> None:
    question = fresh()
    before, start = asked(replicas), time.time()

    with Load(edge, lambda _: (question, None), clients=8) as load:
        time.sleep(4)

    assert load.failures == []
    assert asked(replicas) - before <= touched_seconds(start)


def test_a_post_is_never_cached(edge: Edge, replicas: list[Server]) -> None:
    before = asked(replicas, method="POST")
    body = b'{"hashtags": ["wideleg"], "market": "vn"}'

    replies = [edge.ask("/predict", body) for _ in range(5)]

    assert [hop(reply.headers) for reply in replies] == ["hemline-nginx; fwd=method"] * 5
    assert asked(replicas, method="POST") == before + 5


def test_what_is_not_a_forecast_is_not_cached(edge: Edge) -> None:
    replies = [edge.ask(path) for path in ("/health/ready", "/health/ready", "/openapi.json", "/openapi.json")]

    assert {hop(reply.headers) for reply in replies} == {"hemline-nginx; fwd=bypass"}


def test_an_unknown_trend_is_cached_as_unknown(edge: Edge) -> None:
    question = f"/predict?hashtags=nobody{uuid4().hex}&market=vn"

    replies = [edge.ask(question) for _ in range(2)]

    assert [reply.status for reply in replies] == [404, 404]
    assert replies[1].headers["Cache-Control"] == "public, max-age=30"
    assert replies[0].body == replies[1].body


def test_every_request_keeps_its_own_id_on_a_hit_too(edge: Edge) -> None:
    question = fresh()

    replies = [edge.ask(question, headers={"X-Request-Id": f"own-{number}"}) for number in range(3)]

    assert [reply.headers.get_all("X-Request-Id") for reply in replies] == [["own-0"], ["own-1"], ["own-2"]]


def test_an_entity_tag_gets_its_304_in_both_its_forms(edge: Edge) -> None:
    question = fresh("/v1/forecasts?hashtags=wideleg&market=vn")
    plain = edge.ask(question)
    packed = edge.ask(question, headers={"Accept-Encoding": "gzip"})

    tags = (plain.headers["ETag"], packed.headers["ETag"])
    known = [edge.ask(question, headers={"If-None-Match": tag}) for tag in tags]

    assert tags[0].startswith('"')
    assert tags[1] == "W/" + tags[0]
    assert [reply.status for reply in known] == [304, 304]


def test_one_cached_answer_serves_every_encoding(edge: Edge) -> None:
    question = fresh("/v1/forecasts?hashtags=wideleg&market=vn")

    replies = {
        offer: edge.ask(question, headers={"Accept-Encoding": offer}) for offer in ("identity", "gzip", "br, gzip")
    }

    assert {offer: reply.headers["Content-Encoding"] for offer, reply in replies.items()} == {
        "identity": None,
        "gzip": "gzip",
        "br, gzip": "br",
    }
    assert {reply.headers["Vary"] for reply in replies.values()} == {"Accept-Encoding"}
    plain = len(replies["identity"].body)
    assert max(len(replies[offer].body) for offer in ("gzip", "br, gzip")) < 0.75 * plain
    assert [hop(reply.headers) for reply in replies.values()].count("hemline-nginx; fwd=uri-miss") == 1


def test_answers_are_shared_among_equals_only(start_edge: Callable[..., Edge], replicas: list[Server]) -> None:
    key = uuid4().hex
    known = base64.urlsafe_b64encode(hashlib.md5(key.encode(), usedforsecurity=False).digest()).rstrip(b"=").decode()
    edge = start_edge([server.port for server in replicas], EDGE_KEY_MD5=known)
    question = fresh()
    others = [
        {"X-API-Key": "someone"},
        {"X-API-Key": "someone|1"},
        {"Authorization": f"Bearer {key}"},
        {"X-API-Key": key, "Authorization": "x"},
    ]

    edge.ask(question)
    edges_first = edge.ask(question, headers={"X-API-Key": key})
    edges_refetch = edge.ask(question, headers={"X-API-Key": key, "Cache-Control": "no-cache"})
    strangers_refetch = edge.ask(question, headers={"Cache-Control": "no-cache"})
    private = [edge.ask(question, headers=credentials) for credentials in others]

    assert hop(edges_first.headers) == "hemline-nginx; fwd=uri-miss"
    assert hop(edges_refetch.headers) == "hemline-nginx; fwd=bypass"
    assert hop(strangers_refetch.headers) != "hemline-nginx; fwd=bypass"
    assert [hop(reply.headers) for reply in private] == ["hemline-nginx; fwd=bypass"] * len(others)
    files = [file for folder in ("cache", "once") for file in (edge.folder / folder).rglob("*") if file.is_file()]
    kept = b"".join(file.read_bytes() for file in files)
    assert b"wideleg" in kept
    assert key.encode() not in kept
    assert b"someone" not in kept
