import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hemline_trainer.artifact.verify import verify
from hemline_trainer.config import config_from
from hemline_trainer.demo import Demo, make_demo
from hemline_trainer.errors import CheckpointError
from hemline_trainer.ops.tracking import Untracked
from hemline_trainer.pipeline import Pipeline
from hemline_trainer.progress import Bars
from hemline_trainer.store.folder import ModelStore
from hemline_trainer.training import checkpoint
from hemline_trainer.training.encoder import EncoderTraining

CONFIG = config_from(
    {
        "seed": 7,
        "threads": 1,
        "net": {"trunk": 16, "token": 8},
        "training": {"steps": 8, "batch": 16, "warmup": 2},
        "calibration": {"rows": 32, "precision": 0.6},
    },
    "test",
)
TINY = Demo(CONFIG, EncoderTraining(images=22, bank=22, epochs=1, batch=11), trends=30, backtest_rows=16)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("demo") / "demo"
    out.mkdir()
    (out / "left-over").write_text("x", encoding="utf-8")
    with Bars() as bars:
        make_demo(TINY, out, bars)
    return out


def test_goes_from_nothing_to_two_published_versions_and_a_snapshot(made: Path) -> None:
    store = ModelStore(made / "store")

    assert store.versions() == [1, 2]
    assert store.channel("stable") == 2
    documents = [verify(store.folder(version), "trend") for version in (1, 2)]
    assert documents[0]["encoder_digest"] == documents[1]["encoder_digest"]
    assert {entry["dataset"] for entry in documents[1]["backtest"]} >= {"synthetic-market", "synthetic-series"}
    assert documents[1]["training"]["synthetic"] is True
    rows = [json.loads(line) for line in gzip.decompress((made / "features.jsonl.gz").read_bytes()).splitlines()]
    assert documents[1]["encoder_digest"] in {row["encoder_digest"] for row in rows}


def test_replaces_what_was_there_and_leaves_nothing_beside_it(made: Path) -> None:
    assert sorted(path.name for path in made.iterdir()) == ["README.md", "features.jsonl.gz", "store"]
    assert [path.name for path in made.parent.iterdir()] == ["demo"]
    assert "SYNTHETIC" in (made / "README.md").read_text(encoding="utf-8")


class Remembering(Untracked):
    """A tracker that remembers the names of files."""

    def __init__(self) -> None:
        self.files: list[str] = []

    def artifact(self, path: Path) -> None:
        self.files.append(path.name)


@pytest.fixture(scope="module")
def tracker() -> Remembering:
    return Remembering()


@pytest.fixture(scope="module")
def pipeline(made: Path, tracker: Remembering, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipeline]:
    """The second version's run once more, with the encoder that was published."""
    with Bars() as bars:
        pipeline = Pipeline(tmp_path_factory.mktemp("again") / "run", bars)
        given = ModelStore(made / "store").folder(2) / "image_encoder.onnx"
        pipeline.train(pipeline.dataset(CONFIG, TINY.encoder, given=given), tracker, resume=False)
        pipeline.export()
        yield pipeline


def test_a_graph_is_a_function_of_its_seed_to_the_last_byte(made: Path, pipeline: Pipeline) -> None:
    published = ModelStore(made / "store").folder(2)

    assert pipeline.run.forecaster.read_bytes() == (published / "forecaster.onnx").read_bytes()


def test_the_plots_lie_in_the_run_folder_and_are_given_to_the_tracker(pipeline: Pipeline, tracker: Remembering) -> None:
    drawn = ["loss.png", "forecasts.png", "calibration.png", "attention.png"]

    assert tracker.files == [checkpoint.NAME, *drawn]
    assert sorted(path.name for path in (pipeline.run.path / "plots").iterdir()) == sorted(drawn)


def test_a_run_that_was_stopped_is_not_packaged(pipeline: Pipeline, tmp_path: Path) -> None:
    saved = checkpoint.read(pipeline.run.path)
    unfinished = replace(saved.checkpoint, path=tmp_path / checkpoint.NAME, step=3, finished=False)
    checkpoint.save(replace(saved, checkpoint=unfinished))

    with pytest.raises(CheckpointError, match="stopped at step 3; finish it with train --resume"):
        Pipeline(tmp_path, pipeline.bars).package()
