"""What nginx refuses: doubtful requests, too many, too large, other names, old TLS; and how it says so."""

from __future__ import annotations

import http.client
import json
import re
import socket
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from conftest import ROOT
from edge import TREND

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Reply, Server
    from edge import Edge

HOST = b"Host: localhost\r\nConnection: close\r\n"


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def assert_problem(reply: Reply, expected: int) -> None:
    assert reply.status == expected
    assert reply.headers["Content-Type"] == "application/problem+json"
    problem = reply.json()
    assert list(problem) == ["type", "title", "status", "detail", "error", "errors"]
    assert problem["status"] == expected
    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.headers["Strict-Transport-Security"] == "max-age=63072000"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["X-Request-Id"]


@pytest.mark.parametrize(
    "request_text",
    [
        b"POST /predict HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /predict HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        b"POST /predict HTTP/1.1\r\n" + HOST + b"Content-Length: +3\r\n\r\nabc",
        b"POST /predict HTTP/1.1\r\n" + HOST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        b"GET /predict HTTP/1.1\r\n" + HOST + b"Host: other.example\r\n\r\n",
        b"GET /predict HTTP/1.1\r\n" + HOST + b" X-Folded: 1\r\n\r\n",
        b"GET /predict HTTP/1.1\r\nConnection: close\r\n\r\n",
        b"GET https://localhost/predict HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET //predict HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET /v1//forecasts HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET /v1/../predict HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET /../predict HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET /v1/./forecasts HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET /v1/%2e%2e/metrics HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET /v1%2fforecasts HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET /v1%5Cforecasts HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET /v1\\forecasts HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET /predict%00 HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET /predict%0d%0aX: HTTP/1.1\r\n" + HOST + b"\r\n",
        b"NONSENSE\r\n\r\n",
    ],
)
def test_a_request_that_two_readers_could_read_differently_is_refused(edge: Edge, request_text: bytes) -> None:
    answer = edge.say(request_text)

    assert status(answer) == 400
    assert b"urn:hemline:problem:bad-request" in answer


def test_what_looks_doubtful_only_in_the_query_is_let_through(edge: Edge) -> None:
    reply = edge.ask("/predict?hashtags=a%2fb..//c&market=vn")

    assert reply.status == 404
    assert reply.json()["type"] == "urn:hemline:problem:unknown-trend"


@pytest.mark.parametrize("path", ["/admin", "/admin/x", "/metrics", "/models", "/models/trend/promote"])
def test_the_admin_listener_is_not_there(edge: Edge, path: str) -> None:
    assert_problem(edge.ask(path), 404)
    assert_problem(edge.ask(path, b'{"version": "1"}'), 404)


def test_unknown_transfer_encodings_and_methods_are_refused(edge: Edge) -> None:
    encoded = edge.say(b"POST /predict HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: gzip\r\n\r\n")
    traced = edge.ask("/predict", method="TRACE")

    assert status(encoded) == 501
    assert b"application/problem+json" in encoded
    assert_problem(traced, 405)
    assert traced.headers["Allow"] == "GET, HEAD, POST, OPTIONS"


def test_a_body_is_too_large_at_the_same_byte_and_in_the_same_words_as_at_the_server(
    edge: Edge, replicas: list[Server]
) -> None:
    def body(size: int) -> bytes:
        return b'{"hashtags": ["wideleg"], "market": "vn"' + b" " * (size - 41) + b"}"

    fitting = edge.ask("/predict", body(8_000_000))
    refused = edge.ask("/predict", body(8_000_001))
    direct = http.client.HTTPConnection("127.0.0.1", replicas[0].port, timeout=20)
    direct.request("POST", "/predict", headers={"Content-Type": "application/json", "Content-Length": "8000001"})
    by_server = direct.getresponse().read()
    direct.close()

    assert fitting.status == 200
    assert_problem(refused, 413)
    assert refused.body == by_server


def test_lines_and_headers_may_be_as_long_as_at_the_server(edge: Edge) -> None:
    longest = ",".join(f"{number:02d}" + "%E2%82%AC" * 98 for number in range(64))

    long_line = edge.ask("/predict?hashtags=" + longest)
    too_long_line = edge.ask("/predict?hashtags=" + "a" * 70_000)
    too_long_header = edge.ask(TREND, headers={"X-Long": "a" * 70_000})

    assert long_line.status == 404
    assert len(long_line.json()["errors"]) == 64
    assert_problem(too_long_line, 414)
    assert_problem(too_long_header, 431)


def test_a_client_over_its_rate_gets_429_and_no_other_suffers(
    start_edge: Callable[..., Edge], replicas: list[Server]
) -> None:
    edge = start_edge([server.port for server in replicas], EDGE_RATE="1", EDGE_BURST="3")

    replies = [edge.ask(TREND, source="127.0.0.3") for _ in range(20)]
    other = edge.ask(TREND, source="127.0.0.4")

    assert replies[0].status == 200
    refused = [reply for reply in replies if reply.status != 200]
    assert refused
    for reply in refused:
        assert_problem(reply, 429)
        assert reply.headers["Retry-After"] == "1"
    assert other.status == 200


@pytest.mark.parametrize(
    ("first", "second", "counted"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", "together"),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", "apart"),
        ("192.0.2.1", "::ffff:192.0.2.1", "together"),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", "apart"),
        ("10.10.10.10", "10.10.10.11", "apart"),
    ],
)
def test_ipv6_clients_are_counted_by_their_subnet(
    start_edge: Callable[..., Edge], replicas: list[Server], first: str, second: str, counted: str
) -> None:
    edge = start_edge([replicas[0].port], EDGE_RATE="1", EDGE_BURST="3", EDGE_TRUSTED_PROXIES="127.0.0.2/32")

    def ask(client: str) -> int:
        return edge.ask(TREND, headers={"X-Forwarded-For": client}, source="127.0.0.2").status

    spent = [ask(first) for _ in range(20)]
    other = ask(second)

    assert spent[0] == 200
    assert spent[-1] == 429
    assert other == {"together": 429, "apart": 200}[counted]


def test_a_client_with_too_many_open_requests_gets_429(start_edge: Callable[..., Edge], replicas: list[Server]) -> None:
    edge = start_edge([server.port for server in replicas], EDGE_CONNECTIONS="2")
    waiting = [
        edge.tls().wrap_socket(socket.create_connection(("127.0.0.1", edge.port)), server_hostname="localhost")
        for _ in range(2)
    ]
    for connection in waiting:  # a body that does not come keeps the request open
        connection.sendall(b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n")

    deadline = time.monotonic() + 10
    while (reply := edge.ask(TREND)).status == 200 and time.monotonic() < deadline:
        time.sleep(0.02)
    for connection in waiting:
        connection.close()

    assert_problem(reply, 429)


def test_only_trusted_proxies_are_believed_for_whom_they_ask(
    start_edge: Callable[..., Edge], replicas: list[Server]
) -> None:
    edge = start_edge([server.port for server in replicas], EDGE_TRUSTED_PROXIES="127.0.0.2/32")
    claim = {"X-Forwarded-For": "192.0.2.1, 198.51.100.7", "CF-Connecting-IP": "192.0.2.2", "X-Real-IP": "192.0.2.3"}

    edge.ask(TREND, headers=claim | {"X-Request-Id": "stranger"})
    edge.ask(TREND, headers=claim | {"X-Request-Id": "proxy"}, source="127.0.0.2")

    assert edge.logged("stranger")["client"] == "127.0.0.1"
    assert edge.logged("proxy")["client"] == "198.51.100.7"


def test_the_list_of_trusted_ranges_is_cloudflares_form() -> None:
    lines = (ROOT / "nginx/conf/http/cloudflare-ranges.conf").read_text().splitlines()[1:]

    assert len(lines) == 22
    assert all(re.fullmatch(r"set_real_ip_from [0-9a-f.:]+/\d+;", line) for line in lines)


def test_old_protocols_and_weak_ciphers_find_nobody(edge: Edge) -> None:
    def shake(prepare: Callable[[ssl.SSLContext], None], name: str = "localhost") -> tuple[str | None, str]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.set_ciphers("ALL:@SECLEVEL=0")
        prepare(context)
        with (
            socket.create_connection(("127.0.0.1", edge.port), timeout=10) as plain,
            context.wrap_socket(plain, server_hostname=name) as connection,
        ):
            return connection.version(), (connection.cipher() or ("",))[0]

    def only(version: ssl.TLSVersion) -> Callable[[ssl.SSLContext], None]:
        def prepare(context: ssl.SSLContext) -> None:
            context.minimum_version = context.maximum_version = version

        return prepare

    def cipher(name: str) -> Callable[[ssl.SSLContext], None]:
        def prepare(context: ssl.SSLContext) -> None:
            context.maximum_version = ssl.TLSVersion.TLSv1_2
            context.set_ciphers(name + ":@SECLEVEL=0")

        return prepare

    assert shake(only(ssl.TLSVersion.TLSv1_3))[0] == "TLSv1.3"
    assert shake(only(ssl.TLSVersion.TLSv1_2)) == ("TLSv1.2", "ECDHE-ECDSA-AES256-GCM-SHA384")
    for old in ("TLSv1", "TLSv1_1"):
        with pytest.warns(DeprecationWarning, match="is deprecated"), pytest.raises((ssl.SSLError, ConnectionError)):
            shake(only(ssl.TLSVersion[old]))
    for weak in ("AES128-SHA", "AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA384"):
        with pytest.raises((ssl.SSLError, ConnectionError)):
            shake(cipher(weak))
    with pytest.raises((ssl.SSLError, ConnectionError)):
        shake(only(ssl.TLSVersion.TLSv1_3), name="other.example")


def test_another_host_after_the_handshake_is_misdirected_and_plain_http_is_told(edge: Edge) -> None:
    misdirected = edge.ask("/predict", headers={"Host": "other.example"})
    with socket.create_connection(("127.0.0.1", edge.port), timeout=10) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\n" + HOST + b"\r\n")
        told = plain.recv(65536)

    assert_problem(misdirected, 421)
    assert status(told) == 400
    assert b"application/problem+json" in told


def test_http2_is_offered_and_spoken(edge: Edge) -> None:
    context = edge.tls()
    context.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(("127.0.0.1", edge.port), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as connection,
    ):
        chosen = connection.selected_alpn_protocol()
        connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0]))
        first_frame = connection.recv(9)

    assert chosen == "h2"
    assert first_frame[3] == 4  # SETTINGS


def test_headers_are_said_once_on_answers_of_both(edge: Edge) -> None:
    for path in (TREND, "/", "/docs", "/nothing", "/metrics"):
        headers = edge.ask(path).headers
        for name in (
            "Strict-Transport-Security",
            "X-Content-Type-Options",
            "Referrer-Policy",
            "Content-Security-Policy",
            "X-Request-Id",
        ):
            assert len(headers.get_all(name) or []) == 1, f"{name} of {path}"
        assert len(headers.get_all("Cache-Control") or []) == 1, path


def test_the_log_has_timings_and_no_secret(edge: Edge) -> None:
    secrets = {"Authorization": "Bearer hush-1", "X-API-Key": "hush-2", "Cookie": "hush-3"}

    edge.ask(TREND + "&api_key=hush-4", headers=secrets | {"X-Request-Id": "quiet"})
    line = edge.logged("quiet")

    assert line["path"] == "/predict"
    assert line["status"] in {200, 422}
    assert line["cache"] == "BYPASS"
    assert line["seconds"] >= 0
    assert float(line["upstream_seconds"]) >= 0
    assert "hush" not in json.dumps(edge.log())


def test_the_request_id_reaches_the_server_or_is_made(edge: Edge) -> None:
    with ThreadPoolExecutor(2) as clients:
        own, made = clients.map(
            lambda named: edge.ask("/v1/forecasts", b"{", named),
            [{"X-Request-Id": "mine-7"}, {"X-Request-Id": "no blanks"}],
        )

    assert own.headers["X-Request-Id"] == "mine-7"
    assert re.fullmatch(r"[0-9a-f]{32}", made.headers["X-Request-Id"])


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
def test_the_same_bad_input_gets_the_same_problem_as_at_the_server(
    edge: Edge, replicas: list[Server], path: str, body: bytes | None
) -> None:
    direct = http.client.HTTPConnection("127.0.0.1", replicas[0].port, timeout=20)
    direct.request("GET" if body is None else "POST", path, body, {"Content-Type": "application/json"} if body else {})
    answer = direct.getresponse()
    expected = (answer.status, answer.headers["Content-Type"], answer.headers["Cache-Control"], answer.read())
    direct.close()

    reply = edge.ask(path, body)

    assert (reply.status, reply.headers["Content-Type"], reply.headers["Cache-Control"], reply.body) == expected
