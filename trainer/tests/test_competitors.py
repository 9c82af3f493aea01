import re
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from hemline_trainer.data.batch import training_batch
from hemline_trainer.errors import DataError, DivergedError
from hemline_trainer.evaluation.benchmarks.m4 import NAIVE
from hemline_trainer.evaluation.competitors import comparison, statistical, training
from hemline_trainer.evaluation.competitors.nets import BODIES, Competitor, competitor_loss, medians, tensors
from hemline_trainer.evaluation.competitors.published import HERMES_YEAR, M4_WEEKLY, Published, format_published
from hemline_trainer.evaluation.competitors.training import load, save, train_competitor


@pytest.mark.parametrize("name", list(BODIES))
def test_a_competitor_answers_13_weeks_of_ordered_levels_for_any_history(name: str) -> None:
    rows = training_batch(6, 0.5, None, 1, 0)

    with torch.no_grad():
        levels = Competitor(name).eval()(*tensors(rows)).levels

    assert levels.shape == (6, 13, 9)
    assert torch.isfinite(levels).all()
    assert (levels.diff(dim=-1) >= 0).all()


@pytest.mark.parametrize("name", list(BODIES))
def test_a_competitor_trains_and_round_trips_through_its_file(name: str, tmp_path: Path) -> None:
    rows = training_batch(64, 0.3, None, 1, 0)

    def loss(competitor: Competitor) -> float:
        with torch.no_grad():
            return float(competitor_loss(competitor(*tensors(rows)), torch.from_numpy(rows.future)))

    torch.manual_seed(7)
    untrained = Competitor(name).eval()
    trained = train_competitor(name, 20, 16, 7, lambda _step, _loss: None)
    save(trained, tmp_path / "net.pt")

    assert load(name, tmp_path / "net.pt").learned.tolist() == [20, 16]
    assert loss(trained) < loss(untrained)
    assert np.array_equal(medians(trained, rows), medians(load(name, tmp_path / "net.pt"), rows))


def test_a_competitor_with_a_gradient_that_is_not_finite_stops_training(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = training_batch(4, 0.3, None, 1, 0)
    rows.future[:] = np.nan
    monkeypatch.setattr(training, "training_batch", lambda *_: rows)

    with pytest.raises(DivergedError, match="plain-tft, step 1"):
        train_competitor("plain-tft", 3, 4, 7, lambda _step, _loss: None)


@pytest.mark.parametrize("figures", [M4_WEEKLY, HERMES_YEAR])
def test_every_published_result_is_listed_once_with_its_source(figures: tuple[Published, ...]) -> None:
    head, *lines = format_published("MASE", figures).splitlines()

    assert head == "published, MASE"
    assert len({each.name for each in figures}) == len(figures) == len(lines)
    for each, line in zip(figures, lines, strict=True):
        name, mase, source = re.fullmatch(r"  (.+?) +(\d+\.\d{4})   as published in (.+)", line).groups()  # type: ignore[union-attr]
        assert (name, float(mase)) == (each.name, each.mase)
        assert re.search(r"[\w-]+/[\w-]+", source), "names a repository"


def test_the_scorer_reproduces_the_published_score_of_the_last_value() -> None:
    (naive,) = [each.mase for each in M4_WEEKLY if each.name == "naive"]

    assert naive == NAIVE["mase"]


def test_a_missing_statsforecast_is_reported_with_the_install_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "statsforecast.models", None)

    with pytest.raises(DataError, match="--group rivals"):
        statistical.models()


def test_an_incomplete_cached_forecast_is_computed_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[float] = []

    class Last:
        def forecast(self, y: np.ndarray, h: int) -> dict[str, np.ndarray]:
            asked.append(y[-1])
            return {"mean": np.full(h, y[-1])}

    monkeypatch.setattr(statistical, "models", lambda: {"AutoTheta": Last})
    history = np.arange(3.0)[:, None] + np.zeros(208)
    first = statistical.forecasts("AutoTheta", history, tmp_path, "some")
    (path,) = tmp_path.glob("*.jsonl")
    path.write_bytes(path.read_bytes()[:-5])

    again = statistical.forecasts("AutoTheta", history, tmp_path, "some")
    kept = statistical.forecasts("AutoTheta", history, tmp_path, "some")

    assert asked == [0.0, 1.0, 2.0, 2.0]
    assert np.array_equal(first, again)
    assert np.array_equal(first, kept)


def test_a_competitor_with_fewer_forecasts_is_compared_on_those_rows() -> None:
    ours, theirs = np.array([1.0, 1.0, 5.0]), np.array([2.0, 3.0, np.nan])

    (found,) = comparison.compare(ours, {"AutoARIMA": theirs})

    assert (found.rows, found.ours, found.theirs) == (2, 1.0, 2.5)
    assert -2 <= found.low <= found.high <= -1
