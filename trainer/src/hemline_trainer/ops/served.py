"""Served forecasts: events of the topic `forecasts-served`, one JSON document per line.

Rows are line numbers from 1; a column is the path of a member, such as model.version.
"""

import codecs
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import jsonschema

from hemline_trainer.artifact.manifest import Json
from hemline_trainer.data.mondays import monday
from hemline_trainer.errors import DataError
from hemline_trainer.files.decimals import LARGEST
from hemline_trainer.files.strict_json import loads

_SHOWN: Final = 200
"""Longest quotation of a line in a message."""


@dataclass(frozen=True)
class Served:
    """One served forecast. Immutable."""

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
    """The content of some files. Immutable.

    Attributes:
        forecasts: the last one for each trend, week and model version; the oldest week first.
        read: number of events.
        duplicates: number of events with a repeated id.
    """

    forecasts: tuple[Served, ...]
    read: int
    duplicates: int


def read_served(paths: Iterable[Path], version: str | None = None) -> ServedForecasts:
    """Reads files with lines in any order; `version` selects one model version.

    Raises:
        DataError: a line breaks the schema, or two events of one id differ; names file, row and column.
    """
    kept: dict[tuple[str, str, str, date], Served] = {}
    ids: dict[str, tuple[str, Json]] = {}
    read = duplicates = 0
    for path in paths:
        for row, document in _documents(path):
            read += 1
            here = f"{path}, row {row}"
            before = ids.setdefault(document["id"], (here, document))
            if before[0] != here:
                if before[1] != document:
                    raise DataError(f"{here}, column id: {document['id']!r} stands in {before[0]} with other content")
                duplicates += 1
                continue
            served = _served(document, here)
            if version is not None and served.version != version:
                continue
            key = (served.hashtag, served.market, served.version, served.last_week)
            if key not in kept or kept[key].served_at <= served.served_at:
                kept[key] = served
    ordered = sorted(kept.values(), key=lambda each: (each.last_week, each.hashtag, each.market, each.version))
    return ServedForecasts(tuple(ordered), read, duplicates)


def _documents(path: Path) -> Iterable[tuple[int, Json]]:
    try:
        with path.open("rb") as lines:  # text mode would split at further characters that JSON allows
            for row, line in enumerate(lines, start=1):
                text = line.removeprefix(codecs.BOM_UTF8).decode() if row == 1 else line.decode()
                if text.strip():
                    yield row, _document(text, f"{path}, row {row}")
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path}, row {row}, column {error.start + 1}: is not UTF-8 text ({error.reason})") from error


def _document(line: str, here: str) -> Json:
    try:
        document = loads(line)
    except json.JSONDecodeError as error:
        raise DataError(f"{here}, column {error.colno}: is not JSON ({error.msg})") from error
    broken = jsonschema.exceptions.best_match(_validator().iter_errors(document))
    if broken is not None:
        place = ".".join(str(step) for step in broken.absolute_path) or "(whole line)"
        shown = broken.message if len(broken.message) <= _SHOWN else f"{broken.message[:_SHOWN]}..."
        raise DataError(f"{here}, column {place}: {shown}")
    assert isinstance(document, dict)
    for name in ("recent_volume", "trend_score"):
        if document[name] is not None and abs(document[name]) > LARGEST:
            raise DataError(f"{here}, column {name}: {document[name]:g} is beyond {LARGEST:g}")
    return document


def _served(document: Json, here: str) -> Served:
    try:
        last_week = monday(document["last_week"])
    except ValueError as error:
        raise DataError(f"{here}, column last_week: {error}") from error
    try:
        served_at = datetime.fromisoformat(document["served_at"])
    except ValueError as error:
        raise DataError(f"{here}, column served_at: {document['served_at']!r} is not an ISO 8601 moment") from error
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


@cache
def _validator() -> Any:  # noqa: ANN401 - jsonschema makes its validator classes at run time
    text = files("hemline_trainer").joinpath("forecasts-served.schema.json").read_text(encoding="utf-8")
    return jsonschema.Draft202012Validator(json.loads(text))
