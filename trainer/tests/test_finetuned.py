"""Fine-tuning on a benchmark: it begins from the run, sees nothing of what is scored, and scores every series once."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from hemline_trainer.config import Calibration, Config, Training
from hemline_trainer.contract import HORIZON
from hemline_trainer.errors import ConfigError
from hemline_trainer.evaluation.backtest import Answerer, answerer
from hemline_trainer.evaluation.benchmarks.finetuned import SHORT, Tuning, hermes_own, m4_own, short_history, tuned
from hemline_trainer.evaluation.benchmarks.hermes import Series, as_batch, mase_denominator
from hemline_trainer.evaluation.benchmarks.m4 import Weekly
from hemline_trainer.evaluation.rolling import ORIGINS, shortened
from hemline_trainer.model.forecaster import Shape
from hemline_trainer.ops.tracking import Untracked
from hemline_trainer.training import checkpoint
from hemline_trainer.training.calibration import CONFORMAL_SCALE_LIMITS
from hemline_trainer.training.loop import train

CONFIG = Config(
    seed=3,
    net=Shape(trunk=16, token=8),
    training=Training(steps=2, batch=8, warmup=0, report_every=2, save_every=2),
    calibration=Calibration(rows=32),
)


class Silent:
    def update(self, step: int, total: int, metrics: dict[str, float]) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    train(CONFIG, None, folder, Silent(), Untracked(), resume=False)
    return folder


def invented() -> Series:
    rng = np.random.default_rng(0)
    names = tuple(f"br_female_shoes_{number}" for number in range(10))
    return Series(names, rng.uniform(1, 2, (10, 261)), date(2018, 12, 31), rng.uniform(0, 1, (10, 209)))


def last_value(inputs: Mapping[str, npt.NDArray[np.generic]]) -> dict[str, npt.NDArray[np.generic]]:
    return {"quantiles": np.repeat(inputs["history"][:, -1:, :1], HORIZON, axis=1).repeat(3, axis=2)}


def test_fine_tuning_starts_from_the_run_and_trains_on_own_series(run: Path) -> None:
    def quantiles(ask: Answerer) -> npt.NDArray[np.float64]:
        return ask(as_batch(invented()).inputs())["quantiles"].astype(np.float64)

    before = quantiles(answerer(checkpoint.load(run)[0]))
    own = hermes_own(invented(), np.arange(10))

    still = quantiles(tuned(Tuning(run, None, 1, 1e-12, 0.5, 1, 0.6), own, Silent()))
    moved = quantiles(tuned(Tuning(run, None, 3, 1e-2, 1.0, 1, 0.6), own, Silent()))
    short = quantiles(tuned(Tuning(run, None, 3, 1e-2, 1.0, 1, 0.6, 0.9), own, Silent()))

    assert still[..., 1] == pytest.approx(before[..., 1], rel=1e-4)
    band = (still[..., 2] - still[..., 1]) / (before[..., 2] - before[..., 1])
    assert (band < CONFORMAL_SCALE_LIMITS[1] / CONFORMAL_SCALE_LIMITS[0]).all()  # calibrated anew, on other draws
    assert np.abs(moved - still).max() > 1e-3
    assert np.abs(short - moved).max() > 1e-4  # of other rows


def test_a_run_of_another_network_is_rejected_as_a_start(run: Path, tmp_path: Path) -> None:
    other = replace(CONFIG, net=Shape(trunk=32, token=8), training=replace(CONFIG.training, begin_from=str(run)))

    with pytest.raises(ConfigError, match="begin_from"):
        train(other, None, tmp_path, Silent(), Untracked(), resume=False)


def test_own_series_end_where_the_first_scored_forecast_begins() -> None:
    series, earliest = invented(), max(ORIGINS["hermes-100"])

    own = hermes_own(series, np.array([2, 5]), left_out=earliest)

    assert [len(weeks) for weeks in own.weeks] == [209 - earliest] * 2
    assert own.weeks[1] == pytest.approx(as_batch(series, earliest).history[5, -(209 - earliest) :, 0], rel=1e-6)
    assert own.words[0] == ("br", "female", "shoes")
    assert own.first[0] == date(2015, 1, 5)


def test_series_of_m4_end_with_the_last_training_week() -> None:
    own = m4_own(Weekly((np.arange(90.0), np.arange(70.0)), np.zeros((2, HORIZON))))

    assert [(len(weeks), first) for weeks, first in zip(own.weeks, own.first, strict=True)] == [
        (90, date(2017, 4, 17)),
        (70, date(2017, 9, 4)),
    ]


def test_every_series_is_scored_once_an_origin() -> None:
    series = invented()

    found = short_history(None, last_value, series, Silent())

    for weeks in SHORT:
        expected = []
        for back in ORIGINS["hermes-100"]:
            rows = shortened(as_batch(series, back), weeks)
            error = np.abs(rows.history[:, -1:, 0] - rows.future).mean(1)
            expected.append(error / mase_denominator(series, back))
        assert len(found[weeks]) == 10 * len(ORIGINS["hermes-100"])
        assert np.sort(found[weeks]) == pytest.approx(np.sort(np.concatenate(expected)), rel=1e-5)
