"""Holds answers against each other: the same question must get the same forecast from everyone."""

import http.client
import json
import time
import urllib.parse
import urllib.request
from typing import Any

from hemline_bench.places import ARTIFACT

LEVELS = ("0.1", "0.5", "0.9")


class Differs(Exception):
    """Two answers to one question are not the same forecast."""


def tolerance() -> tuple[float, float]:
    """Absolute and relative tolerance of the artifact's golden answers."""
    allowed = json.loads((ARTIFACT / "manifest.json").read_text())["tolerance"]
    return allowed["atol"], allowed["rtol"]


def post(base: str, path: str, body: str) -> Any:
    """Asks once and reads the answer."""
    request = urllib.request.Request(base + path, body.encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def same(ours: dict[str, Any], theirs: dict[str, Any], who: str) -> None:
    """Compares two forecasts; raises when they are further apart than the manifest allows."""
    atol, rtol = tolerance()
    for level in LEVELS:
        pairs = zip(ours["quantiles"][level], theirs["quantiles"][level], strict=True)
        for week, (one, other) in enumerate(pairs):
            if abs(one - other) > atol + rtol * abs(one):
                raise Differs(f"{who}: quantile {level} of week {week} is {other}, not {one}")
    if ours["trend_class"] != theirs["trend_class"] or ours["weeks"] != theirs["weeks"]:
        raise Differs(f"{who}: class or weeks differ: {theirs['trend_class']}, {theirs['weeks'][0]}…")
    if abs(ours["trend_score"] - theirs["trend_score"]) > 1e-3:
        raise Differs(f"{who}: trend_score is {theirs['trend_score']}, not {ours['trend_score']}")


def timed_posts(base: str, path: str, bodies: list[str]) -> tuple[float, list[Any]]:
    """Asks one after another on one connection; returns the seconds and the answers."""
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(base).netloc, timeout=30)
    connection.connect()
    started = time.perf_counter()
    raw = []
    for text in bodies:
        connection.request("POST", path, text, {"Content-Type": "application/json"})
        response = connection.getresponse()
        raw.append(response.read())
        if response.status != 200:
            raise Differs(f"{base}{path} answered {response.status}: {raw[-1][:300]!r}")
    seconds = time.perf_counter() - started
    connection.close()
    return seconds, [json.loads(answer) for answer in raw]
