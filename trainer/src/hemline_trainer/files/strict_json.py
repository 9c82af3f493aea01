"""Strict JSON: no NaN, no infinities, no duplicate members, limited nesting.

Reading raises a ValueError with the place of the fault; writing names the member.
"""

import json
import math
import re
from typing import Any, Final

from hemline_trainer.errors import DataError

DEEPEST: Final = 64
"""Brackets within brackets."""

_LONGEST: Final = 400
"""Digits of a whole number; a float holds at most 309."""

_TOKENS: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)


class _WordError(ValueError):
    """A token of the text that strict JSON does not allow."""

    def __init__(self, word: str, reason: str) -> None:
        super().__init__(reason)
        self.word = word
        self.reason = reason


def loads(text: str) -> Any:  # noqa: ANN401 - whatever a document holds
    """Reads a document.

    Raises:
        json.JSONDecodeError: it is not strict JSON; names line and column.
    """
    deep = _too_deep(text)
    if deep is not None:
        raise json.JSONDecodeError(f"nested deeper than {DEEPEST}", text, deep)
    try:
        document = json.loads(
            text, parse_constant=_constant, parse_float=_float, parse_int=_integer, object_pairs_hook=_once
        )
    except _WordError as fault:
        raise json.JSONDecodeError(fault.reason, text, max(0, text.find(fault.word))) from fault
    if "\\u" in text:
        _whole_characters(text, document)
    return document


def dumps(document: Any, of: str, **style: Any) -> str:  # noqa: ANN401 - as json.dumps has them
    """Writes a document as `json.dumps` does.

    Args:
        document: what to write.
        of: its name in messages.
        style: arguments of `json.dumps`.

    Raises:
        DataError: a number is not finite; names the member.
    """
    try:
        return json.dumps(document, allow_nan=False, **style)
    except ValueError as error:
        place, value = next(_not_finite(document, ""), ("", error))
        raise DataError(f"{of}: {place.removeprefix('/')} is {value}; JSON holds finite numbers only") from error


def _too_deep(text: str) -> int | None:
    """Where the nesting becomes too deep."""
    if text.count("[") + text.count("{") <= DEEPEST:
        return None
    depth = 0
    for token in _TOKENS.finditer(text):
        if token[0] in "[{":
            depth += 1
        elif token[0] in "]}":
            depth -= 1
        if depth > DEEPEST:
            return token.start()
    return None


def _constant(word: str) -> float:
    raise _WordError(word, f"{word} is no JSON number")


def _float(word: str) -> float:
    value = float(word)
    if not math.isfinite(value):
        raise _WordError(word, f"{word[:40]} is larger than any number can be")
    return value


def _integer(word: str) -> int:
    if len(word) <= _LONGEST:
        value = int(word)
        if value.bit_length() <= 1023:  # noqa: PLR2004 - the exponent of the largest float
            return value
    raise _WordError(word, f"{word[:40]} is larger than any number can be")


def _once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in members:
        if name in found:
            raise _WordError(f'"{name}"', f"the member {name!r} stands there twice")
        found[name] = value
    return found


def _whole_characters(text: str, document: Any) -> None:  # noqa: ANN401 - as above
    r"""Refuses half a character such as \ud800, which no file and no database takes."""
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        half = text.lower().find("\\ud")
        raise json.JSONDecodeError("half a character, a surrogate alone", text, max(0, half)) from error


def _not_finite(value: Any, place: str) -> Any:  # noqa: ANN401 - a generator over any document
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _not_finite(each, f"{place}/{name}")
    elif isinstance(value, (list, tuple)):
        for number, each in enumerate(value):
            yield from _not_finite(each, f"{place}/{number}")
    elif isinstance(value, float) and not math.isfinite(value):
        yield place, value
