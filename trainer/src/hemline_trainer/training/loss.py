"""The training loss: pinball losses in noise scales, of every step and of the horizon mean.

A batch may be computed in micro-batches, in one process or in several. The loss of a micro-batch is a sum over its
rows, divided by the counted rows of the whole batch, so that the gradients add up to those of the whole batch.

B rows, H = 13 steps, Q = 9 levels.
"""

from typing import Final

import torch
from torch import Tensor, nn

from hemline_trainer.data.batch import Batch
from hemline_trainer.model.distribution import LEVELS, Distribution
from hemline_trainer.model.forecaster import Forecaster
from hemline_trainer.model.scaling import SCALED_LIMIT, cleaned, scaled

MEAN_WEIGHT: Final = 0.3
"""Weight of the loss of the horizon mean; the steps have weight 1."""


class LossModule(nn.Module):
    """The forecaster and its summed loss as one module, so that both are wrapped and compiled together."""

    def __init__(self, forecaster: Forecaster, precision: str) -> None:
        super().__init__()
        self.forecaster = forecaster
        self.reduced = precision == "bfloat16"

    def forward(
        self,
        history: Tensor,
        observed: Tensor,
        last_week: Tensor,
        static_ids: Tensor,
        image_embedding: Tensor,
        has_image: Tensor,
        future: Tensor,
    ) -> Tensor:
        """Summed loss of B rows; arguments as the forecaster's, and the actual volumes (B, H)."""
        with torch.autocast(history.device.type, dtype=torch.bfloat16, enabled=self.reduced):
            forecast = self.forecaster.distribution(
                history, observed, last_week, static_ids, image_embedding, has_image
            )
        return loss_sum(forecast, future)


def pinball(levels: Tensor, actual: Tensor) -> Tensor:
    """Mean pinball loss over the levels: (…, Q) and (…) give (…)."""
    quantiles = torch.tensor(LEVELS, dtype=levels.dtype, device=levels.device)
    gap = actual.unsqueeze(-1) - levels
    return torch.maximum(quantiles * gap, (quantiles - 1.0) * gap).mean(-1)


def forecast_loss(forecast: Distribution, future: Tensor) -> Tensor:
    """Mean loss over the counted rows; arguments as in `loss_sum`."""
    return loss_sum(forecast, future) / (forecast.scaled.factor > 0).float().sum().clamp(min=1.0)


def loss_sum(forecast: Distribution, future: Tensor) -> Tensor:
    """Summed loss over rows; log1p bounds the influence of outliers.

    Args:
        forecast: of B rows.
        future: (B, H) actual volumes in their own unit; rows with an all-zero history are not counted.
    """
    series = forecast.scaled
    alive = (series.factor > 0).float()
    actual = (future / torch.where(series.factor > 0, series.factor, 1.0)).clamp(-SCALED_LIMIT, SCALED_LIMIT)
    steps = (pinball(forecast.levels, actual) / series.noise_scale).mean(-1, keepdim=True)  # (B, 1)
    mean = pinball(forecast.mean_levels, actual.mean(-1)).unsqueeze(-1) / series.noise_scale
    rows = torch.log1p(steps) + MEAN_WEIGHT * torch.log1p(mean)
    return (rows * alive).sum()


def tensors(batch: Batch, device: torch.device) -> tuple[Tensor, ...]:
    """The arguments of `LossModule.forward`; all but the last are those of `Forecaster.distribution`."""
    arrays = (*batch.inputs().values(), batch.future)
    return tuple(torch.from_numpy(array).to(device) for array in arrays)


def counted_rows(batch: Batch) -> int:
    """Rows in the loss: those whose history is not all zero."""
    with torch.no_grad():
        series = scaled(*cleaned(torch.from_numpy(batch.history[..., 0]), torch.from_numpy(batch.observed[..., 0])))
        return int((series.factor > 0).sum())


def micro_batches(batch: Batch, rank: int, world_size: int, accumulate: int) -> list[Batch]:
    """The rows of one process, as `accumulate` batches."""
    stride = world_size * accumulate
    return [batch.rows(slice(rank + world_size * part, None, stride)) for part in range(accumulate)]
