"""What training minimises: pinball losses in units of an ordinary surprise, for every week and for the mean.

B rows, H = 13 steps, Q = 9 levels.
"""

from typing import Final

import torch
from torch import Tensor

from hemline_trainer.model.distribution import LEVELS, Distribution
from hemline_trainer.model.scaling import SCALED_LIMIT

MEAN_WEIGHT: Final = 0.3
"""Share of the loss of the horizon mean beside that of the weeks."""


def pinball(levels: Tensor, actual: Tensor) -> Tensor:
    """Mean pinball loss over the levels: (…, Q) and (…) give (…)."""
    quantiles = torch.tensor(LEVELS, dtype=levels.dtype, device=levels.device)
    gap = actual.unsqueeze(-1) - levels
    return torch.maximum(quantiles * gap, (quantiles - 1.0) * gap).mean(-1)


def forecast_loss(forecast: Distribution, future: Tensor) -> Tensor:
    """Mean loss over the rows that count; arguments as in `loss_sum`."""
    return loss_sum(forecast, future) / (forecast.scaled.factor > 0).float().sum().clamp(min=1.0)


def loss_sum(forecast: Distribution, future: Tensor) -> Tensor:
    """Summed loss over rows, log-compressed so that a wild row does not lead.

    Args:
        forecast: of B rows.
        future: (B, H) volumes in their own unit; rows that were all zero so far are left out.
    """
    series = forecast.scaled
    alive = (series.factor > 0).float()
    actual = (future / torch.where(series.factor > 0, series.factor, 1.0)).clamp(-SCALED_LIMIT, SCALED_LIMIT)
    weeks = (pinball(forecast.levels, actual) / series.unit).mean(-1, keepdim=True)  # (B, 1)
    mean = pinball(forecast.mean_levels, actual.mean(-1)).unsqueeze(-1) / series.unit
    each = torch.log1p(weeks) + MEAN_WEIGHT * torch.log1p(mean)
    return (each * alive).sum()
