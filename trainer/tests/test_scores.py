from dataclasses import asdict

import numpy as np
import pytest
import torch

from hemline_trainer.artifact.card import _figures
from hemline_trainer.contract import CONTEXT, EMBEDDING, HORIZON
from hemline_trainer.data.batch import Batch, market_batch
from hemline_trainer.evaluation.backtest import Backtest, answerer, backtest, format_table, synthetic_backtests
from hemline_trainer.evaluation.baselines import last_value, naive_combination, seasonal_naive
from hemline_trainer.evaluation.metrics import (
    accuracy,
    calls,
    mase_denominator,
    trend_score,
    volumes,
    weighted_quantile_loss,
)
from hemline_trainer.model.forecaster import Forecaster, Shape
from hemline_trainer.steps.evaluate import described
from hemline_trainer.training.calibration import fit_decision_threshold


def rows_of(history: np.ndarray, future: np.ndarray) -> Batch:
    rows = len(history)
    values = np.zeros((rows, CONTEXT, 4), dtype=np.float32)
    observed = np.zeros(values.shape, dtype=bool)
    values[:, CONTEXT - history.shape[1] :, 0] = np.nan_to_num(history)
    observed[:, CONTEXT - history.shape[1] :, 0] = np.isfinite(history)
    return Batch(
        values,
        observed,
        np.zeros(rows, dtype=np.int64),
        np.zeros((rows, 3), dtype=np.int64),
        np.zeros((rows, EMBEDDING), dtype=np.float32),
        np.zeros(rows, dtype=bool),
        future.astype(np.float32),
    )


def test_the_last_observed_week_is_repeated() -> None:
    history = np.array([[1.0, 2.0, np.nan], [np.nan, np.nan, np.nan]])

    assert last_value(history, 2).tolist() == [[2.0, 2.0], [0.0, 0.0]]


def test_seasonal_naive_repeats_last_year_and_falls_back_on_the_last_value() -> None:
    history = np.arange(104.0)[None]
    history[0, 53] = np.nan

    assert seasonal_naive(history, 3).tolist() == [[52.0, 103.0, 54.0]]
    assert seasonal_naive(history, 54)[0, 52] == 52.0
    assert seasonal_naive(history[:, -10:], 2).tolist() == [[103.0, 103.0]]


def test_the_naive_combination_is_the_mean_of_three_forecasts() -> None:
    history = np.concatenate([np.full(52, 1.0), np.full(52, 2.0)])[None]

    assert naive_combination(history, 1)[0, 0] == pytest.approx((2 + 4 + 2) / 3)


def test_mase_divides_by_the_yearly_change_or_by_the_weekly_one_where_history_is_short() -> None:
    long = np.concatenate([np.full(52, 1.0), np.full(52, 3.0)])[None]
    short = np.array([[1.0, 2.0, 1.0, 2.0, 1.0, 2.0]])

    assert mase_denominator(long)[0] == 2.0
    assert mase_denominator(np.pad(short, ((0, 0), (100, 0)), constant_values=np.nan))[0] == 1.0
    assert np.isnan(mase_denominator(np.full((1, 104), 5.0))[0])


def test_a_score_needs_a_reference_above_zero() -> None:
    scores = trend_score(np.full((3, HORIZON), 3.0), np.array([2.0, 0.0, np.nan]))

    assert scores[0] == 0.5
    assert np.isnan(scores[1:]).all()


def test_a_call_is_right_with_the_realised_sign() -> None:
    precision, share = calls(np.array([1, -1, 1, 0, 1]), np.array([1.0, -1.0, -1.0, 1.0, np.nan]))

    assert precision == pytest.approx(2 / 3)
    assert share == pytest.approx(3 / 4)


def test_calls_that_nobody_made_have_no_precision() -> None:
    precision, share = calls(np.zeros(3, dtype=np.int64), np.ones(3))
    figures = accuracy(
        np.ones((4, HORIZON, 3)), np.zeros(4, dtype=np.int64), rows_of(np.ones((4, 9)), np.ones((4, 13)))
    )
    test = described(Backtest("mine", 4, figures, {}))

    assert (np.isnan(precision), share) == (True, 0.0)
    assert np.isnan(figures["precision_called"])
    assert "precision_called" not in test.metrics
    assert "| this model | 0 | no calls | 0 | 1 |" in "\n".join(_figures([asdict(test)]))


def test_the_weighted_quantile_loss_is_that_of_the_field() -> None:
    """By hand: levels 0.1, 0.5, 0.9 miss 10 by 8 and 1 by 0.5, so that 2 · pinball sums to 1.7, 8.5 and 15.3 of 11."""
    actual = np.array([[10.0], [1.0]])
    quantiles = np.array([[[2.0] * 3], [[0.5] * 3]])

    found = weighted_quantile_loss(quantiles, actual)

    assert found == pytest.approx((1.7 + 8.5 + 15.3) / 11 / 3)
    assert found == pytest.approx(weighted_quantile_loss(1000 * quantiles, 1000 * actual))
    assert np.isnan(weighted_quantile_loss(quantiles, 0 * actual))


def test_the_weighted_quantile_loss_of_a_median_alone_is_the_weighted_absolute_error() -> None:
    rng = np.random.default_rng(1)
    actual, middle = rng.uniform(0, 100, (6, HORIZON)), rng.uniform(0, 100, (6, HORIZON))

    found = weighted_quantile_loss(np.repeat(middle[..., None], 3, axis=2), actual)

    assert found == pytest.approx(np.abs(actual - middle).sum() / actual.sum())


def test_a_perfect_forecast_has_no_error_and_covers_all() -> None:
    rng = np.random.default_rng(0)
    rows = rows_of(rng.uniform(1, 2, (4, CONTEXT)), rng.uniform(1, 2, (4, HORIZON)))
    truth = np.repeat(rows.future.astype(np.float64)[..., None], 3, axis=2)

    figures = accuracy(truth, np.zeros(4, dtype=np.int64), rows)

    assert figures["mase"] == figures["wql"] == figures["smape"] == figures["mae_trend_score"] == 0
    assert figures["coverage"] == 1


def test_unobserved_weeks_are_no_zeros() -> None:
    history = np.full((1, 60), np.nan)
    history[0, -2:] = 4.0

    assert np.nanmean(volumes(rows_of(history, np.ones((1, HORIZON))))) == 4.0


@pytest.fixture(scope="module")
def model() -> Forecaster:
    with torch.random.fork_rng():
        torch.manual_seed(6)
        return Forecaster(Shape(trunk=16, token=8)).eval()


def test_a_higher_wished_precision_gives_a_wider_margin_and_leaves_the_models_own_alone(model: Forecaster) -> None:
    rows = market_batch(512, None, np.random.default_rng(1))
    with torch.no_grad():
        bold, shy = fit_decision_threshold(model, rows, 0.5), fit_decision_threshold(model, rows, 0.8)

    assert bold.threshold < shy.threshold
    assert bold.calls.called > shy.calls.called > 0
    assert bold.calls.precision >= 0.5
    assert shy.calls.precision >= 0.8
    assert float(model.decision_threshold) == 1.0


def test_backtests_stand_beside_baselines_in_one_table(model: Forecaster) -> None:
    tests = synthetic_backtests(answerer(model), None, 24, seed=1)

    table = format_table(tests)

    assert tests[0].dataset == "synthetic-series"
    assert {"last_value", "seasonal_naive", "three_lines"} == set(tests[0].baselines)
    assert set(tests[1].baselines) == {*tests[0].baselines, "oracle"}
    assert len(table.splitlines()) == 5 * len(tests)  # a heading; the first has no oracle


def test_a_backtest_is_the_same_each_time(model: Forecaster) -> None:
    rows = market_batch(16, None, np.random.default_rng(1))

    first, second = (backtest(answerer(model), "market", rows) for _ in range(2))

    assert first == second
