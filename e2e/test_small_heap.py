"""A server with little memory is full under a flood of pictures, and goes on."""

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

CALLERS = 40
PATHS = ("/v1/forecasts", "/v2/models/trend-image-encoder/infer")
# A small picture in a large file, and a large picture in a small one.
KINDS = ((30, 4_990_000), (4000, 0))


def test_a_flood_of_pictures_is_answered_or_refused_and_ends_no_process(start: Callable[..., Server]) -> None:
    server = start(DEMO_STORE, "http.request-timeout=1m", java_options="-Xmx256m")
    questions = [question(caller) for caller in range(CALLERS)]

    with ThreadPoolExecutor(CALLERS) as callers:
        replies = list(callers.map(lambda asked: server.ask(*asked, timeout=60), questions))

    assert server.process.poll() is None, server.log.read_text()
    assert Counter(reply.status for reply in replies).keys() == {200, 503}
    assert all(reply.headers["Retry-After"] for reply in replies if reply.status == 503)
    assert server.ask(*questions[0]).status == 200
    assert server.stop() == 0


def question(caller: int) -> tuple[str, dict[str, Any]]:
    """Return a path and what is asked there: each caller has a file of its own."""
    path, (side, padding) = PATHS[caller % 2], KINDS[caller // 2 % 2]
    text = base64.b64encode(picture(side, padding + caller)).decode()
    if path == "/v1/forecasts":
        return path, {"items": [{"series": [1, 2, 3], "last_week": "2026-11-16", "image": text}]}
    return path, {"inputs": [{"name": "image", "datatype": "BYTES", "shape": [1], "data": [text]}]}


def picture(side: int, padding: int) -> bytes:
    """Return a square PNG file in one grey, with a comment of so many bytes."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"tEXt", b"c\0" + b"x" * padding), (b"IDAT", rows(side)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


@cache
def rows(side: int) -> bytes:
    """Return the compressed rows."""
    return zlib.compress((b"\0" + b"\x80" * (3 * side)) * side, 1)
