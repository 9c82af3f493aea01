"""Reads numbers in files: ASCII decimals such as -12.5 or 1e3, and nothing else.

Python's float() also accepts 1_000, digits of other scripts, nan and infinity.
"""

import re
from typing import Final

LARGEST: Final = 1e30
"""The largest size of a weekly value, as servers take it."""

_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def number(text: str, largest: float = LARGEST) -> float:
    """The number in a text, surrounding blanks ignored.

    Raises:
        ValueError: it is no decimal, or of a size beyond `largest`; the message follows the text.
    """
    stripped = text.strip(" \t")
    if not _DECIMAL.fullmatch(stripped):
        raise ValueError("is not a number")
    value = float(stripped)
    if not abs(value) <= largest:
        raise ValueError(f"is beyond {largest:g}")
    return value
