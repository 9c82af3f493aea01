"""Reads the Monday that names a week, by the server's rule for `last_week`.

A week is written 2026-11-16, is a Monday, and lies from 1900-01-01 to 2199-12-30.
"""

import re
from datetime import date
from typing import Final

EARLIEST: Final = date(1900, 1, 1)
LATEST: Final = date(2199, 12, 30)

_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def monday(text: str) -> date:
    """The Monday that a text names, blanks around it left out.

    Raises:
        ValueError: it names none; the message is complete.
    """
    stripped = text.strip(" \t")
    try:
        day = date.fromisoformat(stripped) if _ISO.fullmatch(stripped) else None
    except ValueError:
        day = None
    if day is None:
        raise ValueError(f"{text!r} is not a date like 2026-11-16")
    if day.weekday():
        raise ValueError(f"{day} is a {_DAYS[day.weekday()]}; a week is named by its Monday")
    if not EARLIEST <= day <= LATEST:
        raise ValueError(f"{day} is not a week from {EARLIEST} to {LATEST}; is the year right?")
    return day
