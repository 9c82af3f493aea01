"""JSON as every reader of the artifact format takes it: UTF-8, each member once, finite numbers that JSON can write.

Python's own reader takes NaN, Infinity, 1e999 and doubled members; the server's refuses them.
"""

import json
import math
from typing import Any, Final, NoReturn

_LONGEST_NUMBER: Final = 1000
_SHOWN: Final = 40


def parse(data: bytes) -> Any:  # noqa: ANN401 - whatever the text holds
    """The value of a JSON text; a ValueError says in one line what is wrong."""
    try:
        return json.loads(
            data.decode("utf-8"),
            parse_constant=_constant,
            parse_float=_number,
            parse_int=_whole,
            object_pairs_hook=_members,
        )
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error


def _constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number of JSON")


def _number(text: str) -> float:
    value = float(text)
    if not math.isfinite(value) or len(text) > _LONGEST_NUMBER:
        raise ValueError(f"{text[:_SHOWN]} is no finite number")
    return value


def _whole(text: str) -> int:
    _number(text)
    return int(text)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        doubled = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"member {doubled[:_SHOWN]!r} is there twice")
    return members
