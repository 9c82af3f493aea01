"""Own weekly series as a CSV file holds them: one row a week, the rows of a series together and in order of its weeks.

The order of the series does not matter, so any `sort` will do. A file is read row by row and never held as
a whole; of the series that have ended it keeps 16 bytes each. Faults are reported with file, row and column.
"""

import hashlib
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from hemline_trainer.contract import VARIABLES, VOCABULARIES
from hemline_trainer.data.mondays import monday
from hemline_trainer.errors import DataError
from hemline_trainer.files.csv_rows import rows
from hemline_trainer.files.decimals import number

NEEDED: Final = ("trend", "market", "week", "value")
SIDES: Final = VARIABLES[1:]
WORDS: Final = tuple(VOCABULARIES)
KNOWN: Final = (*NEEDED, *WORDS[1:], *SIDES)

LONGEST_GAP: Final = 520
"""Weeks; a longer gap is a mistyped year."""

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
        """Identifies it within a file."""
        return self.trend, self.words[0]


def read_csv(path: Path, *, keep_gaps: bool) -> Iterator[Series]:
    """Gives the series of a file, one after the other.

    Args:
        path: a CSV file in UTF-8 with a header.
        keep_gaps: missing weeks count as not observed instead of being refused.
    """
    lines = rows(path)
    row, names = next(lines, (1, []))
    header = _header(path, row, [name.strip() for name in names])
    yield from _grouped(header, lines, keep_gaps)


@dataclass(frozen=True)
class _Header:
    """The first row of a file: its number, and the place of each column. Immutable."""

    path: Path
    row: int
    places: dict[str, int]

    def sort_command(self) -> str:
        """A shell command that sorts the file as `read_csv` wants it."""
        file = shlex.quote(str(self.path))
        keys = " ".join(f"-k{place},{place}" for place in (self.places[name] + 1 for name in NEEDED[:3]))
        return f"(head -n {self.row} {file}; tail -n +{self.row + 1} {file} | LC_ALL=C sort -t, {keys}) > sorted.csv"


def _header(path: Path, row: int, names: list[str]) -> _Header:
    for name in NEEDED:
        if name not in names:
            raise DataError(f"{path}: row {row}: there is no column {name}; needed are {', '.join(NEEDED)}")
    for name in names:
        if name not in KNOWN:
            raise DataError(f"{path}: row {row}: column {name!r} is unknown; known are {', '.join(KNOWN)}")
        if names.count(name) > 1:
            raise DataError(f"{path}: row {row}: column {name} stands there twice")
    return _Header(path, row, {name: place for place, name in enumerate(names)})


def _grouped(header: _Header, lines: Iterator[tuple[int, list[str]]], keep_gaps: bool) -> Iterator[Series]:
    now: Series | None = None
    ended: set[bytes] = set()
    for number_in_file, cells in lines:
        row = _Row(header, number_in_file, cells)
        week, words = row.week(), tuple(row.text(name) for name in WORDS)
        trend = row.text("trend")
        if not trend:
            raise row.fault("trend", "is empty")
        if now is None or now.key != (trend, words[0]):
            if now is not None:
                ended.add(_mark(now.key))
                yield now
            if _mark((trend, words[0])) in ended:
                raise row.unsorted("trend", f"{trend!r} in {words[0]!r} had ended before")
            now = Series(trend, words, week)
        for name, word, before in zip(WORDS[1:], words[1:], now.words[1:], strict=True):
            if word != before:
                raise row.fault(name, f"{word!r} differs from {before!r} of the same series before")
        _fill(now, row, week, keep_gaps)
        for values, name in zip(now.values, ("value", *SIDES), strict=True):
            values.append(row.number(name))
    if now is not None:
        yield now


def _mark(key: tuple[str, str]) -> bytes:
    """16 bytes that stand for a series."""
    return hashlib.blake2b("\0".join(key).encode(), digest_size=16).digest()


def _fill(series: Series, row: "_Row", week: date, keep_gaps: bool) -> None:
    """Fills missing weeks with None; refuses repeated weeks and those out of order."""
    missing = (week - series.first).days // WEEK - len(series)
    if missing == -1:
        raise row.fault("week", f"{week} of {series.trend!r} is there already")
    if missing < 0:
        raise row.unsorted("week", f"{week} of {series.trend!r} comes after a later week")
    if missing > LONGEST_GAP:
        raise row.fault("week", f"{week} comes {missing} weeks after the row before; is the year right?")
    if missing and not keep_gaps:
        raise row.fault("week", f"{missing} weeks are missing before {week}; --gaps keep counts them as not observed")
    for values in series.values:
        values.extend([None] * missing)


@dataclass(frozen=True)
class _Row:
    """One row of a file, with its place for messages. Immutable."""

    header: _Header
    number_in_file: int
    cells: list[str]

    def __post_init__(self) -> None:
        if len(self.cells) != len(self.header.places):
            raise DataError(
                f"{self.header.path}: row {self.number_in_file}: has {len(self.cells)} columns,"
                f" the header has {len(self.header.places)}"
            )

    def text(self, name: str) -> str:
        place = self.header.places.get(name)
        return "" if place is None else self.cells[place].strip()

    def number(self, name: str) -> float | None:
        """A number; None where the cell is empty or the column is not there."""
        text = self.text(name)
        if not text:
            return None
        try:
            return number(text)
        except ValueError as error:
            raise self.fault(name, f"{text!r} {error}") from error

    def week(self) -> date:
        try:
            return monday(self.text("week"))
        except ValueError as error:
            raise self.fault("week", str(error)) from error

    def fault(self, column: str, reason: str) -> DataError:
        return DataError(f"{self.header.path}: row {self.number_in_file}, column {column}: {reason}")

    def unsorted(self, column: str, reason: str) -> DataError:
        return self.fault(column, f"{reason}; sort the file: {self.header.sort_command()}")
