"""The model store in a bucket: the layout of the folder store, with conditional writes.

    <model>/claims/<n>                 digest of the artifact with the number n; "pruned" after its removal
    <model>/versions/<n>/<file>        written once
    <model>/versions/<n>/manifest.json written last: the version exists from then on
    <model>/channels/<channel>         replaced by compare-and-swap

A number is claimed before anything is written below it, and the claim names the artifact. Two publishers therefore
never write into one version, and after a killed publisher the next one with the same artifact completes its version.
"""

import re
import tempfile
from pathlib import Path

from hemline_trainer.artifact import manifest
from hemline_trainer.artifact.verify import verify
from hemline_trainer.errors import ArtifactRejected, StoreError
from hemline_trainer.store.folder import (
    CHANNELS,
    VERSION,
    Published,
    check_channel,
    check_name,
    check_version,
    copy_files,
    next_version,
)
from hemline_trainer.store.s3 import Content, S3Objects

_MANIFEST_KEY = re.compile(rf"({VERSION.pattern})/{re.escape(manifest.MANIFEST)}")
_CLAIM_KEY = re.compile(VERSION.pattern)


class S3ModelStore:
    """One model's versions and channels in a bucket."""

    def __init__(self, objects: S3Objects, model: str = "trend") -> None:
        """Opens the store below `objects`, which need not hold anything yet."""
        check_name(model)
        self.model = model
        self._objects = objects

    def versions(self) -> list[int]:
        """All versions with a manifest, ascending."""
        names = self._objects.names(f"{self.model}/versions/")
        return sorted(int(match[1]) for match in map(_MANIFEST_KEY.fullmatch, names) if match)

    def channel(self, channel: str) -> int | None:
        """The desired version of a channel."""
        content = self._pointer(channel)
        if content is None:
            return None
        line = content.data.decode("utf-8", errors="replace").removesuffix("\n")
        if not VERSION.fullmatch(line):
            raise StoreError(f"{self._objects}/{self._path(channel)}: {line[:80]!r} is not a version")
        return int(line)

    def bring(self, version: int, scratch: Path) -> Path:
        """Copies every file of a version into `scratch`."""
        if version not in self.versions():
            raise StoreError(f"{self.model} has no version {version}")
        folder = f"{self.model}/versions/{version}/"
        for name in self._objects.names(folder):
            if "/" in name or name.startswith("."):
                raise ArtifactRejected(f"{name} is not in the manifest")
            content = self._objects.read(folder + name)
            if content is not None:
                (scratch / name).write_bytes(content.data)
        return scratch

    def version_of(self, digest: str) -> int | None:
        """The version with a digest."""
        return self._among(digest, self.versions())

    def publish(self, artifact: Path) -> Published:
        """Copies an artifact, verifies the copy and publishes it under the next number; idempotent by digest."""
        manifest.read(artifact)
        with tempfile.TemporaryDirectory(prefix="hemline-") as scratch:
            copy = Path(scratch)
            copy_files(artifact, copy)
            verify(copy, self.model)
            return self._publish(copy, manifest.digest(copy))

    def _publish(self, artifact: Path, digest: str) -> Published:
        # Read before the versions and the claims: a version promoted in between is then compared with the digest.
        desired = [version for version in map(self.channel, CHANNELS) if version is not None]
        seen = self.versions()
        existing = self._among(digest, seen)
        if existing is not None:
            return Published(self.model, existing, digest, new=False)
        number = self._claim(digest, seen, desired)
        folder = f"{self.model}/versions/{number}"
        files = sorted(path for path in artifact.iterdir() if path.name != manifest.MANIFEST)
        for path in files:
            # An existing object was written by a publisher of the same artifact.
            self._objects.create(f"{folder}/{path.name}", path)
        new = self._objects.create(f"{folder}/{manifest.MANIFEST}", artifact / manifest.MANIFEST)
        return Published(self.model, number, digest, new=new)

    def promote(self, version: int, channel: str = "stable") -> None:
        """Points a channel at a verified version."""
        check_version(version)
        before = self._pointer(channel)
        if version not in self.versions():
            raise StoreError(f"{self.model} has no version {version}")
        self._verify(version)
        line = f"{version}\n".encode()
        path = self._path(channel)
        moved = self._objects.create(path, line) if before is None else self._objects.replace(path, line, before.tag)
        if not moved:
            raise StoreError(
                f"{channel} of {self.model} was moved by another at the same time,"
                f" to version {self.channel(channel) or 'none'}; look, and try again"
            )
        if version not in self.versions():
            raise StoreError(f"{self.model} version {version} was pruned while {channel} was pointed at it")

    def _claim(self, digest: str, seen: list[int], desired: list[int]) -> int:
        """The number that a publisher of this artifact claimed, killed or concurrent, otherwise a new one.

        The digest was compared with the versions in `seen`, and is compared with every other claim here: a concurrent
        publisher of the same artifact may have finished in between. A new number is above all versions, claims and
        channels, so that pruned numbers are never reused.
        """
        claims = self._claims()
        for number in claims:
            if number not in seen and self._is_claimed_for(number, digest):
                return number
        number = next_version([*claims, *seen, *desired])
        while not self._objects.create(f"{self.model}/claims/{number}", f"{digest}\n".encode()):
            if self._is_claimed_for(number, digest):
                return number
            number = next_version([number])
        return number

    def _among(self, digest: str, among: list[int]) -> int | None:
        for version in reversed(among):
            content = self._objects.read(f"{self.model}/versions/{version}/{manifest.MANIFEST}")
            if content is not None and manifest.sha256_of(content.data) == digest:
                return version
        return None

    def _claims(self) -> list[int]:
        names = self._objects.names(f"{self.model}/claims/")
        return sorted((int(name) for name in names if _CLAIM_KEY.fullmatch(name)), reverse=True)

    def _is_claimed_for(self, number: int, digest: str) -> bool:
        claim = self._objects.read(f"{self.model}/claims/{number}")
        return claim is not None and claim.data.decode("utf-8", errors="replace").strip() == digest

    def _verify(self, version: int) -> None:
        """Downloads and verifies a version."""
        with tempfile.TemporaryDirectory(prefix="hemline-") as scratch:
            verify(self.bring(version, Path(scratch)), self.model, answers=False)

    def _pointer(self, channel: str) -> Content | None:
        return self._objects.read(self._path(channel))

    def _path(self, channel: str) -> str:
        check_channel(channel)
        return f"{self.model}/channels/{channel}"
