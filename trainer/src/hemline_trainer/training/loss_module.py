"""What a step computes: the forecaster and its loss as one module, so that it can be spread and compiled as a whole.

A batch may be computed in parts, on one process or on many: the loss of a part is a sum, which is divided by the alive
rows of the whole batch, so that the gradients of the parts add up to those of the batch.
"""

import torch
from torch import Tensor, nn

from hemline_trainer.data.batch import Batch
from hemline_trainer.model.forecaster import Forecaster
from hemline_trainer.model.scaling import cleaned, scaled
from hemline_trainer.training.loss import loss_sum


class Lesson(nn.Module):
    """Gives the summed loss of some rows: what training calls, `distribution`, as the forward pass of a module."""

    def __init__(self, forecaster: Forecaster, precision: str) -> None:
        super().__init__()
        self.forecaster = forecaster
        self.narrow = precision == "bfloat16"

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
        """Summed loss of B rows; arguments as the forecaster's, and (B, H) volumes that came."""
        with torch.autocast(history.device.type, dtype=torch.bfloat16, enabled=self.narrow):
            forecast = self.forecaster.distribution(
                history, observed, last_week, static_ids, image_embedding, has_image
            )
        return loss_sum(forecast, future)


def given(batch: Batch, device: torch.device) -> tuple[Tensor, ...]:
    """The arguments of `forward`; all but the last are those of `distribution`."""
    arrays = (*batch.inputs().values(), batch.future)
    return tuple(torch.from_numpy(array).to(device) for array in arrays)


def alive_rows(batch: Batch) -> int:
    """How many rows count: those that were not all zero so far."""
    with torch.no_grad():
        series = scaled(*cleaned(torch.from_numpy(batch.history[..., 0]), torch.from_numpy(batch.observed[..., 0])))
        return int((series.factor > 0).sum())


def parts(batch: Batch, rank: int, ranks: int, accumulate: int) -> list[Batch]:
    """The rows of one process, in as many parts as it computes one after the other."""
    stride = ranks * accumulate
    return [batch.rows(slice(rank + ranks * part, None, stride)) for part in range(accumulate)]
