"""Reads the rows of CSV files; every failure names file and row. Rows are lines of the file, counted from 1."""

import csv
from collections.abc import Iterator
from pathlib import Path

from hemline_trainer.errors import DataError


def rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yields number and cells of each row, the header first; blank rows are skipped.

    The file is UTF-8, with or without a byte order mark, and is streamed.

    Raises:
        DataError: it cannot be read, or is no CSV text.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file, strict=True)
            for cells in lines:
                if any("\0" in cell for cell in cells):
                    raise DataError(f"{path}: row {lines.line_num}: holds a NUL, so it is not text")
                if len(cells) > 1 or any(cell.strip() for cell in cells):
                    yield lines.line_num, cells
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: is not UTF-8 text, after row {lines.line_num} ({error.reason})") from error
    except csv.Error as error:
        raise DataError(f"{path}: row {lines.line_num}: is not CSV ({error})") from error
