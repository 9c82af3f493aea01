"""Rate and connection limits of nginx, and the client addresses that they count."""

from __future__ import annotations

import re
import socket
from typing import TYPE_CHECKING

import pytest

from conftest import ROOT
from nginx import TREND, assert_problem
from polling import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Server
    from http_exchange import Response
    from nginx import Nginx


def test_a_client_over_its_rate_gets_429_and_other_clients_do_not(
    start_nginx: Callable[..., Nginx], replicas: list[Server]
) -> None:
    nginx = start_nginx([server.port for server in replicas], EDGE_RATE="1", EDGE_BURST="3")

    responses = [nginx.request(TREND, source="127.0.0.3") for _ in range(20)]
    other = nginx.request(TREND, source="127.0.0.4")

    assert responses[0].status == 200
    refused = [response for response in responses if response.status != 200]
    assert refused
    for response in refused:
        assert_problem(response, 429)
        assert response.headers["Retry-After"] == "1"
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
def test_ipv6_clients_are_limited_by_subnet(
    start_nginx: Callable[..., Nginx], replicas: list[Server], first: str, second: str, counted: str
) -> None:
    nginx = start_nginx([replicas[0].port], EDGE_RATE="1", EDGE_BURST="3", EDGE_TRUSTED_PROXIES="127.0.0.2/32")

    def status_for(client: str) -> int:
        return nginx.request(TREND, headers={"X-Forwarded-For": client}, source="127.0.0.2").status

    spent = [status_for(first) for _ in range(20)]
    other = status_for(second)

    assert spent[0] == 200
    assert spent[-1] == 429
    assert other == {"together": 429, "apart": 200}[counted]


def test_a_client_with_too_many_open_requests_gets_429(
    start_nginx: Callable[..., Nginx], replicas: list[Server]
) -> None:
    nginx = start_nginx([server.port for server in replicas], EDGE_CONNECTIONS="2")
    waiting = [
        nginx.tls().wrap_socket(socket.create_connection(("127.0.0.1", nginx.port)), server_hostname="localhost")
        for _ in range(2)
    ]
    for connection in waiting:  # a missing body keeps the request open
        connection.sendall(b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n")

    responses: list[Response] = []

    def is_refused() -> bool:
        responses.append(nginx.request(TREND))
        return responses[-1].status != 200

    wait_until(is_refused, 10, lambda: "every request got 200", interval=0.02)
    for connection in waiting:
        connection.close()

    assert_problem(responses[-1], 429)


def test_only_a_trusted_proxy_can_name_the_client_address(
    start_nginx: Callable[..., Nginx], replicas: list[Server]
) -> None:
    nginx = start_nginx([server.port for server in replicas], EDGE_TRUSTED_PROXIES="127.0.0.2/32")
    claim = {"X-Forwarded-For": "192.0.2.1, 198.51.100.7", "CF-Connecting-IP": "192.0.2.2", "X-Real-IP": "192.0.2.3"}

    nginx.request(TREND, headers=claim | {"X-Request-Id": "untrusted"})
    nginx.request(TREND, headers=claim | {"X-Request-Id": "proxy"}, source="127.0.0.2")

    assert nginx.logged("untrusted")["client"] == "127.0.0.1"
    assert nginx.logged("proxy")["client"] == "198.51.100.7"


def test_the_list_of_cloudflares_ranges_is_valid() -> None:
    lines = (ROOT / "nginx/conf/http/cloudflare-ranges.conf").read_text().splitlines()[1:]

    assert len(lines) == 22
    assert all(re.fullmatch(r"set_real_ip_from [0-9a-f.:]+/\d+;", line) for line in lines)
