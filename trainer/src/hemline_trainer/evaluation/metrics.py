"""Accuracy of forecasts against what came, in plain numpy.

R rows, T = 208 weeks of history, H = 13 steps.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from hemline_trainer.contract import HORIZON, QUANTILES, YEAR
from hemline_trainer.data.batch import Batch

Array = npt.NDArray[np.float64]

FEWEST_SEASONAL_PAIRS: Final = 26
FEWEST_PAIRS: Final = 4


def volumes(rows: Batch) -> Array:
    """Observed volumes (R, T), NaN where unobserved."""
    return np.where(rows.observed[..., 0], rows.history[..., 0].astype(np.float64), np.nan)


def ordinary_error(history: Array) -> Array:
    """Denominator of MASE (R): mean change over a year; over a week where half a year of those pairs is missing.

    NaN where neither is known or nothing ever changed.
    """
    yearly = np.abs(history[:, YEAR:] - history[:, :-YEAR])
    weekly = np.abs(history[:, 1:] - history[:, :-1])
    enough = np.isfinite(yearly).sum(1) >= FEWEST_SEASONAL_PAIRS
    some = np.isfinite(weekly).sum(1) >= FEWEST_PAIRS
    size = np.where(enough, _mean(yearly), np.where(some, _mean(weekly), np.nan))
    return np.where(size > 0, size, np.nan)


def reference(history: Array) -> Array:
    """Mean of the observed weeks among the last 13 (R), NaN where there are none."""
    return _mean(history[:, -HORIZON:])


def trend_score(path: Array, level: Array) -> Array:
    """Mean of the coming weeks ÷ reference - 1 (R); NaN where the reference is not above 0."""
    fine = level > 0
    return np.where(fine, path.mean(1) / np.where(fine, level, 1.0) - 1, np.nan)


def realised_direction(rows: Batch) -> Array:
    """Sign of the realised trend score (R); NaN where there is none."""
    return np.sign(trend_score(rows.future.astype(np.float64), reference(volumes(rows))))


@dataclass(frozen=True)
class Calls:
    """Calls that had the realised sign, of those called, of those that could be judged."""

    right: int
    called: int
    judged: int

    def __add__(self, other: "Calls") -> "Calls":
        return Calls(self.right + other.right, self.called + other.called, self.judged + other.judged)

    @property
    def precision(self) -> float:
        """Share of the calls that were right; NaN without any call, which proves nothing."""
        return self.right / self.called if self.called else math.nan

    @property
    def share(self) -> float:
        """Share of the judged rows that were called."""
        return self.called / self.judged if self.judged else 0.0

    def wilson(self, z: float = 1.96) -> tuple[float, float]:
        """Wilson's score interval of the precision (Wilson 1927), 95 % by default; 0 to 1 without any call."""
        if not self.called:
            return 0.0, 1.0
        total = self.called + z * z
        centre = (self.right + z * z / 2) / total
        wrong = self.called - self.right
        reach = z * math.sqrt(self.right * wrong / self.called + z * z / 4) / total
        return max(0.0, centre - reach), min(1.0, centre + reach)


def count_calls(classes: npt.NDArray[np.int64], truth: Array) -> Calls:
    """Counts calls (R) against realised signs (R), NaN where there is none."""
    judged = np.isfinite(truth)
    called = judged & (classes != 0)
    return Calls(int((classes[called] == truth[called]).sum()), int(called.sum()), int(judged.sum()))


def calls(classes: npt.NDArray[np.int64], truth: Array) -> tuple[float, float]:
    """Share of the calls that have the realised sign (NaN without any call), and share of rows that were called."""
    counted = count_calls(classes, truth)
    return counted.precision, counted.share


def trend_score_errors(middle: Array, rows: Batch) -> Array:
    """|trend_score of the medians (R, H) - the realised one| (R); NaN where there is none."""
    level = reference(volumes(rows))
    return np.abs(trend_score(middle, level) - trend_score(rows.future.astype(np.float64), level))


def accuracy(quantiles: Array, classes: npt.NDArray[np.int64] | None, rows: Batch) -> dict[str, float]:
    """All figures of one forecaster on some rows; NaN where no row allows one.

    Args:
        quantiles: (R, H, 3).
        classes: (R), or None for a forecaster that makes no calls.
        rows: what was asked, with what came.
    """
    history, actual = volumes(rows), rows.future.astype(np.float64)
    middle = quantiles[..., QUANTILES.index(0.5)]
    error = np.abs(middle - actual)
    level = reference(history)
    missed = trend_score_errors(middle, rows)
    judged = missed[np.isfinite(missed)]
    positive = actual > 0
    size = np.abs(middle) + np.abs(actual)
    figures = {
        "mase": float(_mean(error.mean(1) / ordinary_error(history))),
        "mae_trend_score": float(_mean(missed)),
        "median_ae_trend_score": float(np.median(judged)) if len(judged) else math.nan,
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
    """Mean over the last axis of what is not NaN; NaN where all is."""
    seen = np.isfinite(values)
    count = seen.sum(-1)
    return np.where(count > 0, np.where(seen, values, 0).sum(-1) / np.maximum(count, 1), np.nan)
