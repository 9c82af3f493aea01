"""Calibration of the quantile band and of the trend classes on rows outside of training.

The band: split conformal prediction (Romano, Patterson and Candès 2019). Each outer quantile is moved away from the
median by a factor of its own for each bucket of history length.

The trend classes: the decision threshold is lowered while the precision of the calls exceeds its target beyond chance
(fixed-sequence testing: Angelopoulos et al. 2021). The sequence starts at the first threshold with enough calls; the
number of calls is known before any call is compared with its outcome, so the order of the tests is fixed in advance.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from hemline_trainer.data.batch import Batch
from hemline_trainer.evaluation.metrics import Calls, count_calls, realised_direction
from hemline_trainer.model.distribution import MEDIAN, Distribution
from hemline_trainer.model.forecaster import LENGTHS, Forecaster
from hemline_trainer.model.trend_class import SMALLEST_BAND

THRESHOLDS: Final = np.round(np.arange(0.0, 2.01, 0.05), 2)
CHUNK: Final = 512
BEYOND_CHANCE: Final = 1.28
"""Standard errors of the one-sided Wilson bound, 90 %, by which a precision must exceed its target."""

CHANCE: Final = 0.1
"""The same as a probability: the accepted rate of false proofs."""

STEADY: Final = 4
"""Calls of the first test, in multiples of the fewest that can prove a precision, where there are as many."""

NEVER: Final = 1e6
"""A threshold above every certainty: the model makes no calls."""

FEWEST: Final = 20
"""Rows that a bucket of history length needs for a scale other than 1."""

CONFORMAL_SCALE_LIMITS: Final = (0.5, 2.0)


@dataclass(frozen=True)
class DecisionThreshold:
    """A threshold and the precision of its calls. Immutable.

    Attributes:
        threshold: lower bound of the certainty of a call; `NEVER` if no threshold was proven.
        calls: on the calibration rows, at that threshold.
        failed: calls at the first threshold that was not proven; None if all were, or none had enough calls.
        fewest: calls that a proof needs.
    """

    threshold: float
    calls: Calls
    failed: Calls | None
    fewest: int

    def warning(self, precision: float) -> str:
        """The reason for making no calls, in a sentence; empty otherwise."""
        if self.threshold != NEVER:
            return ""
        if self.failed is None:
            why = f"of {self.calls.judged} rows no threshold calls {self.fewest}; raise calibration.rows"
        else:
            why = f"at the first threshold with enough calls {self.failed.right} of {self.failed.called} were right"
        return f"makes no calls, every trend is stable: not shown to be right in {precision:.0%} of them, since {why}"


def fewest_calls(precision: float) -> int:
    """Smallest number of calls, all right, that refutes a lower precision at level `CHANCE`."""
    return math.ceil(math.log(CHANCE) / math.log(precision))


def fit_decision_threshold(
    model: Forecaster, rows: Batch, precision: float, device: torch.device | None = None
) -> DecisionThreshold:
    """The smallest threshold whose calls provably reach a precision.

    Args:
        model: its own threshold has no effect.
        rows: calibration rows.
        precision: target share of right calls.
        device: of the model.
    """
    certainty = np.concatenate(
        [model.certainty(forecast).cpu().numpy() for forecast in _forecasts(model, rows, device)]
    )
    return threshold_of(certainty, realised_direction(rows), precision)


def threshold_of(
    certainty: npt.NDArray[np.floating], truth: npt.NDArray[np.float64], precision: float
) -> DecisionThreshold:
    """As `fit_decision_threshold`, from certainties (R) and realised signs (R), NaN where undefined."""
    fewest = fewest_calls(precision)
    most = int((np.isfinite(truth) & (certainty != 0)).sum())
    enough = STEADY * fewest if most >= STEADY * fewest else fewest
    proven, calls = NEVER, Calls(0, 0, int(np.isfinite(truth).sum()))
    for threshold in THRESHOLDS[::-1]:
        classes = (certainty > threshold).astype(np.int64) - (certainty < -threshold).astype(np.int64)
        counted = count_calls(classes, truth)
        if counted.called < enough:
            continue
        if counted.wilson(BEYOND_CHANCE)[0] < precision:
            return DecisionThreshold(proven, calls, counted, fewest)
        proven, calls = float(threshold), counted
    return DecisionThreshold(proven, calls, None, fewest)


def fit_conformal_scale(model: Forecaster, rows: Batch, coverage: float, device: torch.device | None = None) -> Tensor:
    """Factors of the distance from the median to the outer quantiles: (buckets of length, 2), below and above.

    Args:
        model: its own scale has no effect.
        rows: calibration rows.
        coverage: target share of weeks inside the band; the others are divided evenly between both sides.
        device: of the model.
    """
    parts = [
        _conformity_scores(forecast, rows.future[CHUNK * part :][:CHUNK])
        for part, forecast in enumerate(_forecasts(model, rows, device))
    ]
    buckets = np.concatenate([bucket for bucket, _ in parts])
    scores = np.concatenate([score for _, score in parts])  # (R, H, 2)
    scale = torch.ones(len(LENGTHS) + 1, 2)
    for bucket in range(len(LENGTHS) + 1):
        of_bucket = scores[buckets == bucket]
        if len(of_bucket) < FEWEST:
            continue
        weeks = of_bucket.reshape(-1, 2)
        level = min(1.0, np.ceil((len(weeks) + 1) * (1 + coverage) / 2) / len(weeks))
        scale[bucket] = torch.from_numpy(np.quantile(weeks, level, axis=0, method="higher"))
    return scale.clamp(*CONFORMAL_SCALE_LIMITS)


def _conformity_scores(
    forecast: Distribution, future: npt.NDArray[np.float32]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Length bucket of each row (R), and its errors below and above the median in distances of the band (R, H, 2)."""
    alive = forecast.scaled.factor[:, 0] > 0
    levels = forecast.levels[alive]
    actual = torch.from_numpy(future).to(levels.device)[alive] / forecast.scaled.factor[alive]
    median = levels[..., MEDIAN]
    below = (median - actual) / (median - levels[..., 0]).clamp(min=SMALLEST_BAND)
    above = (actual - median) / (levels[..., -1] - median).clamp(min=SMALLEST_BAND)
    return forecast.length_bucket[alive].cpu().numpy(), torch.stack([below, above], dim=-1).double().cpu().numpy()


@torch.no_grad()
def _forecasts(model: Forecaster, rows: Batch, device: torch.device | None) -> list[Distribution]:
    forecasts = []
    for start in range(0, len(rows), CHUNK):
        inputs = rows.rows(slice(start, start + CHUNK)).inputs()
        forecasts.append(model.distribution(*(torch.from_numpy(array).to(device) for array in inputs.values())))
    return forecasts
