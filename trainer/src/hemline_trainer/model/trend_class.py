"""Trend classes: when the mean of a forecast has left its recent level far enough to be called rising or falling.

B rows, H = 13 steps.
"""

from typing import Final

import torch
from torch import Tensor

from hemline_trainer.model.distribution import LEVELS, OUTWARD, Distribution

SMALLEST_CHANGE: Final = 0.05
"""Relative change below which a trend is stable."""

SMALLEST_BAND: Final = 1e-9
DIRECTIONS: Final = torch.tensor([1.0, -1.0])
"""Rising and falling."""

OPPOSITE: Final = OUTWARD[:, :: len(LEVELS) - 1] * -DIRECTIONS
"""Distance to the outer level on the other side, of a rise and of a fall: (Q - 1, 2)."""


def certainty(median: Tensor, forecast: Distribution) -> Tensor:
    """Signed change of the mean, in distances from the mean to the outer level on the other side: (B).

    The decision threshold applies to it. It is 0 where the change is below `SMALLEST_CHANGE` or the recent level is not
    above zero.

    Args:
        median: (B, H) calibrated medians.
        forecast: of the same rows.
    """
    change, defined = _change(median, forecast)
    large = defined & (change > SMALLEST_CHANGE * forecast.scaled.reference)
    relative = torch.where(large, change / forecast.mean_distances(OPPOSITE).clamp(min=SMALLEST_BAND), 0.0)
    return relative @ DIRECTIONS.to(relative)


def trend_class(median: Tensor, forecast: Distribution, threshold: Tensor) -> Tensor:
    """Falling -1, stable 0, rising 1 (B): the sign of a certainty above the threshold (1); arguments as `certainty`."""
    change, defined = _change(median, forecast)
    bound = threshold * forecast.mean_distances(OPPOSITE)
    called = defined & (change > torch.maximum(bound, SMALLEST_CHANGE * forecast.scaled.reference))
    return (called.to(change) @ DIRECTIONS.to(change)).long()


def _change(median: Tensor, forecast: Distribution) -> tuple[Tensor, Tensor]:
    """Rise and fall of the mean (B, 2), and whether the recent level is above zero (B, 1)."""
    series = forecast.scaled
    change = median.mean(-1, keepdim=True) - series.reference
    return change * DIRECTIONS.to(change), (series.reference > 0) & series.alive
