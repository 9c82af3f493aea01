"""Own weekly series as a CSV file holds them: one row a week, sorted by trend, market and week.

A file is read row by row and never held as a whole. What is wrong with it is told by file, row and column.
"""

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from hemline_trainer.errors import DataError
from hemline_trainer.vocabulary import VARIABLES, VOCABULARIES

NEEDED: Final = ("trend", "market", "week", "value")
SIDES: Final = VARIABLES[1:]
WORDS: Final = tuple(VOCABULARIES)
KNOWN: Final = (*NEEDED, *WORDS[1:], *SIDES)

LONGEST_GAP: Final = 520
"""Weeks; a longer gap is a mistyped year."""

LARGEST: Final = 1e30
WEEK: Final = 7


@dataclass
class Series:
    """One trend in one market, week by week.

    Attributes:
        trend: its name.
        words: market, gender, category; empty where unknown.
        first: the Monday of its first week.
        values: of each variable (see `VARIABLES`), None where not observed.
    """

    trend: str
    words: tuple[str, ...]
    first: date
    values: list[list[float | None]] = field(default_factory=lambda: [[] for _ in VARIABLES])

    def __len__(self) -> int:
        return len(self.values[0])

    @property
    def key(self) -> tuple[str, str]:
        """What the file is sorted by."""
        return self.trend, self.words[0]


def read_csv(path: Path, *, keep_gaps: bool) -> Iterator[Series]:
    """Gives the series of a file, one after the other.

    Args:
        path: a CSV file in UTF-8 with a header.
        keep_gaps: missing weeks count as not observed instead of being refused.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, strict=True)
            yield from _grouped(path, rows, _header(path, next(rows, [])), keep_gaps)
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: is not UTF-8 at byte {error.start}") from error
    except csv.Error as error:
        raise DataError(f"{path}: row {rows.line_num}: {error}") from error


def _header(path: Path, names: list[str]) -> dict[str, int]:
    """Where each column stands."""
    for name in NEEDED:
        if name not in names:
            raise DataError(f"{path}: row 1: there is no column {name}; needed are {', '.join(NEEDED)}")
    for name in names:
        if name not in KNOWN:
            raise DataError(f"{path}: row 1: column {name!r} is unknown; known are {', '.join(KNOWN)}")
        if names.count(name) > 1:
            raise DataError(f"{path}: row 1: column {name} stands there twice")
    return {name: place for place, name in enumerate(names)}


def _grouped(path: Path, rows: "csv._reader", places: dict[str, int], keep_gaps: bool) -> Iterator[Series]:  # type: ignore[name-defined]
    now: Series | None = None
    for cells in rows:
        row = _Row(path, rows.line_num, places, cells)
        week, words = row.week(), tuple(row.text(name) for name in WORDS)
        trend = row.text("trend")
        if not trend:
            raise row.fault("trend", "is empty")
        if now is None or now.key != (trend, words[0]):
            if now is not None:
                if (trend, words[0]) < now.key:
                    column = "market" if trend == now.trend else "trend"
                    raise row.fault(column, f"{row.text(column)!r} comes too late; sort by trend, market, week")
                yield now
            now = Series(trend, words, week)
        for name, word, before in zip(WORDS[1:], words[1:], now.words[1:], strict=True):
            if word != before:
                raise row.fault(name, f"{word!r} differs from {before!r} of the same series before")
        _fill(now, row, week, keep_gaps)
        for values, name in zip(now.values, ("value", *SIDES), strict=True):
            values.append(row.number(name))
    if now is not None:
        yield now


def _fill(series: Series, row: "_Row", week: date, keep_gaps: bool) -> None:
    """Makes room for missing weeks; refuses weeks that are there already or come too late."""
    missing = (week - series.first).days // WEEK - len(series)
    if missing == -1:
        raise row.fault("week", f"{week} of {series.trend!r} is there already")
    if missing < 0:
        raise row.fault("week", f"{week} comes too late; sort by trend, market, week")
    if missing > LONGEST_GAP:
        raise row.fault("week", f"{week} comes {missing} weeks after the row before; is the year right?")
    if missing and not keep_gaps:
        raise row.fault("week", f"{missing} weeks are missing before {week}; --gaps keep counts them as not observed")
    for values in series.values:
        values.extend([None] * missing)


@dataclass(frozen=True)
class _Row:
    """One row of a file, and how to name it. Immutable."""

    path: Path
    number_in_file: int
    places: dict[str, int]
    cells: list[str]

    def __post_init__(self) -> None:
        if len(self.cells) != len(self.places):
            raise DataError(
                f"{self.path}: row {self.number_in_file}: has {len(self.cells)} columns,"
                f" the header has {len(self.places)}"
            )

    def text(self, name: str) -> str:
        place = self.places.get(name)
        return "" if place is None else self.cells[place].strip()

    def number(self, name: str) -> float | None:
        """A number; None where the cell is empty or the column is not there."""
        text = self.text(name)
        if not text:
            return None
        try:
            number = float(text)
        except ValueError as error:
            raise self.fault(name, f"{text!r} is not a number") from error
        if not math.isfinite(number) or abs(number) > LARGEST:
            raise self.fault(name, f"{text!r} is not finite, or beyond 1e30")
        return number

    def week(self) -> date:
        text = self.text("week")
        try:
            week = date.fromisoformat(text)
        except ValueError as error:
            raise self.fault("week", f"{text!r} is not a date like 2026-11-16") from error
        if week.weekday():
            raise self.fault("week", f"{text} is a {week:%A}; a week is named by its Monday")
        return week

    def fault(self, column: str, reason: str) -> DataError:
        return DataError(f"{self.path}: row {self.number_in_file}, column {column}: {reason}")
