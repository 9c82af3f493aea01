"""Keys of metrics in the alphabet of MLflow: letters, digits, blanks and _ - .

Other characters of a name are escaped as : and two hex digits per byte. The mapping is injective.
"""

import hashlib
import re
from typing import Final

LONGEST: Final = 250
"""Longest key that MLflow accepts."""

_OTHER: Final = re.compile(r"[^\w. -]|^[. ]|[. ]$")
_CUT: Final = "::"
_ESCAPED: Final = re.compile(r"(?::[0-9a-f]{2})+")


def key_of(prefix: str, *names: str) -> str:
    """The key of a metric with these names; a key that is too long ends with :: and a digest."""
    key = prefix + "/".join(map(_escaped, names))
    if len(key) <= LONGEST:
        return key
    end = _CUT + hashlib.sha256(key.encode()).hexdigest()[:32]
    return key[: LONGEST - len(end)] + end


def names_of(key: str, prefix: str) -> tuple[str, ...]:
    """The names of a key; truncated keys are returned unchanged."""
    return tuple(map(_plain, key.removeprefix(prefix).split("/")))


def _escaped(name: str) -> str:
    return _OTHER.sub(lambda found: "".join(f":{byte:02x}" for byte in found[0].encode()), name) or ":"


def _plain(escaped: str) -> str:
    if escaped == ":":
        return ""
    if _CUT in escaped:
        return escaped
    return _ESCAPED.sub(lambda found: bytes.fromhex(found[0].replace(":", "")).decode(errors="replace"), escaped)
