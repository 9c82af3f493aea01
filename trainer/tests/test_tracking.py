import errno
from pathlib import Path

import pytest

from hemline_trainer.errors import TrainerError
from hemline_trainer.ops.tracking import MlflowTracker, Untracked, tracked


def out_of_room(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_run_is_recorded_in_the_runs_folder_and_survives_a_full_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from mlflow.tracking import MlflowClient  # noqa: PLC0415 - two seconds that only this test needs

    (tmp_path / "note.txt").write_text("x", encoding="utf-8")

    with tracked(None, tmp_path / "runs", "forecaster", "demo") as tracker:
        tracker.params({"seed": 7, "net.trunk": 128})
        tracker.metrics({"loss": 0.5}, 10)
        tracker.metrics({"loss": 0.25}, 20)
        tracker.artifact(tmp_path / "note.txt")
    with tracked(None, tmp_path / "runs", "forecaster", "full") as full:
        assert isinstance(full, MlflowTracker)
        monkeypatch.setattr(full._client, "log_batch", out_of_room)
        full.metrics({"loss": 0.5}, 10)
        full.metrics({"loss": 0.25}, 20)
        full.params({"seed": 7})
    with pytest.raises(KeyboardInterrupt), tracked(None, tmp_path / "runs", "forecaster", "stopped") as stopped:
        raise KeyboardInterrupt

    client = MlflowClient(f"sqlite:///{tmp_path / 'runs' / 'mlflow.db'}")
    run = client.get_run(tracker.run_id)
    assert (run.info.status, client.get_run(stopped.run_id).info.status) == ("FINISHED", "KILLED")
    assert run.data.params["seed"] == client.get_run(full.run_id).data.params["seed"] == "7"
    assert caplog.text.count("tracking lost") == 1
    assert [(metric.step, metric.value) for metric in client.get_metric_history(tracker.run_id, "loss")] == [
        (10, 0.5),
        (20, 0.25),
    ]
    assert [path.name for path in (tmp_path / "runs").rglob("note.txt")] == ["note.txt"]


def test_nothing_is_recorded_without_tracking(tmp_path: Path) -> None:
    with tracked("off", tmp_path / "runs", "forecaster", "demo") as tracker:
        tracker.params({"seed": 7})

    assert isinstance(tracker, Untracked)
    assert not (tmp_path / "runs").exists()


def test_an_invalid_tracking_uri_is_named(tmp_path: Path) -> None:
    with (
        pytest.raises(TrainerError, match="cannot track to nowhere://here"),
        tracked("nowhere://here", tmp_path, "forecaster", "demo"),
    ):
        pass
