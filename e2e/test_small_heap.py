"""A server with a small heap sheds a burst of images and stays up."""

from __future__ import annotations

import base64
import struct
import zlib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, Any

from conftest import DEMO_STORE, Server

if TYPE_CHECKING:
    from collections.abc import Callable

CLIENTS = 40
PATHS = ("/v1/forecasts", "/v2/models/trend-image-encoder/infer")
# Side in pixels and padding in bytes: a small image in a large file, and a large image in a small file.
KINDS = ((30, 4_990_000), (4000, 0))


def test_a_burst_of_images_is_answered_or_shed_without_an_exit(start: Callable[..., Server]) -> None:
    server = start(DEMO_STORE, "http.request-timeout=1m", java_options="-Xmx256m")
    requests = [request_of(client) for client in range(CLIENTS)]

    with ThreadPoolExecutor(CLIENTS) as clients:
        responses = list(clients.map(lambda request: server.request(*request, timeout=60), requests))

    assert server.process.poll() is None, server.log.read_text()
    assert Counter(response.status for response in responses).keys() == {200, 503}
    assert all(response.headers["Retry-After"] for response in responses if response.status == 503)
    assert server.request(*requests[0]).status == 200
    assert server.stop() == 0


def request_of(client: int) -> tuple[str, dict[str, Any]]:
    """Return the path and the body of a client's request; each client has a different image file."""
    path, (side, padding) = PATHS[client % 2], KINDS[client // 2 % 2]
    text = base64.b64encode(png(side, padding + client)).decode()
    if path == "/v1/forecasts":
        return path, {"items": [{"series": [1, 2, 3], "last_week": "2026-11-16", "image": text}]}
    return path, {"inputs": [{"name": "image", "datatype": "BYTES", "shape": [1], "data": [text]}]}


def png(side: int, padding: int) -> bytes:
    """Return a square grey PNG file with a comment of so many bytes."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"tEXt", b"c\0" + b"x" * padding), (b"IDAT", rows(side)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


@cache
def rows(side: int) -> bytes:
    """Return the compressed pixel rows."""
    return zlib.compress((b"\0" + b"\x80" * (3 * side)) * side, 1)
