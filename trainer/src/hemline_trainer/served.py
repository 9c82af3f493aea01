"""Forecasts that a server gave, as the topic `forecasts-served` carries them: JSON, one a line.

Rows are lines, counted from 1; a column is the path of a member, such as model.version.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import jsonschema

from hemline_trainer.errors import DataError
from hemline_trainer.manifest import Json

MONDAY: Final = 0


@dataclass(frozen=True)
class Served:
    """One forecast. Immutable."""

    hashtag: str
    market: str
    version: str
    last_week: date
    served_at: datetime
    cold_start: bool
    recent_volume: float | None
    trend_score: float | None


@dataclass(frozen=True)
class ServedForecasts:
    """What some files hold. Immutable.

    Attributes:
        forecasts: for each trend, week and model version the one that was served last; the oldest week first.
        read: events in the files.
        twice: events that stood there twice, by their id.
    """

    forecasts: tuple[Served, ...]
    read: int
    twice: int


def read_served(paths: Iterable[Path], version: str | None = None) -> ServedForecasts:
    """Reads files in any order of their lines; `version` keeps the forecasts of one model version.

    Raises:
        DataError: a line breaks the schema, or two events of one id differ; names file, row and column.
    """
    kept: dict[tuple[str, str, str, date], Served] = {}
    ids: dict[str, tuple[str, Json]] = {}
    read = twice = 0
    for path in paths:
        for row, document in _documents(path):
            read += 1
            here = f"{path}, row {row}"
            before = ids.setdefault(document["id"], (here, document))
            if before[0] != here:
                if before[1] != document:
                    raise DataError(f"{here}, column id: {document['id']!r} stands in {before[0]} with other content")
                twice += 1
                continue
            served = _served(document, here)
            if version is not None and served.version != version:
                continue
            key = (served.hashtag, served.market, served.version, served.last_week)
            if key not in kept or kept[key].served_at <= served.served_at:
                kept[key] = served
    ordered = sorted(kept.values(), key=lambda each: (each.last_week, each.hashtag, each.market, each.version))
    return ServedForecasts(tuple(ordered), read, twice)


def _documents(path: Path) -> Iterable[tuple[int, Json]]:
    with path.open(encoding="utf-8") as lines:
        try:
            for row, line in enumerate(lines, start=1):
                if line.strip():
                    yield row, _document(line, f"{path}, row {row}")
        except UnicodeDecodeError as error:
            raise DataError(f"{path}: is not UTF-8 text ({error.reason})") from error


def _document(line: str, here: str) -> Json:
    try:
        document = json.loads(line, parse_constant=_refused)
    except ValueError as error:
        column = getattr(error, "colno", 1)
        raise DataError(f"{here}, column {column}: is not JSON ({error})") from error
    broken = jsonschema.exceptions.best_match(_validator().iter_errors(document))
    if broken is not None:
        place = ".".join(str(step) for step in broken.absolute_path) or "(whole line)"
        raise DataError(f"{here}, column {place}: {broken.message}")
    assert isinstance(document, dict)
    return document


def _refused(word: str) -> float:
    raise ValueError(f"{word} is no JSON number")


def _served(document: Json, here: str) -> Served:
    last_week = _moment(date.fromisoformat, document["last_week"], f"{here}, column last_week")
    if last_week.weekday() != MONDAY:
        raise DataError(f"{here}, column last_week: {last_week} is no Monday")
    served_at = _moment(datetime.fromisoformat, document["served_at"], f"{here}, column served_at")
    if served_at.tzinfo is None:
        raise DataError(f"{here}, column served_at: {document['served_at']!r} names no time zone")
    return Served(
        hashtag=document["hashtag"],
        market=document["market"],
        version=document["model"]["version"],
        last_week=last_week,
        served_at=served_at,
        cold_start=document["cold_start"],
        recent_volume=document["recent_volume"],
        trend_score=document["trend_score"],
    )


def _moment(read: Any, text: str, here: str) -> Any:  # noqa: ANN401 - a date or a moment
    try:
        return read(text)
    except ValueError as error:
        raise DataError(f"{here}: {text!r} is not an ISO 8601 date ({error})") from error


@cache
def _validator() -> Any:  # noqa: ANN401 - jsonschema makes its validator classes at run time
    text = files("hemline_trainer").joinpath("forecasts-served.schema.json").read_text(encoding="utf-8")
    return jsonschema.Draft202012Validator(json.loads(text))
