"""What the gate asks of calls: that they are right, and that they are made where the forecasts bear them.

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
    """The calls of a graph (R) against what came."""
    return count_calls(classes, realised_direction(rows))


def supported(quantiles: Array, rows: Batch, precision: float) -> Calls:
    """The most calls that forecasts (R, H, 3) would have borne, known afterwards.

    Rows are ordered by how sure their forecast is of its direction: the change from the recent level in distances from
    the median to the outer quantile against it. Of all ways to cut this order the longest counts whose calls are right
    often enough beyond chance. Nothing here is told to the graph; a graph need not reach it.
    """
    truth = realised_direction(rows)
    sure = _sureness(quantiles, rows)
    judged = np.isfinite(truth) & np.isfinite(sure)
    order = np.argsort(-np.abs(sure[judged]), kind="stable")
    right = np.cumsum((np.sign(sure[judged]) == truth[judged])[order])
    most = int((sure[judged] != 0).sum())
    for called in range(most, fewest_calls(precision) - 1, -1):
        calls = Calls(int(right[called - 1]), called, int(judged.sum()))
        if calls.wilson(BEYOND_CHANCE)[0] >= precision:
            return calls
    return Calls(0, 0, int(judged.sum()))


def _sureness(quantiles: Array, rows: Batch) -> Array:
    """Signed change of the mean in distances of its band (R); NaN where the recent level is not above 0."""
    low, middle, high = np.moveaxis(quantiles.mean(1)[:, [0, _MEDIAN, -1]], 1, 0)
    level = reference(volumes(rows))
    moved = np.where(level > 0, middle - level, np.nan)
    against = np.where(moved > 0, middle - low, high - middle)
    return np.asarray(moved / np.maximum(against, 1e-9 * np.abs(middle) + 1e-300))
