"""Forecasts that need no training; a model that does not beat the three lines is not worth shipping.

R rows, T weeks of history (at least 65 of them for a season), H = 13 steps; NaN = unobserved.
"""

import numpy as np
import numpy.typing as npt

from hemline_trainer.contract import HORIZON, YEAR

Array = npt.NDArray[np.float64]

LIMITS = (0.25, 4.0)


def last_value(history: Array, steps: int = HORIZON) -> Array:
    """The last observed week, repeated: (R, T) gives (R, steps); 0 where nothing was observed."""
    seen = np.isfinite(history)
    place = history.shape[1] - 1 - seen[:, ::-1].argmax(1)
    last = history[np.arange(len(history)), place]
    return np.repeat(np.nan_to_num(last)[:, None], steps, axis=1)


def seasonal_naive(history: Array, steps: int = HORIZON) -> Array:
    """The same week of last year: (R, steps); the last value where that is unknown."""
    plain = last_value(history, steps)
    if history.shape[1] < YEAR:
        return plain
    season = history[:, -YEAR:][:, np.arange(steps) % YEAR]
    return np.where(np.isfinite(season), season, plain)


def three_lines(history: Array, steps: int = HORIZON) -> Array:
    """Mean of seasonal naive, seasonal naive · level ÷ last year's level (0.25..4), and the quarter's mean."""
    season = seasonal_naive(history, steps)
    now = _mean(history[:, -HORIZON:])
    plain = np.repeat(np.where(np.isfinite(now), now, last_value(history, 1)[:, 0])[:, None], steps, axis=1)
    ratio = np.ones(len(history))
    if history.shape[1] >= YEAR + HORIZON:
        then = _mean(history[:, -YEAR - HORIZON : -YEAR])
        fine = np.isfinite(now) & np.isfinite(then) & (np.nan_to_num(then) > 0)
        ratio = np.clip(np.where(fine, now / np.where(fine, then, 1.0), 1.0), *LIMITS)
    return np.asarray((season + season * ratio[:, None] + plain) / 3)


BASELINES = {"last_value": last_value, "seasonal_naive": seasonal_naive, "three_lines": three_lines}


def _mean(values: Array) -> Array:
    seen = np.isfinite(values)
    count = seen.sum(1)
    return np.where(count > 0, np.where(seen, values, 0).sum(1) / np.maximum(count, 1), np.nan)
