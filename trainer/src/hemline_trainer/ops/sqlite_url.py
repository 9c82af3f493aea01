"""The database URL of a SQLite file, as SQLAlchemy, Optuna and MLflow read it."""

import os
import re
from pathlib import Path
from typing import Final
from urllib.parse import quote

_PLAIN: Final = re.compile(r"[\w/.+ -]*")


def sqlite_url(path: Path) -> str:
    """A URL that names this very file, whatever characters its path holds.

    A database URL has no way to quote a question mark, and Optuna fills in what stands in braces. So a path with such
    characters goes as a file URI of SQLite itself; its driver is named lest MLflow makes folders for the quoted path.
    """
    whole = str(path.resolve())
    if _PLAIN.fullmatch(whole):
        return f"sqlite:///{whole}"
    return f"sqlite+pysqlite:///file:{quote(os.fsencode(whole))}?uri=true"
