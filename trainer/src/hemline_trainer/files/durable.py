"""Atomic writes of files and folders: written under a hidden name beside the target, synced, then renamed.

The writer holds a lock on the hidden file. A killed writer leaves it unlocked, and the next writer to the same target
removes it.
"""

import ctypes
import errno
import fcntl
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_EXCHANGE: Final = 2  # RENAME_EXCHANGE of renameat2(2)
_HERE: Final = -100  # AT_FDCWD
_UNKNOWN: Final = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP}


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """Gives an empty file to write to; at the end it takes the place of `path`, on a failure it goes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part, lock = _reserved(path.parent, f".{path.name}-", folder=False)
    try:
        with _naming(path):
            yield part
            sync(part)
            part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    finally:
        os.close(lock)
    sync(path.parent)


@contextmanager
def workshop(parent: Path, prefix: str) -> Iterator[Path]:
    """Gives a hidden folder in `parent`, which is removed at the end unless it was renamed."""
    parent.mkdir(parents=True, exist_ok=True)
    folder, lock = _reserved(parent, prefix, folder=True)
    try:
        with _naming(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def write_text(path: Path, text: str) -> None:
    """Writes a small file."""
    with beside(path) as part:
        part.write_text(text, encoding="utf-8")


def place(made: Path, out: Path) -> None:
    """Exchanges a finished folder with `out`, which is then where `made` was."""
    for path in [*made.rglob("*"), made]:
        sync(path)
    if out.exists():
        exchange(made, out)
    else:
        made.rename(out)
    sync(out.parent)


def exchange(first: Path, second: Path) -> None:
    """Swaps two names in one step where the system can (Linux), else in three."""
    swap = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if swap is not None:
        if swap(_HERE, os.fsencode(first), _HERE, os.fsencode(second), _EXCHANGE) == 0:
            return
        code = ctypes.get_errno()
        if code not in _UNKNOWN:
            raise OSError(code, os.strerror(code), str(second))
    before = first.with_name(f"{first.name}-before")
    second.rename(before)
    first.rename(second)
    before.rename(first)


def sync(path: Path) -> None:
    """Flushes a file or folder to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _reserved(parent: Path, prefix: str, *, folder: bool) -> tuple[Path, int]:
    """A new hidden file or folder and the handle that locks it; those of killed writers are removed."""
    _sweep(parent, prefix)
    while True:
        part = parent / f"{prefix}{secrets.token_hex(6)}"
        if folder:
            part.mkdir()
            try:
                handle = os.open(part, os.O_RDONLY)
            except FileNotFoundError:  # removed by another writer before it was opened
                continue
        else:
            handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
        _locked(handle, fcntl.LOCK_EX)
        if part.exists():  # not removed by another writer before the lock
            return part, handle
        os.close(handle)


def _sweep(parent: Path, prefix: str) -> None:
    """Removes hidden files and folders without a writer."""
    name = re.compile(re.escape(prefix) + "[0-9a-f]{12}")
    for path in parent.iterdir():
        if not name.fullmatch(path.name):
            continue
        try:
            handle = os.open(path, os.O_RDONLY)
        except FileNotFoundError:
            continue
        try:
            if not _locked(handle, fcntl.LOCK_EX | fcntl.LOCK_NB):
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        finally:
            os.close(handle)


def _locked(handle: int, how: int) -> bool:
    """Whether the lock was acquired; never on file systems without locks, where nothing is removed."""
    try:
        fcntl.flock(handle, how)
    except OSError:
        return False
    return True


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Adds the path to errors that name no file, such as that of a full disk."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise
