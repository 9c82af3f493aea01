"""The predictive distribution: a median for each step, and quantile levels around it that cannot cross.

B rows, H = 13 steps, A = 3 anchors of the horizon, Q = 9 levels, V = 9 drivers, P = 26 patches of four weeks.
"""

from typing import Final, NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from hemline_trainer.contract import CONTEXT, HORIZON
from hemline_trainer.model.scaling import WINDOW, Scaled

LEVELS: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
"""Trained quantile levels; the graph returns the first, the median and the last."""

MEDIAN: Final = len(LEVELS) // 2
"""Index of the median in `LEVELS`."""

ANCHORS: Final = (1, 7, 13)


def _outward() -> Tensor:
    """Sums the gaps between levels outward from the median: (Q - 1, Q) of -1, 0 and 1."""
    gap = torch.arange(len(LEVELS) - 1).unsqueeze(1)
    level = torch.arange(len(LEVELS))
    below = -((gap < MEDIAN) & (level <= gap)).float()
    above = ((gap >= MEDIAN) & (level > gap)).float()
    return below + above


def _between_anchors() -> Tensor:
    """Linear interpolation from the anchors to the steps: (H, A)."""
    steps = torch.arange(1, HORIZON + 1, dtype=torch.float32).unsqueeze(1)
    anchors = torch.tensor(ANCHORS, dtype=torch.float32)
    return (1.0 - (steps - anchors).abs() / (HORIZON - 1) * (len(ANCHORS) - 1)).clamp(min=0.0)


OUTWARD: Final = _outward()
BETWEEN: Final = _between_anchors()


class Distribution(NamedTuple):
    """A forecast in the scale of the series, before conformal scaling.

    Attributes:
        scaled: the scaled history.
        median: (B, H).
        gaps: (B, A + 1, Q - 1) from each level to the next, above 0, in units of the noise scale: at each anchor, and
            for the mean over the horizon.
        variable_weights: (B, V).
        patch_weights: (B, P).
        week_mask: (B, P, 4) 1 where any variable was observed.
        length_bucket: int64 (B), the bucket of history length: 0 up to the first of `forecaster.LENGTHS`.
    """

    scaled: Scaled
    median: Tensor
    gaps: Tensor
    variable_weights: Tensor
    patch_weights: Tensor
    week_mask: Tensor
    length_bucket: Tensor

    @property
    def levels(self) -> Tensor:
        """All levels of each week, ordered: (B, H, Q)."""
        return self.median.unsqueeze(-1) + self.distances(OUTWARD)

    @property
    def mean_levels(self) -> Tensor:
        """All levels of the mean over the horizon, ordered: (B, Q); they have gaps of their own."""
        return self.median.mean(-1, keepdim=True) + self.mean_distances(OUTWARD)

    @property
    def week_weights(self) -> Tensor:
        """Each patch's attention weight, divided among its observed weeks: (B, T), sum 1 in every row."""
        weeks = self.week_mask + (1.0 - self.week_mask.amax((1, 2), keepdim=True))  # all weeks of an empty history
        share = self.patch_weights / weeks.sum(-1).clamp(min=1.0)  # (B, P)
        return F.pad((weeks * share.unsqueeze(-1)).flatten(1), (CONTEXT - WINDOW, 0))

    def distances(self, outward: Tensor) -> Tensor:
        """Signed distances of the levels selected by (Q - 1, L) from the median of each step: (B, H, L)."""
        anchors = (self.gaps[:, :-1] @ outward.to(self.gaps)) * self.scaled.noise_scale.unsqueeze(-1)
        return BETWEEN.to(anchors) @ anchors

    def mean_distances(self, outward: Tensor) -> Tensor:
        """Signed distances of the levels selected by (Q - 1, L) from the median of the mean: (B, L)."""
        return (self.gaps[:, -1] @ outward.to(self.gaps)) * self.scaled.noise_scale
