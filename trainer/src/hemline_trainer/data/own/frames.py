"""Own weekly series as a table in long format: one row a series and week.

    unique_id   text: names the series
    ds          the Monday that begins the week: a date, or a text such as 2026-11-16
    y           the weekly value; empty where it was not observed
    market, gender, category                      optional texts, the same in all rows of a series
    influencer_share, sentiment, engagement       optional weekly values

A week that has no row counts as not observed. Rows may stand in any order.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from hemline_trainer.data.mondays import monday
from hemline_trainer.data.own.series import LONGEST_GAP, SIDES, WEEK, WORDS, Series
from hemline_trainer.errors import DataError
from hemline_trainer.files.decimals import LARGEST

NEEDED: Final = ("unique_id", "ds", "y")
KNOWN: Final = (*NEEDED, *WORDS, *SIDES)


def read_frame(path: Path) -> pd.DataFrame:
    """Reads a CSV file, or all Parquet files of a folder in the order of their names.

    Raises:
        DataError: there is no such file, or it cannot be read.
    """
    files = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    if not files:
        raise DataError(f"{path}: holds no Parquet file")
    try:
        if path.is_dir():
            return pd.concat([pd.read_parquet(file) for file in files], ignore_index=True)
        return pd.read_csv(path, dtype={"unique_id": str, "ds": str, **dict.fromkeys(WORDS, str)})
    except (OSError, ValueError) as error:  # pyarrow's and pandas' errors of broken files are ValueErrors
        raise DataError(f"{path}: cannot be read ({str(error).splitlines()[0]})") from error


def series_of(frame: pd.DataFrame, source: str) -> Iterator[Series]:
    """Gives the series of a table, sorted by name; `source` names the table in messages.

    Raises:
        DataError: a column is missing or unknown, or a cell is wrong; names the series and its column.
    """
    for name in NEEDED:
        if name not in frame.columns:
            raise DataError(f"{source}: there is no column {name}; needed are {', '.join(NEEDED)}")
    for name in frame.columns:
        if name not in KNOWN:
            raise DataError(f"{source}: column {name!r} is unknown; known are {', '.join(KNOWN)}")
    for name, rows in frame.groupby("unique_id", sort=True, dropna=False):
        if not isinstance(name, str) or not name.strip():
            raise DataError(f"{source}: column unique_id: {name!r} is not a name; it must be a text that is not empty")
        yield _series(name, rows, f"{source}: {name!r}")


def _series(name: str, rows: pd.DataFrame, place: str) -> Series:
    days = np.array([_monday(value, place).toordinal() for value in rows["ds"]])
    order = np.argsort(days, kind="stable")
    weeks = (days[order] - days[order[0]]) // WEEK
    doubled = np.flatnonzero(np.diff(weeks) == 0)
    if len(doubled):
        raise DataError(f"{place}, column ds: {date.fromordinal(int(days[order[doubled[0]]]))} is there twice")
    if np.diff(weeks).max(initial=0) > LONGEST_GAP:
        raise DataError(f"{place}, column ds: a gap of {np.diff(weeks).max()} weeks; is the year right?")
    values: list[list[float | None]] = []
    for column in ("y", *SIDES):
        filled: list[float | None] = [None] * (int(weeks[-1]) + 1)
        if column in rows.columns:
            for week, value in zip(weeks, rows[column].to_numpy()[order], strict=True):
                filled[week] = _number(value, f"{place}, column {column}")
        values.append(filled)
    words = tuple(_word(rows, column, place) for column in WORDS)
    return Series(name, words, date.fromordinal(int(days[order[0]])), values)


def _monday(value: Any, place: str) -> date:  # noqa: ANN401 - a cell
    try:
        return monday(value if isinstance(value, str) else pd.Timestamp(value).date().isoformat())
    except (ValueError, TypeError) as error:
        raise DataError(f"{place}, column ds: {error}") from error


def _number(value: Any, place: str) -> float | None:  # noqa: ANN401 - a cell
    if value is None or value is pd.NA:
        return None
    try:
        number = float(value)
    except (ValueError, TypeError) as error:
        raise DataError(f"{place}: {value!r} is not a number") from error
    if np.isnan(number):
        return None
    if not abs(number) <= LARGEST:
        raise DataError(f"{place}: {number:g} is beyond {LARGEST:g}")
    return number


def _word(rows: pd.DataFrame, column: str, place: str) -> str:
    if column not in rows.columns:
        return ""
    found = rows[column].fillna("").unique()
    if len(found) > 1:
        raise DataError(f"{place}, column {column}: {found[1]!r} differs from {found[0]!r} of the same series")
    return str(found[0])
