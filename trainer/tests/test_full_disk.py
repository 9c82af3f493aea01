"""What a full disk leaves. Where a tmpfs can be mounted the disk is really full, else files may not grow."""

import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from test_kill import build_artifact, names, saved, train_run, write
from test_store import artifact
from tiny import write_graphs

from hemline_trainer.artifact import manifest
from hemline_trainer.artifact.verify import verify
from hemline_trainer.data.embeddings import EmbeddingBank
from hemline_trainer.store.folder import ModelStore
from hemline_trainer.training import checkpoint

FULL = r"No space left on device|File too large"


class Disk:
    """A folder whose room can be taken away and given back."""

    def __init__(self, folder: Path, mounted: bool) -> None:
        self.folder = folder
        self.mounted = mounted

    @contextmanager
    def full_but_for(self, room: int) -> Iterator[None]:
        """Leaves `room` bytes, or where nothing could be mounted lets no file grow beyond them."""
        if self.mounted:
            filler = self.folder / "filler"
            with filler.open("wb") as file:
                file.write(b"\0" * max(0, shutil.disk_usage(self.folder).free - room))
            yield
            filler.unlink()
            return
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
        yield
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    mounted = subprocess.run(mounting, capture_output=True, check=False).returncode == 0  # noqa: S603
    yield Disk(folder, mounted)
    if mounted:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S603, S607


@pytest.mark.parametrize("room", [0, 40_000])
def test_a_checkpoint_on_a_full_disk_keeps_the_previous_one_and_names_the_file(disk: Disk, room: int) -> None:
    run = disk.folder / "run"
    saved(run, 1)

    with disk.full_but_for(room), pytest.raises(OSError, match=FULL) as full:
        saved(run, 2)

    assert full.value.filename == str(run / checkpoint.NAME)
    assert checkpoint.read(run).checkpoint.step == 1
    assert names(run) == [checkpoint.NAME]
    saved(run, 2)
    assert checkpoint.read(run).checkpoint.step == 2


def test_training_resumes_from_the_last_checkpoint_once_there_is_space(disk: Disk) -> None:
    run = disk.folder / "run"

    run.mkdir()
    with disk.full_but_for(40_000), pytest.raises(OSError, match=FULL):
        train_run(run)
    assert names(run) == []
    train_run(run)

    assert checkpoint.read(run).checkpoint.finished


@pytest.mark.parametrize("room", [0, 60_000])
def test_an_artifact_on_a_full_disk_keeps_the_previous_one(disk: Disk, room: int) -> None:
    graphs, out = write_graphs(disk.folder / "graphs"), disk.folder / "out" / "artifact"
    build_artifact(graphs, out, "0")
    before = manifest.digest(out)

    with disk.full_but_for(room), pytest.raises(OSError, match=FULL):
        build_artifact(graphs, out, "1")

    assert (manifest.digest(out), names(out.parent)) == (before, ["artifact"])
    verify(out)
    build_artifact(graphs, out, "1")
    assert manifest.digest(out) != before


def test_a_publication_on_a_full_disk_does_not_exist(disk: Disk, tmp_path: Path) -> None:
    store = ModelStore(disk.folder / "store")
    store.publish(artifact(tmp_path / "first"))
    store.promote(1)
    second = artifact(tmp_path / "second", 1.5)

    with disk.full_but_for(60_000), pytest.raises(OSError, match=FULL):
        store.publish(second)

    assert (store.versions(), store.channel("stable")) == ([1], 1)
    assert names(store.versions_folder) == ["1"]
    assert store.publish(second).version == 2


def test_an_export_and_a_bank_on_a_full_disk_leave_nothing(disk: Disk) -> None:
    run = disk.folder / "run"
    saved(run, 1)

    rows = np.zeros((400, 64), dtype=np.float32)
    bank = EmbeddingBank(rows, rows[:, :3], np.ones(400, dtype=np.int64), "0" * 64)

    with disk.full_but_for(0), pytest.raises(OSError, match=FULL):
        write(run)
    with disk.full_but_for(4_000), pytest.raises(OSError, match=FULL):
        bank.save(run / "bank.npz")

    assert names(run) == [checkpoint.NAME]
