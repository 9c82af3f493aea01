"""A model store whose versions are copies of a few artifacts, each under a new number."""

import os
import shutil
from pathlib import Path


class VersionStore:
    """Publishes versions, as the trainer's `publish` does. Confined to one thread.

    The files of a copy are hard links, so that the suite measures the server and not the disk.
    """

    def __init__(self, folder: Path, artifacts: list[Path], retained: int = 4) -> None:
        """Creates the store with a first version; it retains so many versions."""
        self.url = folder / "store"
        self._model = self.url / "trend"
        self._retained = retained
        self._sources = []
        for number, artifact in enumerate(artifacts):
            source = folder / f"source-{number}"
            shutil.copytree(artifact, source)
            self._sources.append(source)
        (self._model / "channels").mkdir(parents=True)
        self.newest = 0
        self.publish()

    def publish(self) -> int:
        """Adds a version, points stable at it and removes the oldest; returns the new number."""
        self.newest += 1
        versions = self._model / "versions"
        staged = versions / f".staged-{self.newest}"
        staged.mkdir(parents=True)
        for file in self._sources[self.newest % len(self._sources)].iterdir():
            os.link(file, staged / file.name)
        staged.rename(versions / str(self.newest))
        pointer = self._model / "channels" / "stable"
        following = pointer.with_name(".stable.next")
        following.write_text(f"{self.newest}\n")
        following.replace(pointer)
        shutil.rmtree(versions / str(self.newest - self._retained), ignore_errors=True)
        return self.newest
