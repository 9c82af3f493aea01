"""Served forecasts and what came, for tests."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

FIRST = date(2026, 3, 2)
WEEK = timedelta(days=7)


def event(number: int, **changes: object) -> dict[str, Any]:
    """A forecast of trend `number`: half as much again as its recent volume of 10."""
    flat = [15.0] * 13
    return {
        "id": f"s-{number}",
        "served_at": "2026-03-10T12:00:00Z",
        "model": {"name": "trend", "version": "7", "digest": "0a" * 32},
        "hashtag": f"trend{number}",
        "market": "vn",
        "last_week": FIRST.isoformat(),
        "features_as_of": "2026-03-09T00:00:00Z",
        "stale": False,
        "cold_start": False,
        "recent_volume": 10.0,
        "trend_score": 0.5,
        "trend_class": "rising",
        "quantiles": {"0.1": flat, "0.5": flat, "0.9": flat},
    } | changes


def write_events(path: Path, events: Iterable[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(each) + "\n" for each in events), encoding="utf-8")
    return path


def write_actuals(path: Path, volumes: dict[str, Sequence[float | None]], first: date = FIRST + WEEK) -> Path:
    """Volumes of trends in vn, week by week."""
    lines = ["hashtag,market,week,volume"]
    for hashtag, weeks in volumes.items():
        for step, volume in enumerate(weeks):
            lines.append(f"{hashtag},vn,{first + step * WEEK},{'' if volume is None else volume}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
