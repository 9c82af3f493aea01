import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from hemline_trainer.ops.registry import Registry
from hemline_trainer.ops.sqlite_url import sqlite_url
from hemline_trainer.ops.tracking import tracked

ODD = ["q?x=1", "50% #1", "%41", "{SCHEMA_VERSION}", "a&b;c", "plain", "with blank", "Áo dài", "a:b@c", "'\"\\"]


@pytest.mark.parametrize("name", ODD)
def test_the_url_names_the_file(name: str, tmp_path: Path) -> None:
    (tmp_path / name).mkdir()

    with create_engine(sqlite_url(tmp_path / name / "a?.db")).begin() as database:
        database.execute(text("create table seen (a int)"))

    assert [each.name for each in (tmp_path / name).iterdir()] == ["a?.db"]
    with sqlite3.connect(tmp_path / name / "a?.db") as file:
        assert file.execute("select name from sqlite_master").fetchall() == [("seen",)]
    file.close()


@pytest.mark.parametrize("name", ["q?x=1", "50% #{1}"])
def test_runs_and_versions_are_recorded_in_a_folder_of_any_name(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / name
    here.mkdir()
    monkeypatch.chdir(here)
    (here / "note.txt").write_text("seen", encoding="utf-8")

    with tracked(None, Path("runs-output"), "forecaster", "demo") as tracker:
        tracker.artifact(here / "note.txt")
    versions = Registry(None, Path("runs-output"), "trend").versions()

    assert versions == []
    assert sorted(each.name for each in tmp_path.iterdir()) == [name]
    assert sorted(each.name for each in here.iterdir()) == ["note.txt", "runs-output"]
    assert sorted(each.name for each in (here / "runs-output").iterdir()) == ["mlflow-artifacts", "mlflow.db"]
    assert [each.name for each in (here / "runs-output").rglob("note.txt")] == ["note.txt"]
