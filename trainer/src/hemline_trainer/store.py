"""The model store: immutable version folders and one atomically replaced pointer per channel.

    <store>/<model>/versions/<n>/              one artifact, never changed
    <store>/<model>/versions/.staging-<...>/   one being written; no reader looks at hidden folders
    <store>/<model>/channels/<channel>         one line: the version wished live

A version appears by one rename of a folder that is already on disk, so that no reader ever sees a part.
"""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from hemline_trainer import manifest
from hemline_trainer.durable import beside, sync, workshop
from hemline_trainer.errors import StoreError
from hemline_trainer.verify import verify

CHANNELS = ("stable", "canary", "shadow")
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")
VERSION = re.compile(r"[1-9][0-9]{0,8}")


@dataclass(frozen=True)
class Published:
    """What `publish` did. Immutable."""

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
        """All versions that stand, in order."""
        if not self.versions_folder.is_dir():
            return []
        return sorted(int(path.name) for path in self.versions_folder.iterdir() if VERSION.fullmatch(path.name))

    def folder(self, version: int) -> Path:
        """Where a version lies."""
        return self.versions_folder / str(version)

    def channel(self, channel: str) -> int | None:
        """The version that a channel wishes live."""
        path = self._pointer(channel)
        try:
            line = path.read_text(encoding="utf-8", errors="replace").removesuffix("\n")
        except FileNotFoundError:
            return None
        if not VERSION.fullmatch(line):
            raise StoreError(f"{path}: {line[:80]!r} is not a version")
        return int(line)

    def bring(self, version: int, scratch: Path) -> Path:
        """A folder to read a version in: its own, since it never changes; `scratch` stays empty."""
        assert scratch.is_dir()
        if not self.folder(version).is_dir():
            raise StoreError(f"{self.model} has no version {version}")
        return self.folder(version)

    def version_of(self, digest: str) -> int | None:
        """The version that has a digest."""
        return self._among(digest, self.versions())

    def publish(self, artifact: Path) -> Published:
        """Copies a verified artifact to the next version number.

        The same digest is published once: a second call returns the version that has it.
        A rival publisher may take the number first; then the next one is tried.
        """
        verify(artifact, self.model)
        digest = manifest.digest(artifact)
        standing = self.version_of(digest)
        if standing is not None:
            return Published(self.model, standing, digest, new=False)
        with workshop(self.versions_folder, ".staging-") as staging:
            staging.chmod(0o755)
            for path in sorted(artifact.iterdir(), key=lambda path: path.name == manifest.MANIFEST):
                shutil.copyfile(path, staging / path.name)
                sync(staging / path.name)
            sync(staging)
            return self._take_number(staging, digest)

    def promote(self, version: int, channel: str = "stable") -> None:
        """Points a channel at a version that stands and is intact."""
        if not self.folder(version).is_dir():
            raise StoreError(f"{self.model} has no version {version}")
        verify(self.folder(version), self.model, answers=False)
        path = self._pointer(channel)
        with beside(path) as part:
            part.write_text(f"{version}\n", encoding="utf-8")
            part.chmod(0o644)
        if not self.folder(version).is_dir():
            raise StoreError(f"{self.model} version {version} was pruned while {channel} was pointed at it")

    def _take_number(self, staging: Path, digest: str) -> Published:
        """Renames the staging folder to the first free number; POSIX refuses to rename onto a folder with content.

        The number is one more than the greatest that was looked at for the digest. So a rival who publishes the same
        artifact after the look takes that very number, and the rename fails and looks again.
        """
        while True:
            seen = self.versions()
            standing = self._among(digest, seen)
            if standing is not None:
                return Published(self.model, standing, digest, new=False)
            number = max([0, *seen, *self._wished()]) + 1
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

    def _wished(self) -> list[int]:
        """Versions that channels name, lest a pruned number is used twice."""
        return [version for version in map(self.channel, CHANNELS) if version is not None]

    def _pointer(self, channel: str) -> Path:
        check_channel(channel)
        return self.channels_folder / channel


def check_name(model: str) -> None:
    """Refuses what is no model's name."""
    if not _NAME.fullmatch(model):
        raise StoreError(f"model name {model!r}: use a lower-case letter, then letters, digits, - and _")


def check_channel(channel: str) -> None:
    """Refuses what is no channel."""
    if channel not in CHANNELS:
        raise StoreError(f"channel {channel!r}: use one of {', '.join(CHANNELS)}")
