import time
from pathlib import Path

import numpy as np
import pytest
import torch
from dying import deaths, ended, start
from test_store import artifact
from tiny import write_graphs

from hemline_trainer.artifact import export, manifest
from hemline_trainer.artifact.equivalence import GraphReport
from hemline_trainer.artifact.package import package
from hemline_trainer.artifact.verify import verify
from hemline_trainer.config import Calibration, Config, Training
from hemline_trainer.contract import FORECASTER
from hemline_trainer.model.forecaster import Forecaster, Shape
from hemline_trainer.ops.tracking import Untracked
from hemline_trainer.pipeline import Pipeline
from hemline_trainer.progress import Bars, Silent
from hemline_trainer.store.folder import ModelStore
from hemline_trainer.training import checkpoint
from hemline_trainer.training.checkpoint import Checkpoint, Saved
from hemline_trainer.training.loop import train

CONFIG = Config(
    seed=3,
    threads=1,
    net=Shape(trunk=16, token=8, dropout=0.1),
    training=Training(steps=45, batch=16, warmup=2, report_every=7, save_every=3),
    calibration=Calibration(rows=32, precision=0.5),
)
SEED = 20_261_201
"""Of the moments of killing: how the machine is scheduled stays random, what the test asks of it does not."""

LONGEST_WAIT = 0.05
"""Seconds after a checkpoint, so that even a fast machine is still between two of them."""


def train_run(folder: Path) -> None:
    torch.set_num_threads(1)
    train(CONFIG, None, folder, Silent(), Untracked(), resume=True)


def saved(folder: Path, step: int) -> None:
    model = Forecaster(CONFIG.net).state_dict()
    checkpoint.save(Saved(CONFIG, Checkpoint(folder / checkpoint.NAME, step, False, {}), model, model, {}))


def build_artifact(graphs: Path, out: Path, level: str) -> None:
    package(
        graphs,
        out,
        model="trend",
        created="2026-11-23T07:00:00Z",
        training=manifest.Training("", "", level * 64, synthetic=True, seed=7),
        backtest=[],
        notes=[],
    )


def publish(folder: Path, store: Path) -> None:
    target = ModelStore(store)
    target.promote(target.publish(folder).version)


def write(folder: Path) -> None:
    """Exports by an exporter that takes no seconds: what is asked here is where its graph goes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export, "_write", lambda _model, path, *_: path.write_bytes(b"a graph"))
        patch.setattr(
            export,
            "verify_equivalence",
            lambda _model, path, *_: GraphReport(path, FORECASTER, 10, 20, 0, 0, 0.0, 0.0, {}),
        )
        Pipeline(folder, Bars()).export()


def stamp(folder: Path) -> int:
    """When the checkpoint was written."""
    path = folder / checkpoint.NAME
    return path.stat().st_mtime_ns if path.exists() else 0


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_run_killed_at_random_times_ends_with_the_weights_of_an_uninterrupted_run(tmp_path: Path) -> None:
    assert ended(start(train_run, tmp_path / "whole")) == 0
    moments, met = np.random.default_rng(SEED), set()
    folder = tmp_path / "killed"

    for _ in range(6):
        before = stamp(folder)
        process = start(train_run, folder)
        while process.is_alive() and stamp(folder) == before:
            time.sleep(0.002)
        time.sleep(moments.uniform(0, LONGEST_WAIT))
        process.kill()
        ended(process)
        if (folder / checkpoint.NAME).exists():
            met.add(checkpoint.read(folder).checkpoint.step)
    assert ended(start(train_run, folder)) == 0

    assert met & set(range(1, CONFIG.training.steps)), "no kill came between the first checkpoint and the end"
    first, second = checkpoint.read(tmp_path / "whole"), checkpoint.read(folder)
    assert first.checkpoint.step == second.checkpoint.step
    for ours, theirs in ((first.weights, second.weights), (first.average, second.average)):
        assert all(torch.equal(ours[name], theirs[name]) for name in ours)
    assert names(folder) == names(tmp_path / "whole")


def test_a_terminated_run_saves_its_current_step(tmp_path: Path) -> None:
    process = start(train_run, tmp_path)
    while not (tmp_path / checkpoint.NAME).exists():
        assert process.is_alive()
        time.sleep(0.01)

    process.terminate()

    assert ended(process) == 1
    stopped = checkpoint.read(tmp_path).checkpoint
    assert 0 < stopped.step < CONFIG.training.steps
    assert not stopped.finished


def test_a_checkpoint_survives_a_kill_at_every_file_operation(tmp_path: Path) -> None:
    saved(tmp_path, 1)

    steps = [checkpoint.read(tmp_path).checkpoint.step for _ in deaths(tmp_path, saved, tmp_path, 2)]

    assert len(steps) >= 3
    assert set(steps) == {1}
    assert checkpoint.read(tmp_path).checkpoint.step == 2
    assert names(tmp_path) == [checkpoint.NAME]


def test_an_artifact_is_the_old_or_the_new_one_after_a_kill_at_every_file_operation(tmp_path: Path) -> None:
    graphs, out = write_graphs(tmp_path / "graphs"), tmp_path / "out" / "artifact"
    build_artifact(graphs, out, "0")
    before = manifest.digest(out)

    for _ in deaths(out.parent, build_artifact, graphs, out, "1"):
        verify(out)
        assert manifest.digest(out) == before or manifest.read(out)["training"]["data_fingerprint"] == "1" * 64

    assert manifest.read(out)["training"]["data_fingerprint"] == "1" * 64
    build_artifact(graphs, out, "2")
    assert names(out.parent) == ["artifact"]


def test_a_publication_is_complete_or_absent_after_a_kill_at_every_file_operation(tmp_path: Path) -> None:
    made, root = artifact(tmp_path / "made"), tmp_path / "store"
    store = ModelStore(root)
    store.publish(artifact(tmp_path / "older", 1.5))
    store.promote(1)

    for _ in deaths(root, publish, made, root):
        assert store.channel("stable") == 1
        for version in store.versions():
            verify(store.folder(version), answers=False)

    assert (store.versions(), store.channel("stable")) == ([1, 2], 2)
    assert names(store.versions_folder) == ["1", "2"]
    assert names(store.channels_folder) == ["stable"]


def test_an_export_killed_at_every_file_operation_leaves_a_verified_graph_or_none(
    tmp_path: Path,
) -> None:
    run = tmp_path / "run"
    saved(run, 1)
    (run / "forecaster.onnx").write_bytes(b"an older graph")
    (run / "backtest.json").write_text("[]", encoding="utf-8")

    for _ in deaths(run, write, run):
        if (run / "forecaster.onnx").read_bytes() == b"a graph":
            assert not (run / "backtest.json").exists()
        else:
            assert (run / "forecaster.onnx").read_bytes() == b"an older graph"

    assert names(run) == ["forecaster.onnx", checkpoint.NAME, "steps"]
    assert names(run / "steps") == ["export.json"]
