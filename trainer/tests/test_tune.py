import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from optuna.trial import TrialState
from postgres_server import postgres_server
from tune_worker import SPACE, Silent, cost, search_settings

from hemline_trainer.data.batch import training_batch
from hemline_trainer.errors import ConfigError, TrainerError
from hemline_trainer.ops import tune
from hemline_trainer.ops.search_space import Space, params_of
from hemline_trainer.ops.study import completed_trials, open_study

WORKER = Path(__file__).with_name("tune_worker.py")


@pytest.fixture
def costs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tune._Objective, "_cost", cost)


def sqlite(folder: Path) -> str:
    return f"sqlite:///{folder / 'study.db'}"


class InterruptedOnce(Silent):
    def __init__(self) -> None:
        self.steps: list[tuple[int, int]] = []

    def step(self, number: int, step: int, total: int) -> None:
        super().step(number, step, total)
        self.steps.append((number, step))
        if len(self.steps) == 5:
            raise KeyboardInterrupt


@pytest.mark.usefixtures("costs")
def test_the_base_settings_are_the_first_trial_and_a_second_call_continues(tmp_path: Path) -> None:
    first = tune.search(search_settings(sqlite(tmp_path), tmp_path, 1), Silent())
    second = tune.search(search_settings(sqlite(tmp_path), tmp_path, 3), Silent())

    assert first[0].params == params_of(search_settings("", tmp_path, 1).config)
    assert second[:1] == first
    assert [each.number for each in second] == [0, 1, 2]
    assert all(each.finished and each.mase is not None and 0 < each.mase < 100 for each in second)
    assert tune.search(search_settings(sqlite(tmp_path), tmp_path, 3), Silent()) == second


@pytest.mark.usefixtures("costs")
def test_an_interrupted_trial_is_enqueued_and_resumes_from_its_checkpoint(tmp_path: Path) -> None:
    interrupted, after = InterruptedOnce(), InterruptedOnce()
    with pytest.raises(KeyboardInterrupt):
        tune.search(search_settings(sqlite(tmp_path), tmp_path, 1), interrupted)

    after.steps = [(-1, 0)] * 5  # does not interrupt any more
    (found,) = tune.search(search_settings(sqlite(tmp_path), tmp_path, 1), after)

    assert interrupted.steps == [(0, step) for step in range(1, 6)]
    assert after.steps[5:] == [(1, step) for step in range(6, 9)]
    assert found.params == params_of(search_settings("", tmp_path, 1).config)


@pytest.mark.usefixtures("costs")
def test_a_trial_above_the_median_of_its_peers_is_pruned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    evaluations = iter(range(1, 1000))
    monkeypatch.setattr(
        tune._Objective, "evaluate", lambda *_: 1.0 + next(evaluations)
    )  # each one is worse than those before

    found = tune.search(search_settings(sqlite(tmp_path), tmp_path, 6), Silent())

    assert [each.stopped_at for each in found] == [None, None, None, None, 2, 2]
    assert [each.finished for each in found[-2:]] == [False, False]


@pytest.mark.usefixtures("costs")
def test_a_study_rejects_other_settings_or_bounds(tmp_path: Path) -> None:
    assert tune.found(search_settings(sqlite(tmp_path), tmp_path, 1)) == []

    with pytest.raises(ConfigError, match="study spring was begun with other settings"):
        tune.found(search_settings(sqlite(tmp_path), tmp_path, 1, Space(trunk=(16, 24), token=(8,))))


def test_a_storage_that_cannot_be_reached_is_named_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(TrainerError) as refused:
        tune.found(search_settings("postgresql+psycopg://me:secret@127.0.0.1:1/none", tmp_path, 1))

    assert "cannot keep a study in 127.0.0.1:1/none" in str(refused.value)
    assert "secret" not in str(refused.value)
    with pytest.raises(TrainerError, match="nonsense"):
        tune.found(search_settings("nonsense", tmp_path, 1))


def test_validation_rows_are_disjoint_from_training_rows(tmp_path: Path) -> None:
    config = search_settings("", tmp_path, 1).config
    rows = tune.validation_rows(config, None, 64)
    trained = [training_batch(64, 0.5, None, config.seed, step) for step in range(8)]

    ours = {row.tobytes() for row in rows.history}

    assert len(ours) == 64
    assert not any(row.tobytes() in ours for batch in trained for row in batch.history)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with postgres_server(tmp_path_factory.mktemp("postgres")) as url:
        yield url


def test_processes_share_a_study_in_postgresql_and_resume_the_trial_of_a_killed_one(
    database: str, tmp_path: Path
) -> None:
    names = ("killed", "survivor")
    workers = {
        name: subprocess.Popen(  # noqa: S603
            [sys.executable, "-W", "error", WORKER, database, tmp_path, "4", tmp_path / name, tmp_path / f"go-{name}"]
        )
        for name in names
    }
    try:
        while not all((tmp_path / name).exists() for name in names):  # each holds a trial
            assert all(worker.poll() is None for worker in workers.values())
            time.sleep(0.05)
        workers["killed"].send_signal(signal.SIGKILL)
        workers["killed"].wait()
        time.sleep(2.5 * search_settings(database, tmp_path, 4).heartbeat)
        (tmp_path / "go-survivor").touch()
        assert workers["survivor"].wait(300) == 0
    finally:
        for worker in workers.values():
            worker.kill()
            worker.wait()

    with open_study(search_settings(database, tmp_path, 4)) as study:
        (lost,) = (each.params for each in study.trials if each.state is TrialState.FAIL)
        found = completed_trials(study)
    assert len(found) == 4
    assert lost in [each.params for each in found]
    assert params_of(search_settings("", tmp_path, 1).config) in [each.params for each in found]
    assert all(SPACE.holds(each.params) for each in found)
