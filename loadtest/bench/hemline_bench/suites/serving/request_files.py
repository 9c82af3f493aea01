"""Files of requests, the same for all servers."""

import base64
import json
import math
import random
import struct
import urllib.parse
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hemline_bench import http_request

WEEKS = 104
LAST_WEEK = "2026-11-16"
LAST_WEEK_DAYS = 20773
KNOWN = 300
FRESH = 200
IMAGES = 120


@dataclass(frozen=True)
class RequestFiles:
    """Files of one request a line: `full` and `brief` paths of trends, `known` bodies, `fresh` bodies with an @."""

    full: Path
    brief: Path
    known: Path
    fresh: Path
    images: Path

    def in_form(self, change: Any, name: str) -> "RequestFiles":
        """The same requests in the form of a peer's protocol."""
        made = []
        for file in (self.known, self.fresh):
            copy = file.with_name(f"{file.stem}-{name}.txt")
            copy.write_text("".join(change(line) + "\n" for line in file.read_text().splitlines()))
            made.append(copy)
        return RequestFiles(self.full, self.brief, made[0], made[1], self.images)


def series(generator: random.Random) -> list[float]:
    """A weekly series of level, season and noise."""
    level = 10 + generator.random() * 1000
    swing = 0.1 + 0.4 * generator.random()
    phase = generator.random() * 52
    return [
        round(level * (1 + swing * math.sin(2 * math.pi * (week + phase) / 52)) * (0.9 + 0.2 * generator.random()), 2)
        for week in range(WEEKS)
    ]


def item(values: list[float], **more: Any) -> dict[str, Any]:
    """One item of a request."""
    return {"series": values, "last_week": LAST_WEEK, **more}


def body(*items: dict[str, Any]) -> str:
    """The body of a POST to /v1/forecasts."""
    return json.dumps({"items": list(items)}, separators=(",", ":"))


def with_placeholder(text: str) -> str:
    """A body with a placeholder as its first value, for a number that no other request has."""
    before, bracket, after = text.partition('"series":[')
    return f"{before}{bracket}@,{after.partition(',')[2]}"


def trends(base: str) -> list[tuple[str, str]]:
    """Hashtag and market of every known trend."""
    page = json.loads(http_request.get(f"{base}/v1/trends?limit=500"))
    return [(trend["hashtag"], trend["market"]) for trend in page["trends"]]


def png(generator: random.Random, side: int = 320) -> bytes:
    """A unique PNG image: one colour with a strip of noise."""
    colour = generator.randbytes(3)
    rows = b"".join(b"\0" + (generator.randbytes(3 * 40) + colour * (side - 40)) for _ in range(side))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 6)) + chunk(b"IEND", b"")


def write(folder: Path, known_trends: list[tuple[str, str]]) -> RequestFiles:
    """Writes all files, equal in every run."""
    generator = random.Random(7)

    def lines(name: str, all_lines: list[str]) -> Path:
        file = folder / f"{name}.txt"
        file.write_text("".join(line + "\n" for line in all_lines))
        return file

    queries = [urllib.parse.urlencode({"hashtags": hashtag, "market": market}) for hashtag, market in known_trends]
    images = [
        body(item(series(generator), image=base64.b64encode(png(generator)).decode(), id=f"picture-{index}"))
        for index in range(IMAGES)
    ]
    return RequestFiles(
        full=lines("full", [f"/v1/forecasts?{query}" for query in queries]),
        brief=lines("brief", [f"/predict?{query}" for query in queries]),
        known=lines("known", [body(item(series(generator))) for _ in range(KNOWN)]),
        fresh=lines("fresh", [with_placeholder(body(item(series(generator)))) for _ in range(FRESH)]),
        images=lines("images", images),
    )
