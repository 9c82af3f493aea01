"""What the forecaster says of a trend: a median for each step, and levels around it that cannot cross.

B rows, H = 13 steps, A = 3 anchors of the horizon, Q = 9 levels, V = 9 drivers, P = patches of weeks.
"""

from typing import Final, NamedTuple

import torch
from torch import Tensor

from hemline_trainer.contract import HORIZON
from hemline_trainer.model.scaling import Scaled

LEVELS: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
"""Trained quantile levels; the graph gives the first, the middle and the last."""

MIDDLE: Final = len(LEVELS) // 2
ANCHORS: Final = (1, 7, 13)


def _outward() -> Tensor:
    """Adds up the gaps between levels outward from the median: (Q - 1, Q) of -1, 0 and 1, so that none can cross."""
    gap = torch.arange(len(LEVELS) - 1).unsqueeze(1)
    level = torch.arange(len(LEVELS))
    below = -((gap < MIDDLE) & (level <= gap)).float()
    above = ((gap >= MIDDLE) & (level > gap)).float()
    return below + above


def _between_anchors() -> Tensor:
    """Linear interpolation from the anchors to the steps: (H, A)."""
    steps = torch.arange(1, HORIZON + 1, dtype=torch.float32).unsqueeze(1)
    anchors = torch.tensor(ANCHORS, dtype=torch.float32)
    return (1.0 - (steps - anchors).abs() / (HORIZON - 1) * (len(ANCHORS) - 1)).clamp(min=0.0)


OUTWARD: Final = _outward()
BETWEEN: Final = _between_anchors()
DIRECTIONS: Final = torch.tensor([1.0, -1.0])
"""Rising and falling."""

AGAINST: Final = OUTWARD[:, :: len(LEVELS) - 1] * -DIRECTIONS
"""How far the outer level is that a rise, and that a fall, would leave behind: (Q - 1, 2)."""


class Distribution(NamedTuple):
    """A forecast in the scale of the series, as the loss sees it.

    Attributes:
        scaled: the scaled history.
        median: (B, H).
        gaps: (B, A + 1, Q - 1) from each level to the next, all above 0, in `unit`: of each anchor, and of the mean.
        variable_weights: (B, V).
        patch_weights: (B, P).
        weeks: (B, P, 4) 1 where anything was observed.
        place: int64 (B), which length of history the row has: 0 up to the first of `LENGTHS`.
    """

    scaled: Scaled
    median: Tensor
    gaps: Tensor
    variable_weights: Tensor
    patch_weights: Tensor
    weeks: Tensor
    place: Tensor

    @property
    def levels(self) -> Tensor:
        """All levels of each week, ordered: (B, H, Q)."""
        return self.median.unsqueeze(-1) + self.distances(OUTWARD)

    @property
    def mean_levels(self) -> Tensor:
        """All levels of the mean over the horizon, ordered: (B, Q); a band of its own around the medians' mean."""
        return self.median.mean(-1, keepdim=True) + self.mean_distances(OUTWARD)

    def distances(self, outward: Tensor) -> Tensor:
        """How far some levels (Q - 1, L) of each week are from its median: (B, H, L)."""
        anchors = (self.gaps[:, :-1] @ outward.to(self.gaps)) * self.scaled.unit.unsqueeze(-1)
        return BETWEEN.to(anchors) @ anchors

    def mean_distances(self, outward: Tensor) -> Tensor:
        """How far some levels (Q - 1, L) of the mean over the horizon are from its median: (B, L)."""
        return (self.gaps[:, -1] @ outward.to(self.gaps)) * self.scaled.unit
