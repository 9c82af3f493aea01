"""A run's encoder, bank and origin are those that its settings and its training say."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from own_series import csv_of
from test_cli import say
from tiny import write_graphs

from hemline_trainer.artifact import manifest
from hemline_trainer.config import Calibration, Config, Training
from hemline_trainer.errors import CheckpointError
from hemline_trainer.model.forecaster import Shape
from hemline_trainer.ops.tracking import Untracked
from hemline_trainer.pipeline import Pipeline
from hemline_trainer.progress import Bars
from hemline_trainer.training import checkpoint
from hemline_trainer.training.encoder import EncoderTraining

FEW = EncoderTraining(images=22, bank=22, epochs=1, batch=11)
CONFIG = Config(
    seed=3,
    threads=1,
    net=Shape(trunk=16, token=8),
    training=Training(steps=2, batch=16, warmup=1),
    calibration=Calibration(rows=32),
)


class Tracked(Untracked):
    def __init__(self, run_id: str) -> None:
        self.run_id = run_id


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    return Pipeline(tmp_path / "run", Bars(quiet=True))


@pytest.fixture
def given(tmp_path: Path) -> Path:
    return write_graphs(tmp_path / "graphs") / "image_encoder.onnx"


@pytest.mark.parametrize(
    ("training", "config"), [(replace(FEW, learning_rate=1e-2), CONFIG), (FEW, replace(CONFIG, seed=4))]
)
def test_an_encoder_of_other_settings_or_another_seed_is_made_anew(
    pipeline: Pipeline, training: EncoderTraining, config: Config
) -> None:
    pipeline.dataset(CONFIG, FEW)
    first, stamp = pipeline.run.image_encoder.read_bytes(), pipeline.run.image_encoder.stat().st_mtime_ns
    pipeline.dataset(CONFIG, FEW)
    kept = pipeline.run.image_encoder.stat().st_mtime_ns

    bank = pipeline.dataset(config, training).bank

    assert kept == stamp
    assert pipeline.run.image_encoder.read_bytes() != first
    assert bank.digest == manifest.sha256(pipeline.run.image_encoder)


def test_the_bank_of_another_seed_is_filled_anew_by_the_same_encoder(pipeline: Pipeline, given: Path) -> None:
    first = pipeline.dataset(CONFIG, FEW, given).bank

    other = pipeline.dataset(replace(CONFIG, seed=4), FEW, given).bank

    assert other.digest == first.digest
    assert not np.array_equal(other.styles, first.styles)


def test_a_run_whose_training_began_refuses_another_encoder(pipeline: Pipeline, given: Path, tmp_path: Path) -> None:
    pipeline.run.path.mkdir()
    bank = pipeline.dataset(CONFIG, FEW, given).bank
    (pipeline.run.path / checkpoint.NAME).write_bytes(b"begun")
    before = pipeline.run.image_encoder.read_bytes()
    other = tmp_path / "other.onnx"
    other.write_bytes(given.read_bytes() + b"\0")

    assert pipeline.dataset(CONFIG, FEW).bank.digest == pipeline.dataset(CONFIG, FEW, given).bank.digest == bank.digest
    for training, config, encoder in (
        (FEW, CONFIG, other),
        (FEW, replace(CONFIG, seed=4), given),
        (replace(FEW, bank=44), CONFIG, given),
        (replace(FEW, int8=True), CONFIG, given),
    ):
        with pytest.raises(CheckpointError, match="train into another folder"):
            pipeline.dataset(config, training, encoder)
    assert pipeline.run.image_encoder.read_bytes() == before


def test_a_run_without_a_record_of_its_encoder_resumes(pipeline: Pipeline, given: Path) -> None:
    bank = pipeline.dataset(CONFIG, FEW, given).bank
    (pipeline.run.path / "encoder.json").unlink()
    (pipeline.run.path / checkpoint.NAME).write_bytes(b"begun")

    assert pipeline.dataset(CONFIG, FEW).bank.digest == bank.digest


def test_resuming_a_finished_run_changes_neither_its_origin_nor_its_checkpoint(
    pipeline: Pipeline, given: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "_commit", "a" * 40)
    dataset = pipeline.dataset(CONFIG, FEW, given)
    pipeline.train(dataset, Tracked("the first"), resume=False)
    origin, trained = (
        (pipeline.run.path / "run.json").read_bytes(),
        (pipeline.run.path / checkpoint.NAME).stat().st_mtime_ns,
    )
    later = Pipeline(pipeline.run.path, pipeline.bars)
    monkeypatch.setattr(later, "_commit", "b" * 40)

    later.train(dataset, Tracked("the second"), resume=True)

    assert json.loads(origin)["git_commit"] == "a" * 40
    assert (pipeline.run.path / "run.json").read_bytes() == origin
    assert (pipeline.run.path / checkpoint.NAME).stat().st_mtime_ns == trained

    (pipeline.run.path / "run.json").unlink()
    later.train(dataset, Tracked("the third"), resume=True)

    unknown = json.loads((pipeline.run.path / "run.json").read_text(encoding="utf-8"))
    assert (unknown["git_commit"], unknown["mlflow_run_id"], unknown["seed"]) == ("", "", 3)


def test_resuming_a_finished_run_leaves_no_run_in_mlflow(
    given: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mlflow.tracking import MlflowClient  # noqa: PLC0415 - two seconds that only this test needs

    monkeypatch.chdir(tmp_path)
    text = "seed = 3\nthreads = 1\n[net]\ntrunk = 16\ntoken = 8\n[training]\nsteps = 2\nbatch = 16\n"
    (tmp_path / "tiny.toml").write_text(text + "[calibration]\nrows = 32\n[encoder]\nbank = 22\n", encoding="utf-8")
    uri = f"sqlite:///{tmp_path / 'mlflow.db'}"
    words = ["train", "--config", "tiny.toml", "--out", "run", "--image-encoder", given, "--tracking", uri]

    first, again = say(*words), say(*words, "--resume")

    assert (first[0], again[0]) == (0, 0), (first, again)
    client = MlflowClient(uri)
    found = client.get_experiment_by_name("forecaster")
    assert found is not None
    assert len(client.search_runs([found.experiment_id])) == 1


def test_the_command_prepares_a_run_or_own_series(given: Path, tmp_path: Path) -> None:
    config = tmp_path / "tiny.toml"
    config.write_text("seed = 3\nthreads = 1\n[encoder]\nbank = 22\n", encoding="utf-8")
    words = ["dataset", "--config", config, "--out", tmp_path / "run", "--image-encoder", given]

    code, output = say(*words)
    neither = say("dataset", "--out", tmp_path / "none")
    both = say(*words, "--csv", csv_of(tmp_path / "own.csv", series=4, weeks=60))
    old_name = say("shard", "--csv", tmp_path / "own.csv", "--out", tmp_path / "shards")

    assert (code, output.splitlines()[-1]) == (
        0,
        f"{tmp_path / 'run'}: image encoder {manifest.sha256(given)}, 22 embeddings",
    )
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == [
        "bank.npz",
        "encoder.json",
        "image_encoder.onnx",
    ]
    assert (neither[0], both[0], old_name[0]) == (2, 2, 0)
    assert "name one of --csv and --config" in neither[1]
