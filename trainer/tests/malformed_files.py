"""Files that no command can read, each by a name."""

from collections.abc import Callable
from pathlib import Path


def missing(path: Path) -> None:
    path.unlink(missing_ok=True)


def folder(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.mkdir()


def loop(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.symlink_to(path)


def below_a_file(path: Path) -> None:
    """Neither a file nor a folder can be opened there, not even by root."""
    path.unlink(missing_ok=True)
    (path.parent / "plain").write_bytes(b"x")
    path.symlink_to(path.parent / "plain" / "below")


def without_permission(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.mkdir(mode=0)


def of(content: bytes) -> Callable[[Path], None]:

    def write(path: Path) -> None:
        path.write_bytes(content)

    return write


FAULTS: dict[str, Callable[[Path], None]] = {
    "missing": missing,
    "a folder": folder,
    "a loop of links": loop,
    "below a file": below_a_file,
    "a folder without permission": without_permission,
    "empty": of(b""),
    "blank lines": of(b"\n\n \n"),
    "binary": of(bytes(range(256)) * 40),
    "a zip": of(b"PK\x03\x04" + bytes(200)),
    "not UTF-8": of(b"a,b\n\xff\xfe\xc1\xb7\n"),
    "a byte order mark alone": of(b"\xef\xbb\xbf"),
    "UTF-16": of("a = 1\n".encode("utf-16")),
    "a huge line": of(b"x" * 3_000_000),
    "a NUL": of(b"a = \0\n"),
    "nested lists": of(b"[" * 100_000),
    "nested members": of(b'{"a":' * 100_000),
    "nested values": of(b"a = " + b"[" * 100_000),
    "a list": of(b"[1, 2]"),
    "a number": of(b"7"),
    "a word": of(b'"word"'),
    "null": of(b"null"),
    "an object of nothing": of(b"{}"),
    "a member twice": of(b'{"format_version": 1, "format_version": 1}'),
    "a key twice": of(b"seed = 1\nseed = 1\n"),
    "a number beyond all": of(b'{"format_version": 1e999}'),
    "a number of many digits": of(b'{"a": ' + b"9" * 5000 + b"}"),
    "not a number": of(b'{"format_version": NaN}'),
    "half a character": of(b'{"format_version": "\\ud800"}'),
    "sections that are none": of(b"encoder = 1\ntune = 1\nnet = 1\n"),
}
