"""Evaluation and gate score the last weeks of the series that a run was trained on."""

import json
from pathlib import Path

import pytest
from own_series import csv_of
from test_cli import say
from tiny import write_graphs

from hemline_trainer.errors import DataError
from hemline_trainer.pipeline import Pipeline
from hemline_trainer.progress import Bars
from hemline_trainer.training import checkpoint

TOML = """seed = 7
threads = 1
[net]
trunk = 16
token = 8
[training]
steps = 2
batch = 16
warmup = 1
[calibration]
rows = 64
[data]
shards = "{shards}"
share = 0.5
[encoder]
bank = 22
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("own")
    csv = csv_of(folder / "own.csv", series=20, weeks=120)
    assert say("dataset", "--csv", csv, "--out", folder / "shards")[0] == 0
    (folder / "own.toml").write_text(TOML.format(shards=folder / "shards"), encoding="utf-8")
    encoder = write_graphs(folder / "graphs") / "image_encoder.onnx"
    words = ["--config", folder / "own.toml", "--out", folder / "run", "--image-encoder", encoder, "--tracking", "off"]
    code, output = say("train", *words)
    assert code == 0, output
    return folder / "run"


def test_the_hold_out_is_the_last_weeks_of_all_series(run: Path) -> None:
    (own,) = Pipeline(run, Bars(quiet=True)).hold_outs(100)

    assert own.dataset == "own-series"
    assert len(own.rows) == 20
    assert (own.rows.future.astype(int) % 1000 == range(107, 120)).all()


def test_evaluation_and_card_hold_figures_of_own_series(run: Path) -> None:
    code, output = say("evaluate", "--run", run, "--rows", "16")

    assert code == 0, output
    assert "own-series" in output
    kept = json.loads((run / "backtest.json").read_text(encoding="utf-8"))
    assert kept[0]["dataset"] == "own-series"
    assert set(kept[0]["baselines"]) == {"last_value", "seasonal_naive", "three_lines"}


def test_the_gate_scores_a_run_on_its_own_series(run: Path, tmp_path: Path) -> None:
    code, output = say("gate", "--run", run, "--store", tmp_path / "store", "--json")

    assert code == 1
    rules = [check["rule"] for check in json.loads(output[output.index("{\n") :])["checks"]]
    assert "own-series: MASE beats three_lines" in rules


def test_the_gate_scores_an_artifact_on_the_own_series_that_are_named(run: Path, tmp_path: Path) -> None:
    artifact, store = run / "artifact", tmp_path / "store"

    silent = say("gate", "--artifact", artifact, "--store", store)
    named = say("gate", "--artifact", artifact, "--store", store, "--shards", run.parent / "shards")

    assert "name them with --shards" in silent[1]
    assert "own-series: MASE beats three_lines" in named[1]


def test_other_shards_than_those_of_training_are_refused(run: Path, tmp_path: Path) -> None:
    csv = csv_of(tmp_path / "own.csv", series=4, weeks=120, seed=1)
    say("dataset", "--csv", csv, "--out", tmp_path / "shards")

    with pytest.raises(DataError, match="other shards"):
        Pipeline(run, Bars(quiet=True)).hold_outs(100, tmp_path / "shards")
    assert checkpoint.read(run).shards
