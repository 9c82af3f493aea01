"""A step keeps its output while its inputs are unchanged, and makes it anew when one of them or the output changed."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from tiny import write_graphs

from hemline_trainer.artifact import manifest
from hemline_trainer.cli.app import HELP
from hemline_trainer.config import Calibration, Config, Training
from hemline_trainer.model.forecaster import Shape
from hemline_trainer.ops.tracking import Untracked
from hemline_trainer.pipeline import Pipeline
from hemline_trainer.progress import Bars
from hemline_trainer.steps import STEPS
from hemline_trainer.steps import evaluate as evaluate_step
from hemline_trainer.steps import export as export_step
from hemline_trainer.steps.evaluate import Evaluation
from hemline_trainer.training.encoder import EncoderTraining

IMAGES = EncoderTraining(bank=22)
CONFIG = Config(
    seed=3,
    threads=1,
    net=Shape(trunk=16, token=8),
    training=Training(steps=2, batch=16, warmup=1),
    calibration=Calibration(rows=32),
)
FEW = Evaluation(rows=16)


@pytest.fixture(scope="module")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that went from dataset to package."""
    folder = tmp_path_factory.mktemp("pipeline")
    pipeline = Pipeline(folder / "run", Bars(quiet=True))
    given = write_graphs(folder / "graphs") / "image_encoder.onnx"
    pipeline.train(pipeline.dataset(CONFIG, IMAGES, given), Untracked(), resume=False)
    pipeline.export()
    pipeline.evaluate(FEW)
    pipeline.package()
    return folder / "run"


@pytest.fixture
def pipeline(packaged: Path, tmp_path: Path) -> Pipeline:
    return Pipeline(Path(shutil.copytree(packaged, tmp_path / "run")), Bars(quiet=True))


def stamps(pipeline: Pipeline) -> dict[str, int]:
    """When each output was written."""
    run = pipeline.run
    outputs = [
        run.image_encoder,
        run.bank,
        run.checkpoint,
        run.forecaster,
        run.backtest,
        run.artifact / "manifest.json",
    ]
    return {path.name: path.stat().st_mtime_ns for path in outputs}


def test_the_seven_steps_are_the_words_of_command_line_and_readmes() -> None:
    root = Path(__file__).parents[2]
    pages = [HELP, (root / "trainer" / "README.md").read_text(encoding="utf-8")]

    assert ", ".join(STEPS) in pages[0]
    assert " → ".join(STEPS) in pages[1]
    modules = {path.stem for path in (root / "trainer/src/hemline_trainer/steps").glob("*.py")}
    assert modules - {"__init__", "run_folder"} == set(STEPS)
    assert {*STEPS} <= {path.stem for path in (root / "trainer/src/hemline_trainer/cli").glob("*.py")}


def test_nothing_is_made_again_where_nothing_changed(pipeline: Pipeline) -> None:
    before, report = stamps(pipeline), pipeline.export()

    pipeline.train(pipeline.dataset(CONFIG, IMAGES), Untracked(), resume=True)
    figures = pipeline.evaluate(FEW)
    pipeline.package()

    assert stamps(pipeline) == before
    assert report.nodes > 100
    assert len(report.differences) > 10
    assert [test.dataset for test in figures][:2] == ["synthetic-series", "synthetic-market"]
    assert figures[0].rows == 16


def test_a_damaged_graph_is_exported_again_to_the_same_bytes(pipeline: Pipeline) -> None:
    whole = pipeline.run.forecaster.read_bytes()
    pipeline.run.forecaster.write_bytes(whole[:1000])

    pipeline.export()

    assert pipeline.run.forecaster.read_bytes() == whole


def test_another_version_of_a_step_makes_its_output_again(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    before = stamps(pipeline)
    monkeypatch.setattr(export_step, "VERSION", 2)
    monkeypatch.setattr(evaluate_step, "VERSION", 2)

    pipeline.export()
    pipeline.evaluate(FEW)

    changed = {name for name, stamp in stamps(pipeline).items() if stamp != before[name]}
    assert changed == {"forecaster.onnx", "backtest.json"}


def test_figures_on_other_rows_are_measured_unless_any_will_do(pipeline: Pipeline) -> None:
    before = stamps(pipeline)["backtest.json"]

    pipeline.evaluate(Evaluation(), keep=True)
    kept = stamps(pipeline)["backtest.json"]
    more = pipeline.evaluate(replace(FEW, rows=20))

    assert kept == before
    assert stamps(pipeline)["backtest.json"] != before
    assert more[0].rows == 20


def test_an_artifact_that_still_fits_its_run_is_not_built_again(pipeline: Pipeline) -> None:
    before, stamp = manifest.digest(pipeline.run.artifact), stamps(pipeline)["manifest.json"]

    assert manifest.digest(pipeline.package()) == before
    assert stamps(pipeline)["manifest.json"] == stamp

    (pipeline.run.path / "steps" / "package.json").unlink()  # as in the run of an older trainer
    assert manifest.digest(pipeline.package()) == before

    document = manifest.read(pipeline.run.artifact)
    document["created"] = "2020-01-01T00:00:00Z"
    manifest.write(pipeline.run.artifact, document)
    assert manifest.digest(pipeline.package()) != manifest.sha256_of(json.dumps(document, indent=2).encode() + b"\n")

    shutil.rmtree(pipeline.run.artifact)
    assert manifest.read(pipeline.package())["created"] > "2026"


def test_an_artifact_of_other_figures_is_built_again(pipeline: Pipeline) -> None:
    before = manifest.digest(pipeline.run.artifact)
    pipeline.evaluate(replace(FEW, rows=20))

    assert manifest.digest(pipeline.package()) != before
