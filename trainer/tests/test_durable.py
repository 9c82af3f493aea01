import ctypes
from pathlib import Path

import pytest

from hemline_trainer.files.durable import beside, exchange, place, workshop, write_text


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_another_writes_at_the_moment_is_not_swept(tmp_path: Path) -> None:
    path = tmp_path / "note"

    with beside(path) as first, workshop(tmp_path, ".made-") as folder:
        first.write_text("first", encoding="utf-8")
        with workshop(tmp_path, ".made-"):
            write_text(path, "second")
        assert folder.is_dir()
        assert path.read_text(encoding="utf-8") == "second"

    assert path.read_text(encoding="utf-8") == "first"
    assert names(tmp_path) == ["note"]


def test_what_a_killed_writer_left_is_swept_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / ".note-0123456789ab").write_text("torn", encoding="utf-8")
    for kept in (".note-mine", ".note-0123456789abc", ".other-0123456789ab"):
        (tmp_path / kept).write_text("mine", encoding="utf-8")

    write_text(tmp_path / "note", "whole")

    assert names(tmp_path) == [".note-0123456789abc", ".note-mine", ".other-0123456789ab", "note"]


def test_a_failed_write_leaves_what_was_there(tmp_path: Path) -> None:
    write_text(tmp_path / "note", "before")

    with pytest.raises(ZeroDivisionError), beside(tmp_path / "note") as part:
        part.write_text("half" * (1 // len("")), encoding="utf-8")

    assert (tmp_path / "note").read_text(encoding="utf-8") == "before"
    assert names(tmp_path) == ["note"]


class NoSwap:
    """A C library that knows no renameat2, as elsewhere than on Linux."""

    def __init__(self, *_: object, **__: object) -> None:
        pass


@pytest.mark.parametrize("known", [True, False])
def test_a_folder_takes_the_place_of_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, known: bool) -> None:
    if not known:
        monkeypatch.setattr(ctypes, "CDLL", NoSwap)
    for name in ("made", "out"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()

    place(tmp_path / "made", tmp_path / "out")

    assert names(tmp_path) == ["made", "out"]
    assert (names(tmp_path / "out"), names(tmp_path / "made")) == (["made"], ["out"])


def test_a_name_that_is_not_there_cannot_be_exchanged(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()

    with pytest.raises(FileNotFoundError):
        exchange(tmp_path / "made", tmp_path / "out")
