"""Actual weekly volumes: CSV with the columns hashtag, market, week, volume; other columns are ignored.

The weeks of a trend are ordered and have no gap; an unobserved week has an empty volume. Rows are numbered from 1,
including the header.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from hemline_trainer.data.mondays import monday
from hemline_trainer.data.synthetic.hashtags import canonical
from hemline_trainer.errors import DataError
from hemline_trainer.files.csv_rows import rows
from hemline_trainer.files.decimals import number

COLUMNS: Final = ("hashtag", "market", "week", "volume")
WEEK: Final = timedelta(days=7)

Actuals = dict[tuple[str, str], dict[date, float | None]]
"""By hashtag and market: volume by the Monday of the week, None if unobserved."""


def read_actuals(path: Path) -> Actuals:
    """Reads a file.

    Raises:
        DataError: a column is missing, a value is invalid, or weeks of a trend are duplicated, out of order or have a
            gap; names file, row and column.
    """
    found: Actuals = {}
    last: dict[tuple[str, str], tuple[date, int]] = {}
    for row, values in _rows(path):
        here = f"{path}, row {row}"
        trend = _word(values, "hashtag", here), _word(values, "market", here)
        week = _week(values["week"], f"{here}, column week")
        if trend in last:
            _check_order(week, *last[trend], f"{here}, column week", trend)
        last[trend] = (week, row)
        found.setdefault(trend, {})[week] = _volume(values["volume"], f"{here}, column volume")
    if not found:
        raise DataError(f"{path}: holds no week")
    return found


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    lines = rows(path)
    row, cells = next(lines, (1, []))
    header = [name.strip() for name in cells]
    for name in COLUMNS:
        if header.count(name) != 1:
            what = "is missing" if name not in header else "stands there twice"
            raise DataError(f"{path}, row {row}, column {name}: {what}; the header is {','.join(header) or 'empty'}")
    for row, cells in lines:
        if len(cells) != len(header):
            raise DataError(
                f"{path}, row {row}, column {min(len(cells), len(header)) + 1}:"
                f" has {len(cells)} cells, the header has {len(header)}"
            )
        yield row, dict(zip(header, cells, strict=True))


def _word(values: Mapping[str, str], name: str, here: str) -> str:
    word = canonical(values[name]) if name == "hashtag" else values[name].strip()
    if not word:
        raise DataError(f"{here}, column {name}: is empty")
    return word


def _week(text: str, here: str) -> date:
    try:
        return monday(text)
    except ValueError as error:
        raise DataError(f"{here}: {error}") from error


def _check_order(week: date, before: date, row: int, here: str, trend: tuple[str, str]) -> None:
    named = " in ".join(trend)
    if week == before:
        raise DataError(f"{here}: {week} of {named} stands in row {row} already")
    if week < before:
        raise DataError(f"{here}: {week} of {named} comes after {before} in row {row}; sort each trend by week")
    if week != before + WEEK:
        raise DataError(
            f"{here}: {before + WEEK} of {named} is missing before {week};"
            " give a week in which nothing was observed an empty volume"
        )


def _volume(text: str, here: str) -> float | None:
    if not text.strip():
        return None
    try:
        volume = number(text)
    except ValueError as error:
        raise DataError(f"{here}: {text!r} {error}") from error
    if volume < 0:
        raise DataError(f"{here}: {text!r} is not a volume, which is 0 or more")
    return volume
