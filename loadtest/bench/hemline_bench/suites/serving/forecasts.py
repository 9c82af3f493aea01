"""Compares forecasts: equal requests must get equal forecasts from every server."""

import http.client
import json
import time
import urllib.parse
from typing import Any

from hemline_bench.places import ARTIFACT

LEVELS = ("0.1", "0.5", "0.9")


class ForecastMismatch(Exception):
    """Two servers answered one request with different forecasts."""


def tolerance() -> tuple[float, float]:
    """The absolute and relative tolerance of the artifact's golden answers."""
    allowed = json.loads((ARTIFACT / "manifest.json").read_text())["tolerance"]
    return allowed["atol"], allowed["rtol"]


def require_equal(ours: dict[str, Any], theirs: dict[str, Any], peer: str) -> None:
    """Raises when two forecasts differ by more than the manifest's tolerance."""
    atol, rtol = tolerance()
    for level in LEVELS:
        pairs = zip(ours["quantiles"][level], theirs["quantiles"][level], strict=True)
        for week, (one, other) in enumerate(pairs):
            if abs(one - other) > atol + rtol * abs(one):
                raise ForecastMismatch(f"{peer}: quantile {level} of week {week} is {other}, not {one}")
    if ours["trend_class"] != theirs["trend_class"] or ours["weeks"] != theirs["weeks"]:
        raise ForecastMismatch(f"{peer}: class or weeks differ: {theirs['trend_class']}, {theirs['weeks'][0]}…")
    if abs(ours["trend_score"] - theirs["trend_score"]) > 1e-3:
        raise ForecastMismatch(f"{peer}: trend_score is {theirs['trend_score']}, not {ours['trend_score']}")


def timed_posts(base: str, path: str, bodies: list[str]) -> tuple[float, list[Any]]:
    """Posts all bodies in sequence on one connection; returns the seconds and the parsed responses."""
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(base).netloc, timeout=30)
    connection.connect()
    started = time.perf_counter()
    raw = []
    for text in bodies:
        connection.request("POST", path, text, {"Content-Type": "application/json"})
        response = connection.getresponse()
        raw.append(response.read())
        if response.status != 200:
            raise ForecastMismatch(f"{base}{path} answered {response.status}: {raw[-1][:300]!r}")
    seconds = time.perf_counter() - started
    connection.close()
    return seconds, [json.loads(answer) for answer in raw]
