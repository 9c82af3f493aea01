"""SQLAlchemy URLs of SQLite files, valid for Optuna and MLflow."""

import os
import re
from pathlib import Path
from typing import Final
from urllib.parse import quote

_PLAIN: Final = re.compile(r"[\w/.+ -]*")


def sqlite_url(path: Path) -> str:
    """The URL of a file with any path.

    A database URL cannot escape a question mark, and Optuna expands braces. Paths with such characters become a file
    URI of SQLite; the explicit driver keeps MLflow from creating folders for the quoted path.
    """
    whole = str(path.resolve())
    if _PLAIN.fullmatch(whole):
        return f"sqlite:///{whole}"
    return f"sqlite+pysqlite:///file:{quote(os.fsencode(whole))}?uri=true"
