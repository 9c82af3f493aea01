"""nginx's micro-cache: which responses it stores, for how long, and for which clients."""

from __future__ import annotations

import itertools
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from uuid import uuid4

from background_clients import BackgroundClients
from chain import key_md5
from nginx import TREND, cache_status

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Server
    from http_exchange import Response
    from nginx import Nginx


SPELLINGS = itertools.count(1)


def served(replicas: list[Server], route: str = "/predict", method: str = "GET") -> float:
    """Return how many requests the servers have counted for the route."""
    return sum(server.metric("http_request_duration_seconds_count", route=route, method=method) for server in replicas)


def unused(path: str = TREND) -> str:
    """Return the question in an unused spelling: equal for the server, another cache key for nginx."""
    number, spelling = next(SPELLINGS), ""
    for letter in "wideleg":
        number, form = divmod(number, 3)
        spelling += (letter, letter.upper(), f"%{ord(letter):02x}")[form]
    return path.replace("wideleg", spelling)


def seconds_begun(start: float) -> int:
    """Return how many seconds of the clock have begun since the start: each permits one request to a server."""
    return int(time.time()) - int(start) + 1


def burst(nginx: Nginx, replicas: list[Server], question: str) -> tuple[list[Response], int]:
    """Send a hundred requests at once while the servers are stopped, then let the servers continue."""
    start = time.time()
    with ThreadPoolExecutor(100) as clients:
        for server in replicas:
            os.kill(server.process.pid, signal.SIGSTOP)
        try:
            pending = [clients.submit(nginx.request, question) for _ in range(100)]
            time.sleep(0.5)
        finally:
            for server in replicas:
                os.kill(server.process.pid, signal.SIGCONT)
        responses = [future.result() for future in pending]
    return responses, seconds_begun(start)


def test_an_equal_request_within_a_second_does_not_reach_a_server(nginx: Nginx, replicas: list[Server]) -> None:
    before = served(replicas)
    question = unused()

    responses = [nginx.request(question) for _ in range(2)]
    while cache_status(responses[1]) != "hemline-nginx; hit":  # two requests may take a slow machine over a second
        before, question = served(replicas), unused()
        responses = [nginx.request(question) for _ in range(2)]

    assert cache_status(responses[0]) == "hemline-nginx; fwd=uri-miss"
    assert responses[0].body == responses[1].body
    assert int(responses[1].headers["Age"]) >= 0  # the server's own if its cache answered
    assert responses[1].headers["Cache-Status"].startswith("hemline;")
    assert served(replicas) == before + 1


def test_a_stored_response_is_revalidated_after_a_second(nginx: Nginx) -> None:
    question = unused()
    nginx.request(question)

    time.sleep(2.1)
    later = nginx.request(question)

    assert cache_status(later) == "hemline-nginx; fwd=stale; fwd-status=304"
    assert later.status == 200
    assert later.json()["hashtags"] == ["wideleg"]


def test_a_hundred_equal_misses_collapse_into_one_request(nginx: Nginx, replicas: list[Server]) -> None:
    before = served(replicas, "/v1/forecasts")
    question = unused("/v1/forecasts?include=history&hashtags=wideleg&market=vn")

    responses, seconds = burst(nginx, replicas, question)

    assert {response.status for response in responses} == {200}
    assert len({response.body for response in responses}) == 1
    assert 1 <= served(replicas, "/v1/forecasts") - before <= seconds
    assert any("collapsed" in cache_status(response) for response in responses)


def test_a_hundred_equal_requests_for_an_expired_response_collapse_into_one(
    nginx: Nginx, replicas: list[Server]
) -> None:
    question = unused("/v1/forecasts?include=history&hashtags=wideleg&market=vn")
    nginx.request(question)
    time.sleep(3.1)
    before = served(replicas, "/v1/forecasts")

    responses, seconds = burst(nginx, replicas, question)

    assert {response.status for response in responses} == {200}
    assert 1 <= served(replicas, "/v1/forecasts") - before <= seconds


def test_a_hot_question_reaches_a_server_once_a_second(nginx: Nginx, replicas: list[Server]) -> None:
    question = unused()
    before, start = served(replicas), time.time()

    with BackgroundClients(lambda _: nginx.request(question), clients=8) as clients:
        time.sleep(4)

    assert clients.failures == []
    assert served(replicas) - before <= seconds_begun(start)


def test_a_post_is_never_cached(nginx: Nginx, replicas: list[Server]) -> None:
    before = served(replicas, method="POST")
    body = b'{"hashtags": ["wideleg"], "market": "vn"}'

    responses = [nginx.request("/predict", body) for _ in range(5)]

    assert [cache_status(response) for response in responses] == ["hemline-nginx; fwd=method"] * 5
    assert served(replicas, method="POST") == before + 5


def test_other_resources_are_not_cached(nginx: Nginx) -> None:
    responses = [nginx.request(path) for path in ("/health/ready", "/health/ready", "/openapi.json", "/openapi.json")]

    assert {cache_status(response) for response in responses} == {"hemline-nginx; fwd=bypass"}


def test_the_404_of_an_unknown_trend_is_cached(nginx: Nginx) -> None:
    question = f"/predict?hashtags=unknown{uuid4().hex}&market=vn"

    responses = [nginx.request(question) for _ in range(2)]

    assert [response.status for response in responses] == [404, 404]
    assert responses[1].headers["Cache-Control"] == "public, max-age=30"
    assert responses[0].body == responses[1].body


def test_a_hit_carries_the_id_of_its_own_request(nginx: Nginx) -> None:
    question = unused()

    responses = [nginx.request(question, headers={"X-Request-Id": f"own-{number}"}) for number in range(3)]

    assert [response.headers.get_all("X-Request-Id") for response in responses] == [["own-0"], ["own-1"], ["own-2"]]


def test_the_strong_and_the_weak_entity_tag_get_304(nginx: Nginx) -> None:
    question = unused("/v1/forecasts?hashtags=wideleg&market=vn")
    plain = nginx.request(question)
    compressed = nginx.request(question, headers={"Accept-Encoding": "gzip"})

    tags = (plain.headers["ETag"], compressed.headers["ETag"])
    revalidated = [nginx.request(question, headers={"If-None-Match": tag}) for tag in tags]

    assert tags[0].startswith('"')
    assert tags[1] == "W/" + tags[0]
    assert [response.status for response in revalidated] == [304, 304]


def test_one_stored_response_serves_every_content_coding(nginx: Nginx) -> None:
    question = unused("/v1/forecasts?hashtags=wideleg&market=vn")

    responses = {
        offered: nginx.request(question, headers={"Accept-Encoding": offered})
        for offered in ("identity", "gzip", "br, gzip")
    }

    assert {offered: response.headers["Content-Encoding"] for offered, response in responses.items()} == {
        "identity": None,
        "gzip": "gzip",
        "br, gzip": "br",
    }
    assert {response.headers["Vary"] for response in responses.values()} == {"Accept-Encoding"}
    plain = len(responses["identity"].body)
    assert max(len(responses[offered].body) for offered in ("gzip", "br, gzip")) < 0.75 * plain
    assert [cache_status(response) for response in responses.values()].count("hemline-nginx; fwd=uri-miss") == 1


def test_only_anonymous_clients_and_the_worker_share_stored_responses(
    start_nginx: Callable[..., Nginx], replicas: list[Server]
) -> None:
    key = uuid4().hex
    nginx = start_nginx([server.port for server in replicas], EDGE_KEY_MD5=key_md5(key))
    question = unused()
    others = [
        {"X-API-Key": "someone"},
        {"X-API-Key": "someone|1"},
        {"Authorization": f"Bearer {key}"},
        {"X-API-Key": key, "Authorization": "x"},
    ]

    nginx.request(question)
    workers_first = nginx.request(question, headers={"X-API-Key": key})
    workers_refetch = nginx.request(question, headers={"X-API-Key": key, "Cache-Control": "no-cache"})
    anonymous_refetch = nginx.request(question, headers={"Cache-Control": "no-cache"})
    private = [nginx.request(question, headers=credentials) for credentials in others]

    assert cache_status(workers_first) == "hemline-nginx; fwd=uri-miss"
    assert cache_status(workers_refetch) == "hemline-nginx; fwd=bypass"
    assert cache_status(anonymous_refetch) != "hemline-nginx; fwd=bypass"
    assert [cache_status(response) for response in private] == ["hemline-nginx; fwd=bypass"] * len(others)
    files = [file for folder in ("cache", "collapse") for file in (nginx.folder / folder).rglob("*") if file.is_file()]
    stored = b"".join(file.read_bytes() for file in files)
    assert b"wideleg" in stored
    assert key.encode() not in stored
    assert b"someone" not in stored
