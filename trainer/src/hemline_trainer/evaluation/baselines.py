"""Naive forecasts; the evaluation gate requires a forecaster to beat all of them.

R rows, T weeks of history (at least 65 of them for a season), H = 13 steps; NaN = unobserved.
"""

import numpy as np
import numpy.typing as npt

from hemline_trainer.contract import HORIZON, YEAR

Array = npt.NDArray[np.float64]

LIMITS = (0.25, 4.0)


def last_value(history: Array, steps: int = HORIZON) -> Array:
    """The last observed week, repeated: (R, T) gives (R, steps); 0 for an empty history."""
    observed = np.isfinite(history)
    index = history.shape[1] - 1 - observed[:, ::-1].argmax(1)
    last = history[np.arange(len(history)), index]
    return np.repeat(np.nan_to_num(last)[:, None], steps, axis=1)


def seasonal_naive(history: Array, steps: int = HORIZON) -> Array:
    """The same week of the year before: (R, steps); the last value where that is unknown."""
    fallback = last_value(history, steps)
    if history.shape[1] < YEAR:
        return fallback
    season = history[:, -YEAR:][:, np.arange(steps) % YEAR]
    return np.where(np.isfinite(season), season, fallback)


def naive_combination(history: Array, steps: int = HORIZON) -> Array:
    """Mean of seasonal naive, seasonal naive · level ÷ level a year ago (0.25..4), and the mean of the last quarter."""
    season = seasonal_naive(history, steps)
    now = _mean(history[:, -HORIZON:])
    level = np.repeat(np.where(np.isfinite(now), now, last_value(history, 1)[:, 0])[:, None], steps, axis=1)
    ratio = np.ones(len(history))
    if history.shape[1] >= YEAR + HORIZON:
        then = _mean(history[:, -YEAR - HORIZON : -YEAR])
        defined = np.isfinite(now) & np.isfinite(then) & (np.nan_to_num(then) > 0)
        ratio = np.clip(np.where(defined, now / np.where(defined, then, 1.0), 1.0), *LIMITS)
    return np.asarray((season + season * ratio[:, None] + level) / 3)


BASELINES = {"last_value": last_value, "seasonal_naive": seasonal_naive, "three_lines": naive_combination}
"""By their names in manifests and reports."""


def _mean(values: Array) -> Array:
    observed = np.isfinite(values)
    count = observed.sum(1)
    return np.where(count > 0, np.where(observed, values, 0).sum(1) / np.maximum(count, 1), np.nan)
