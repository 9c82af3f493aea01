"""TLS versions, ciphers, HTTP/2 and host names at nginx."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING

import pytest

from nginx import CLOSE, assert_problem, status_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from nginx import Nginx


def test_old_protocols_weak_ciphers_and_unknown_names_fail_the_handshake(nginx: Nginx) -> None:
    def handshake(prepare: Callable[[ssl.SSLContext], None], name: str = "localhost") -> tuple[str | None, str]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.set_ciphers("ALL:@SECLEVEL=0")
        prepare(context)
        with (
            socket.create_connection(("127.0.0.1", nginx.port), timeout=10) as plain,
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

    assert handshake(only(ssl.TLSVersion.TLSv1_3))[0] == "TLSv1.3"
    assert handshake(only(ssl.TLSVersion.TLSv1_2)) == ("TLSv1.2", "ECDHE-ECDSA-AES256-GCM-SHA384")
    for old in ("TLSv1", "TLSv1_1"):
        with pytest.warns(DeprecationWarning, match="is deprecated"), pytest.raises((ssl.SSLError, ConnectionError)):
            handshake(only(ssl.TLSVersion[old]))
    for weak in ("AES128-SHA", "AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA384"):
        with pytest.raises((ssl.SSLError, ConnectionError)):
            handshake(cipher(weak))
    with pytest.raises((ssl.SSLError, ConnectionError)):
        handshake(only(ssl.TLSVersion.TLSv1_3), name="other.example")


def test_another_host_is_421_and_plain_http_is_400(nginx: Nginx) -> None:
    misdirected = nginx.request("/predict", headers={"Host": "other.example"})
    with socket.create_connection(("127.0.0.1", nginx.port), timeout=10) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\n" + CLOSE + b"\r\n")
        answer = plain.recv(65536)

    assert_problem(misdirected, 421)
    assert status_of(answer) == 400
    assert b"application/problem+json" in answer


def test_http2_is_negotiated_and_served(nginx: Nginx) -> None:
    context = nginx.tls()
    context.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(("127.0.0.1", nginx.port), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as connection,
    ):
        chosen = connection.selected_alpn_protocol()
        connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0]))
        first_frame = connection.recv(9)

    assert chosen == "h2"
    assert first_frame[3] == 4  # SETTINGS
