"""Checks of the evaluation gate on calls: their precision, and their number relative to the supported calls.

R rows, H = 13 steps.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from hemline_trainer.contract import QUANTILES
from hemline_trainer.data.batch import Batch
from hemline_trainer.evaluation.metrics import Calls, count_calls, realised_direction, reference, volumes
from hemline_trainer.training.calibration import BEYOND_CHANCE, fewest_calls

Array = npt.NDArray[np.float64]

_MEDIAN: Final = QUANTILES.index(0.5)


def made(classes: npt.NDArray[np.int64], rows: Batch) -> Calls:
    """Counts the calls of a graph (R) opposite the realised directions."""
    return count_calls(classes, realised_direction(rows))


def supported(quantiles: Array, rows: Batch, precision: float) -> Calls:
    """The largest number of calls that forecasts (R, H, 3) support at a precision, given the realised directions.

    Rows are sorted by certainty: the change from the recent level in distances from the median to the outer quantile
    on the other side. The result is the longest prefix whose precision exceeds the target beyond chance. It is an upper
    bound computed with hindsight; the gate requires a share of it.
    """
    truth = realised_direction(rows)
    certainty = _certainty(quantiles, rows)
    judged = np.isfinite(truth) & np.isfinite(certainty)
    order = np.argsort(-np.abs(certainty[judged]), kind="stable")
    right = np.cumsum((np.sign(certainty[judged]) == truth[judged])[order])
    most = int((certainty[judged] != 0).sum())
    for called in range(most, fewest_calls(precision) - 1, -1):
        calls = Calls(int(right[called - 1]), called, int(judged.sum()))
        if calls.wilson(BEYOND_CHANCE)[0] >= precision:
            return calls
    return Calls(0, 0, int(judged.sum()))


def _certainty(quantiles: Array, rows: Batch) -> Array:
    """Signed change of the mean in distances of its band (R); NaN where the recent level is not above 0."""
    low, median, high = np.moveaxis(quantiles.mean(1)[:, [0, _MEDIAN, -1]], 1, 0)
    level = reference(volumes(rows))
    change = np.where(level > 0, median - level, np.nan)
    opposite = np.where(change > 0, median - low, high - median)
    return np.asarray(change / np.maximum(opposite, 1e-9 * np.abs(median) + 1e-300))
