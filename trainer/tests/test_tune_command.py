import json
import logging
from pathlib import Path

import pytest
from test_cli import say
from tiny import write_graphs
from tune_worker import cost

from hemline_trainer.config import load_config
from hemline_trainer.ops import study, tune
from hemline_trainer.ops.search_space import params_of

SETTINGS = """seed = 3
threads = 1
[net]
trunk = 16
token = 8
[training]
steps = 4
batch = 16
warmup = 2
[calibration]
rows = 32
precision = 0.5
[encoder]
images = 22
bank = 22
epochs = 1
batch = 11
[tune]
trunk = [16]
token = [8]
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with settings and an image encoder; shapes cost what their width is."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tune._Objective, "_cost", cost)
    monkeypatch.setattr(study, "VALIDATION_ROWS", 32)
    (tmp_path / "tiny.toml").write_text(SETTINGS, encoding="utf-8")
    write_graphs(tmp_path / "graphs")
    return tmp_path


WORDS = ["tune", "--config", "tiny.toml", "--study", "spring", "--image-encoder", "graphs/image_encoder.onnx"]


def test_tune_writes_table_json_plot_and_settings_and_tracks_every_trial(here: Path) -> None:
    from mlflow.tracking import MlflowClient  # noqa: PLC0415 - two seconds that only this test needs

    code, output = say(*WORDS, "--trials", 2, "--seed", 1)

    folder = here / "runs-output" / "tune" / "spring"
    document = json.loads((folder / "pareto.json").read_text(encoding="utf-8"))
    assert code == 0, output
    assert "2 trials trained to the end, 0 stopped early, 1 on the front" in output
    assert "train with it: hemline-trainer train --config runs-output/tune/spring/best.toml" in output
    best = load_config(folder / "best.toml")
    assert params_of(best) == document["trials"][document["best"]]["params"]
    assert best.training.report_every == load_config(here / "tiny.toml").training.report_every
    assert [path.name for path in (folder / "front").iterdir()] == [f"trial-{document['best']}.toml"]
    assert (folder / "pareto.png").is_file()
    runs = [
        MlflowClient("sqlite:///runs-output/mlflow.db").get_run(each["mlflow_run_id"]) for each in document["trials"]
    ]
    assert [run.info.run_name for run in runs] == ["spring-0", "spring-1"]
    assert [run.data.metrics["validation_mase"] for run in runs] == [each["mase"] for each in document["trials"]]
    assert runs[0].data.params["net.trunk"] == "16"


def test_a_study_is_stored_in_the_out_folder_for_any_name(here: Path) -> None:
    name = "q?x=1 50%25 #{a}"

    code, output = say(*WORDS, "--trials", 1, "--seed", 1, "--tracking", "off", "--out", name)

    assert code == 0, output
    assert (here / name / "study.db").is_file()
    assert not (here / "q").exists()
    assert sorted(each.name for each in here.iterdir()) == ["graphs", name, "tiny.toml"]


def test_sigint_keeps_the_study_and_the_same_command_continues(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(tune, "train", interrupted)
        code, output = say(*WORDS, "--trials", 1, "--tracking", "off")
    again, after = say(*WORDS, "--trials", 1, "--tracking", "off", "--max-us-per-row", 5)

    assert (code, again) == (130, 0)
    assert "interrupted, study spring is kept; the same command goes on with it" in output
    assert "no trial came to its end within 5 us/row yet" in after
    assert "1 trials trained to the end" in after
    assert not (here / "runs-output" / "tune" / "spring" / "best.toml").exists()
    assert logging.getLogger("optuna").level == logging.ERROR
