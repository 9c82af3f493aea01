"""Coverage of the band and precision of the calls on the calibration rows."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from hemline_trainer.data.batch import Batch, series_batch
from hemline_trainer.evaluation.backtest import answerer
from hemline_trainer.evaluation.metrics import count_calls, realised_direction
from hemline_trainer.model.forecaster import LENGTHS, Forecaster, Shape
from hemline_trainer.training.calibration import (
    CONFORMAL_SCALE_LIMITS,
    NEVER,
    fewest_calls,
    fit_conformal_scale,
    fit_decision_threshold,
    threshold_of,
)


@pytest.fixture(scope="module")
def model() -> Forecaster:
    with torch.random.fork_rng():
        torch.manual_seed(4)
        return Forecaster(Shape(trunk=32, token=16)).eval()


@pytest.fixture(scope="module")
def rows() -> Batch:
    return series_batch(1500, np.random.default_rng(5))


def covered(model: Forecaster, rows: Batch) -> np.ndarray:
    """Share of the weeks of each row that lie in the band."""
    quantiles = answerer(model)(rows.inputs())["quantiles"].astype(np.float64)
    inside = (rows.future >= quantiles[..., 0]) & (rows.future <= quantiles[..., -1])
    return np.asarray(inside.mean(1))


def test_every_bucket_of_history_length_reaches_the_target_coverage(model: Forecaster, rows: Batch) -> None:
    weeks = np.asarray(rows.observed[..., 0].sum(1))
    bucket = np.asarray(weeks[:, None] > np.array(LENGTHS)).sum(1)
    model.conformal_scale.fill_(1.0)
    before = covered(model, rows)
    with torch.no_grad():
        model.conformal_scale.copy_(fit_conformal_scale(model, rows, 0.8))
    after = covered(model, rows)

    for length in range(len(LENGTHS) + 1):
        assert (bucket == length).sum() >= 50
        assert abs(before[bucket == length].mean() - 0.8) > 0.04, "the coverage was on target without calibration"
        assert after[bucket == length].mean() == pytest.approx(0.8, abs=0.01)
    assert (
        (model.conformal_scale > CONFORMAL_SCALE_LIMITS[0]) & (model.conformal_scale < CONFORMAL_SCALE_LIMITS[1])
    ).all()
    model.conformal_scale.fill_(1.0)


def test_a_bucket_without_rows_keeps_its_band(model: Forecaster, rows: Batch) -> None:
    whole = rows.rows(rows.observed[..., 0].sum(1) > LENGTHS[-1])

    scale = fit_conformal_scale(model, whole, 0.8)

    assert (scale[:-1] == 1).all()
    assert (scale[-1] != 1).any()


def test_the_band_stays_in_order_at_every_conformal_scale(model: Forecaster, rows: Batch) -> None:
    with torch.no_grad():
        model.conformal_scale.copy_(torch.tensor([CONFORMAL_SCALE_LIMITS] * (len(LENGTHS) + 1)))

    quantiles = answerer(model)(rows.rows(slice(0, 200)).inputs())["quantiles"]

    assert (np.diff(quantiles, axis=-1) >= 0).all()
    model.conformal_scale.fill_(1.0)


def certain(*groups: tuple[float, int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Certainties and realised signs of groups: a certainty, how many rows have it, how many of these came true."""
    certainty = np.concatenate([np.full(count, size) for size, count, _ in groups])
    truth = np.concatenate([np.where(np.arange(count) < right, 1.0, -1.0) for _, count, right in groups])
    flipped = np.arange(len(truth)) % 2 == 0  # falling is called as rising is
    return np.where(flipped, -certainty, certainty), np.where(flipped, -truth, truth)


def test_the_threshold_is_the_smallest_whose_calls_reach_the_precision() -> None:
    fitted = threshold_of(*certain((1.92, 200, 196), (1.12, 100, 97), (0.42, 300, 150)), precision=0.9)

    assert fitted.threshold == 0.45
    assert (fitted.calls.right, fitted.calls.called, fitted.calls.judged) == (293, 300, 600)
    assert fitted.failed is not None
    assert (fitted.failed.right, fitted.failed.called) == (443, 600)
    assert fitted.warning(0.9) == ""


@pytest.mark.parametrize("first", [0, 1])
def test_a_few_certain_rows_right_or_wrong_do_not_end_the_search(first: int) -> None:
    fitted = threshold_of(*certain((5.0, 1, first), (1.02, 400, 390), (0.42, 300, 150)), precision=0.9)

    assert fitted.threshold == 0.45
    assert fitted.calls.called == 401


def test_a_higher_threshold_below_the_precision_ends_the_search() -> None:
    fitted = threshold_of(*certain((1.92, 100, 50), (1.02, 5000, 5000)), precision=0.9)

    assert (fitted.threshold, fitted.calls.called) == (NEVER, 0)
    assert "50 of 100 were right" in fitted.warning(0.9)


def test_calls_too_few_to_exclude_chance_prove_nothing() -> None:
    assert fewest_calls(0.9) == 22
    assert threshold_of(*certain((1.0, 21, 21)), precision=0.9).threshold == NEVER
    assert threshold_of(*certain((1.0, 22, 22)), precision=0.9).threshold == 0.0


def test_calls_at_the_target_precision_pass_about_one_time_in_ten() -> None:
    rng = np.random.default_rng(8)

    passed = 0
    for _ in range(400):
        truth = np.where(rng.uniform(size=300) < 0.9, 1.0, -1.0)
        passed += threshold_of(rng.uniform(0, 2, 300), truth, precision=0.9).calls.called > 0

    assert 4 < passed < 70


def test_calls_well_above_the_target_precision_are_almost_always_proven() -> None:
    rng = np.random.default_rng(9)

    passed = 0
    for _ in range(200):
        truth = np.where(rng.uniform(size=300) < 0.97, 1.0, -1.0)
        passed += threshold_of(rng.uniform(0, 2, 300), truth, precision=0.9).calls.called > 0

    assert passed > 180


def test_too_few_rows_give_a_model_without_calls_and_a_warning(model: Forecaster, rows: Batch) -> None:
    few = rows.rows(slice(0, 12))

    fitted = fit_decision_threshold(model, few, precision=0.95)

    assert fitted.warning(0.95) == (
        "makes no calls, every trend is stable: not shown to be right in 95% of them, "
        "since of 12 rows no threshold calls 45; raise calibration.rows"
    )
    assert np.isnan(fitted.calls.precision)
    with torch.no_grad():
        model.decision_threshold.fill_(fitted.threshold)
    assert not answerer(model)(rows.inputs())["trend_class"].any()
    model.decision_threshold.fill_(1.0)


def test_the_fitted_threshold_makes_the_calls_that_were_counted(model: Forecaster, rows: Batch) -> None:
    fitted = fit_decision_threshold(model, rows, precision=0.9)

    with torch.no_grad():
        model.decision_threshold.fill_(fitted.threshold)
    made = count_calls(answerer(model)(rows.inputs())["trend_class"].astype(np.int64), realised_direction(rows))
    model.decision_threshold.fill_(1.0)

    assert made == fitted.calls
    assert made.called > 300
    assert made.precision > 0.9


def test_a_model_whose_calls_are_wrong_makes_none(model: Forecaster, rows: Batch) -> None:
    upside_down = replace(rows, future=2 * rows.history[:, -1:, 0] - rows.future)

    fitted = fit_decision_threshold(model, upside_down, precision=0.9)

    assert (fitted.threshold, fitted.calls.called) == (NEVER, 0)
    assert fitted.failed is not None
