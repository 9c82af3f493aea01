"""Accuracy of forecasts: MASE, trend score, calls, coverage and quantile loss.

R rows, T = 208 weeks of history, H = 13 steps.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from hemline_trainer.contract import HORIZON, QUANTILES, YEAR
from hemline_trainer.data.batch import Batch
from hemline_trainer.evaluation.intervals import wilson_interval

Array = npt.NDArray[np.float64]

FEWEST_SEASONAL_PAIRS: Final = 26
FEWEST_PAIRS: Final = 4


def volumes(rows: Batch) -> Array:
    """Observed volumes (R, T), NaN where unobserved."""
    return np.where(rows.observed[..., 0], rows.history[..., 0].astype(np.float64), np.nan)


def mase_denominator(history: Array) -> Array:
    """Denominator of MASE (R): mean absolute change over a year, or over a week where too few yearly pairs are known.

    NaN where neither is known, or the series is constant.
    """
    yearly = np.abs(history[:, YEAR:] - history[:, :-YEAR])
    weekly = np.abs(history[:, 1:] - history[:, :-1])
    enough = np.isfinite(yearly).sum(1) >= FEWEST_SEASONAL_PAIRS
    some = np.isfinite(weekly).sum(1) >= FEWEST_PAIRS
    size = np.where(enough, _mean(yearly), np.where(some, _mean(weekly), np.nan))
    return np.where(size > 0, size, np.nan)


def reference(history: Array) -> Array:
    """Mean of the observed weeks among the last 13 (R), NaN if there are none."""
    return _mean(history[:, -HORIZON:])


def trend_score(path: Array, level: Array) -> Array:
    """Mean of the forecast weeks ÷ reference - 1 (R); NaN where the reference is not above 0."""
    defined = level > 0
    return np.where(defined, path.mean(1) / np.where(defined, level, 1.0) - 1, np.nan)


def realised_direction(rows: Batch) -> Array:
    """Sign of the realised trend score (R); NaN where it is undefined."""
    return np.sign(trend_score(rows.future.astype(np.float64), reference(volumes(rows))))


@dataclass(frozen=True)
class Calls:
    """Counts of right calls, of calls, and of rows with a realised trend score. Immutable."""

    right: int
    called: int
    judged: int

    def __add__(self, other: "Calls") -> "Calls":
        return Calls(self.right + other.right, self.called + other.called, self.judged + other.judged)

    @property
    def precision(self) -> float:
        """Share of right calls; NaN without any call."""
        return self.right / self.called if self.called else math.nan

    @property
    def share(self) -> float:
        """Share of the judged rows that are called."""
        return self.called / self.judged if self.judged else 0.0

    def wilson(self, standard_errors: float = 1.96) -> tuple[float, float]:
        """Wilson interval of the precision, 95 % by default; 0 to 1 without any call."""
        return wilson_interval(self.right, self.called, standard_errors)


def count_calls(classes: npt.NDArray[np.int64], truth: Array) -> Calls:
    """Counts calls (R) against realised signs (R), NaN where undefined."""
    judged = np.isfinite(truth)
    called = judged & (classes != 0)
    return Calls(int((classes[called] == truth[called]).sum()), int(called.sum()), int(judged.sum()))


def calls(classes: npt.NDArray[np.int64], truth: Array) -> tuple[float, float]:
    """Share of the calls that have the realised sign (NaN without any call), and share of rows that were called."""
    counted = count_calls(classes, truth)
    return counted.precision, counted.share


def trend_score_errors(median: Array, rows: Batch) -> Array:
    """Absolute error of the trend score of the medians (R, H): (R), NaN where undefined."""
    level = reference(volumes(rows))
    return np.abs(trend_score(median, level) - trend_score(rows.future.astype(np.float64), level))


def accuracy(quantiles: Array, classes: npt.NDArray[np.int64] | None, rows: Batch) -> dict[str, float]:
    """All metrics of one forecaster; NaN where no row defines one.

    Args:
        quantiles: (R, H, 3).
        classes: (R), or None for a forecaster without trend classes.
        rows: histories and futures.
    """
    history, actual = volumes(rows), rows.future.astype(np.float64)
    median = quantiles[..., QUANTILES.index(0.5)]
    error = np.abs(median - actual)
    level = reference(history)
    score_errors = trend_score_errors(median, rows)
    known_errors = score_errors[np.isfinite(score_errors)]
    positive = actual > 0
    size = np.abs(median) + np.abs(actual)
    figures = {
        "mase": float(_mean(error.mean(1) / mase_denominator(history))),
        "mae_trend_score": float(_mean(score_errors)),
        "median_ae_trend_score": float(np.median(known_errors)) if len(known_errors) else math.nan,
        "wql": weighted_quantile_loss(quantiles, actual),
        "smape": float(200 * np.where(size > 0, error / np.where(size > 0, size, 1), 0).mean()),
        "mape": float(100 * (error[positive] / actual[positive]).mean()) if positive.any() else 0.0,
    }
    if classes is not None:
        precision, share = calls(classes, np.sign(trend_score(actual, level)))
        inside = (actual >= quantiles[..., 0]) & (actual <= quantiles[..., -1])
        figures |= {"precision_called": precision, "called_share": share, "coverage": float(inside.mean())}
    return figures


def weighted_quantile_loss(quantiles: Array, actual: Array) -> float:
    """Mean over the levels of 2 · sum of pinball losses ÷ sum of |actual|, over all rows and steps; NaN where all is 0.

    The wQL of Amazon Forecast, WQL of AutoGluon and mean_wQuantileLoss of GluonTS: large series weigh more.
    """
    levels = np.array(QUANTILES)
    gap = actual[..., None] - quantiles
    loss = np.maximum(levels * gap, (levels - 1) * gap)
    size = float(np.abs(actual).sum())
    return float(2 * loss.sum() / size / len(levels)) if size > 0 else math.nan


def _mean(values: Array) -> Array:
    """Mean over the last axis without NaN; NaN where all are."""
    known = np.isfinite(values)
    count = known.sum(-1)
    return np.where(count > 0, np.where(known, values, 0).sum(-1) / np.maximum(count, 1), np.nan)
