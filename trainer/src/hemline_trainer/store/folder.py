"""The model store: immutable version folders and one atomically replaced pointer per channel.

    <store>/<model>/versions/<n>/              one artifact, never changed
    <store>/<model>/versions/.staging-<...>/   being written; readers ignore hidden folders
    <store>/<model>/channels/<channel>         one line: the desired version

A version is published by renaming a complete folder, so that readers never see a partial version.
"""

import os
import re
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from hemline_trainer.artifact import manifest
from hemline_trainer.artifact.verify import verify
from hemline_trainer.errors import ArtifactRejected, StoreError
from hemline_trainer.files.durable import beside, sync, workshop

CHANNELS = ("stable", "canary", "shadow")
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")
VERSION = re.compile(r"[1-9][0-9]{0,8}")
LAST_VERSION = 999_999_999
_LONGEST_POINTER = 64


@dataclass(frozen=True)
class Published:
    """Result of `publish`. Immutable."""

    model: str
    version: int
    digest: str
    new: bool


class ModelStore:
    """One model's versions and channels in a folder store."""

    def __init__(self, root: Path, model: str = "trend") -> None:
        """Opens `root`, which need not exist yet."""
        check_name(model)
        self.model = model
        self.versions_folder = root / model / "versions"
        self.channels_folder = root / model / "channels"

    def versions(self) -> list[int]:
        """All versions, ascending."""
        if not self.versions_folder.is_dir():
            return []
        return sorted(int(path.name) for path in self.versions_folder.iterdir() if VERSION.fullmatch(path.name))

    def folder(self, version: int) -> Path:
        """The folder of a version."""
        return self.versions_folder / str(version)

    def channel(self, channel: str) -> int | None:
        """The desired version of a channel."""
        path = self._pointer(channel)
        line = _line(path)
        if line is None:
            return None
        if not VERSION.fullmatch(line):
            # The target of a link may be confidential.
            shown = "it is a link to something else" if path.is_symlink() else repr(line)
            raise StoreError(f"{path}: must hold one version number: {shown}")
        return int(line)

    def bring(self, version: int, scratch: Path) -> Path:
        """A folder with the files of a version: the version's own; `scratch` stays empty."""
        assert scratch.is_dir()
        if not self.folder(version).is_dir():
            raise StoreError(f"{self.model} has no version {version}")
        return self.folder(version)

    def version_of(self, digest: str) -> int | None:
        """The version with a digest."""
        return self._among(digest, self.versions())

    def publish(self, artifact: Path) -> Published:
        """Copies an artifact, verifies the copy and publishes it under the next version number.

        Publishing is idempotent: a second call with the same digest returns the existing version. If a concurrent
        publisher takes the number first, the next one is used.
        """
        manifest.read(artifact)
        with workshop(self.versions_folder, ".staging-") as staging:
            staging.chmod(0o755)
            copy_files(artifact, staging)
            verify(staging, self.model)
            sync(staging)
            return self._take_number(staging, manifest.digest(staging))

    def promote(self, version: int, channel: str = "stable") -> None:
        """Points a channel at a verified version."""
        check_version(version)
        if not self.folder(version).is_dir():
            raise StoreError(f"{self.model} has no version {version}")
        if self.folder(version).is_symlink():
            raise ArtifactRejected(f"{self.folder(version)} is a link, not a folder")
        verify(self.folder(version), self.model, answers=False)
        path = self._pointer(channel)
        with beside(path) as part:
            part.write_text(f"{version}\n", encoding="utf-8")
            part.chmod(0o644)
        if not self.folder(version).is_dir():
            raise StoreError(f"{self.model} version {version} was pruned while {channel} was pointed at it")

    def _take_number(self, staging: Path, digest: str) -> Published:
        """Renames the staging folder to the first free number; POSIX refuses to rename onto a non-empty folder.

        The number is one more than the greatest version checked for the digest. A concurrent publisher of the same
        artifact therefore takes that same number, the rename fails, and the loop finds its version.
        """
        while True:
            seen = self.versions()
            existing = self._among(digest, seen)
            if existing is not None:
                return Published(self.model, existing, digest, new=False)
            number = next_version([*seen, *self._desired()])
            try:
                staging.rename(self.folder(number))
            except OSError:
                if not self.folder(number).exists():
                    raise
                continue
            sync(self.versions_folder)
            return Published(self.model, number, digest, new=True)

    def _among(self, digest: str, among: list[int]) -> int | None:
        for version in reversed(among):
            path = self.folder(version) / manifest.MANIFEST
            if path.is_file() and manifest.sha256(path) == digest:
                return version
        return None

    def _desired(self) -> list[int]:
        """Versions named by channels; their numbers are never reused, even if pruned."""
        return [version for version in map(self.channel, CHANNELS) if version is not None]

    def _pointer(self, channel: str) -> Path:
        check_channel(channel)
        return self.channels_folder / channel


def next_version(taken: list[int]) -> int:
    """The number after all taken ones; raises beyond the last valid number."""
    greatest = max([0, *taken])
    if greatest >= LAST_VERSION:
        raise StoreError(
            f"version {greatest} is taken, and versions end at {LAST_VERSION}: nothing was published;"
            " where it is no version of yours, take away its folder, its claim or the pointer to it"
        )
    return greatest + 1


def check_version(version: int) -> None:
    """Rejects an invalid version number."""
    if not 1 <= version <= LAST_VERSION:
        raise StoreError(f"versions are numbered 1 to {LAST_VERSION}, not {version}")


def copy_files(artifact: Path, target: Path) -> None:
    """Copies and syncs the files of an artifact, the manifest last."""
    for path in sorted(artifact.iterdir(), key=lambda path: path.name == manifest.MANIFEST):
        if path.is_symlink() or not path.is_file():
            raise ArtifactRejected(f"{path.name} is not a plain file")
        shutil.copyfile(path, target / path.name)
        sync(target / path.name)


def _line(pointer: Path) -> str | None:
    """The line of a pointer file, None if missing; links to files are followed, as in mounted ConfigMaps."""
    try:
        # Non-blocking, since opening a FIFO would wait for a writer.
        handle = os.open(pointer, os.O_RDONLY | os.O_NONBLOCK)
    except FileNotFoundError as error:
        if pointer.is_symlink():
            raise StoreError(f"{pointer}: is a link to nothing") from error
        return None
    except OSError as error:
        raise StoreError(f"{pointer}: cannot be read: {error.strerror}") from error
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise StoreError(f"{pointer}: is not a plain file nor a link to one")
        return os.read(handle, _LONGEST_POINTER).decode("utf-8", errors="replace").removesuffix("\n")
    finally:
        os.close(handle)


def check_name(model: str) -> None:
    """Rejects an invalid model name."""
    if not _NAME.fullmatch(model):
        raise StoreError(f"model name {model!r}: use a lower-case letter, then letters, digits, - and _")


def check_channel(channel: str) -> None:
    """Rejects an unknown channel."""
    if channel not in CHANNELS:
        raise StoreError(f"channel {channel!r}: use one of {', '.join(CHANNELS)}")
