"""Ambiguous, oversized and forbidden requests at nginx, its problem documents, its headers and its log."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from nginx import CLOSE, TREND, assert_problem, status_of

if TYPE_CHECKING:
    from conftest import Server
    from nginx import Nginx


@pytest.mark.parametrize(
    "request_text",
    [
        b"POST /predict HTTP/1.1\r\n" + CLOSE + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /predict HTTP/1.1\r\n" + CLOSE + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        b"POST /predict HTTP/1.1\r\n" + CLOSE + b"Content-Length: +3\r\n\r\nabc",
        b"POST /predict HTTP/1.1\r\n" + CLOSE + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        b"GET /predict HTTP/1.1\r\n" + CLOSE + b"Host: other.example\r\n\r\n",
        b"GET /predict HTTP/1.1\r\n" + CLOSE + b" X-Folded: 1\r\n\r\n",
        b"GET /predict HTTP/1.1\r\nConnection: close\r\n\r\n",
        b"GET https://localhost/predict HTTP/1.1\r\n" + CLOSE + b"\r\n",
        b"GET //predict HTTP/1.1\r\n" + CLOSE + b"\r\n",
        b"GET /v1//forecasts HTTP/1.1\r\n" + CLOSE + b"\r\n",
        b"GET /v1/../predict HTTP/1.1\r\n" + CLOSE + b"\r\n",
        b"GET /../predict HTTP/1.1\r\n" + CLOSE + b"\r\n",
        b"GET /v1/./forecasts HTTP/1.1\r\n" + CLOSE + b"\r\n",
        b"GET /v1/%2e%2e/metrics HTTP/1.1\r\n" + CLOSE + b"\r\n",
        b"GET /v1%2fforecasts HTTP/1.1\r\n" + CLOSE + b"\r\n",
        b"GET /v1%5Cforecasts HTTP/1.1\r\n" + CLOSE + b"\r\n",
        b"GET /v1\\forecasts HTTP/1.1\r\n" + CLOSE + b"\r\n",
        b"GET /predict%00 HTTP/1.1\r\n" + CLOSE + b"\r\n",
        b"GET /predict%0d%0aX: HTTP/1.1\r\n" + CLOSE + b"\r\n",
        b"NONSENSE\r\n\r\n",
    ],
)
def test_an_ambiguous_request_is_refused(nginx: Nginx, request_text: bytes) -> None:
    answer = nginx.send_raw(request_text)

    assert status_of(answer) == 400
    assert b"urn:hemline:problem:bad-request" in answer


def test_dots_and_slashes_in_the_query_are_allowed(nginx: Nginx) -> None:
    response = nginx.request("/predict?hashtags=a%2fb..//c&market=vn")

    assert response.status == 404
    assert response.json()["type"] == "urn:hemline:problem:unknown-trend"


@pytest.mark.parametrize("path", ["/admin", "/admin/x", "/metrics", "/models", "/models/trend/promote"])
def test_admin_paths_are_404(nginx: Nginx, path: str) -> None:
    assert_problem(nginx.request(path), 404)
    assert_problem(nginx.request(path, b'{"version": "1"}'), 404)


def test_unknown_transfer_encodings_and_methods_are_refused(nginx: Nginx) -> None:
    encoded = nginx.send_raw(b"POST /predict HTTP/1.1\r\n" + CLOSE + b"Transfer-Encoding: gzip\r\n\r\n")
    traced = nginx.request("/predict", method="TRACE")

    assert status_of(encoded) == 501
    assert b"application/problem+json" in encoded
    assert_problem(traced, 405)
    assert traced.headers["Allow"] == "GET, HEAD, POST, OPTIONS"


def test_the_body_limit_and_its_problem_equal_the_servers(nginx: Nginx, replicas: list[Server]) -> None:
    def body(size: int) -> bytes:
        return b'{"hashtags": ["wideleg"], "market": "vn"' + b" " * (size - 41) + b"}"

    fitting = nginx.request("/predict", body(8_000_000))
    refused = nginx.request("/predict", body(8_000_001))
    headers = {"Content-Type": "application/json", "Content-Length": "8000001"}
    by_server = replicas[0].exchange("/predict", headers=headers, method="POST")

    assert fitting.status == 200
    assert_problem(refused, 413)
    assert refused.body == by_server.body


def test_the_limits_of_request_line_and_headers_equal_the_servers(nginx: Nginx) -> None:
    longest = ",".join(f"{number:02d}" + "%E2%82%AC" * 98 for number in range(64))

    long_line = nginx.request("/predict?hashtags=" + longest)
    too_long_line = nginx.request("/predict?hashtags=" + "a" * 70_000)
    too_long_header = nginx.request(TREND, headers={"X-Long": "a" * 70_000})

    assert long_line.status == 404
    assert len(long_line.json()["errors"]) == 64
    assert_problem(too_long_line, 414)
    assert_problem(too_long_header, 431)


def test_every_response_has_each_header_once(nginx: Nginx) -> None:
    for path in (TREND, "/", "/docs", "/nothing", "/metrics"):
        headers = nginx.request(path).headers
        for name in (
            "Strict-Transport-Security",
            "X-Content-Type-Options",
            "Referrer-Policy",
            "Content-Security-Policy",
            "X-Request-Id",
        ):
            assert len(headers.get_all(name) or []) == 1, f"{name} of {path}"
        assert len(headers.get_all("Cache-Control") or []) == 1, path


def test_the_access_log_has_timings_and_no_credentials(nginx: Nginx) -> None:
    secrets = {"Authorization": "Bearer hush-1", "X-API-Key": "hush-2", "Cookie": "hush-3"}

    nginx.request(TREND + "&api_key=hush-4", headers=secrets | {"X-Request-Id": "quiet"})
    line = nginx.logged("quiet")

    assert line["path"] == "/predict"
    assert line["status"] in {200, 422}
    assert line["cache"] == "BYPASS"
    assert line["seconds"] >= 0
    assert float(line["upstream_seconds"]) >= 0
    assert "hush" not in json.dumps(nginx.log())


def test_a_valid_request_id_is_forwarded_and_an_invalid_one_replaced(nginx: Nginx) -> None:
    with ThreadPoolExecutor(2) as clients:
        own, generated = clients.map(
            lambda headers: nginx.request("/v1/forecasts", b"{", headers),
            [{"X-Request-Id": "mine-7"}, {"X-Request-Id": "no blanks"}],
        )

    assert own.headers["X-Request-Id"] == "mine-7"
    assert re.fullmatch(r"[0-9a-f]{32}", generated.headers["X-Request-Id"])


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/forecasts", b"{"),
        ("/v1/forecasts", b'{"items": [{"series": [1, "x"], "last_week": "2026-11-17"}]}'),
        ("/predict", b'{"hashtags": [], "colour": "red"}'),
        ("/predict?hashtags=&market=zz", None),
        ("/v1/trends?limit=0", None),
        ("/nothing/here", None),
    ],
)
def test_an_invalid_request_gets_the_servers_own_problem(
    nginx: Nginx, replicas: list[Server], path: str, body: bytes | None
) -> None:
    by_server, by_nginx = (
        (response.status, response.headers["Content-Type"], response.headers["Cache-Control"], response.body)
        for response in (replicas[0].exchange(path, body), nginx.request(path, body))
    )

    assert by_nginx == by_server
