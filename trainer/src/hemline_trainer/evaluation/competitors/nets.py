"""A net of the literature as a forecaster: what is the same for all of them stands around it.

    history ─▶ scaled by its own last 104 weeks ─▶ body ─▶ levels in order ─▶ unit of the volume

Nothing here knows of experts, seasons or the three lines, so that a difference to the forecaster is theirs.

B rows, T = 208 weeks, V = 4 variables, H = 13 steps, Q = 9 levels.
"""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from hemline_trainer.data.batch import Batch
from hemline_trainer.evaluation.competitors.patch_tst import PatchTST
from hemline_trainer.evaluation.competitors.plain_tft import PlainTFT
from hemline_trainer.model.distribution import MEDIAN
from hemline_trainer.model.scaling import SCALED_LIMIT, Scaled, centred, cleaned, scaled, symlog
from hemline_trainer.training.loss import pinball

Array = npt.NDArray[np.float64]

BODIES: Final[Mapping[str, Callable[[], nn.Module]]] = {"plain-tft": PlainTFT, "patch-tst": PatchTST}
CHUNK: Final = 64


class Body(Protocol):
    """A net as its paper has it."""

    def __call__(self, weeks: Tensor, seen: Tensor, static_ids: Tensor, image: Tensor) -> Tensor:
        """Says (B, H, Q) numbers, of which `ordered` makes levels.

        Args:
            weeks: (B, T, V) variables around 0, 0 where unobserved.
            seen: (B, T, V) 1 where observed.
            static_ids: int64 (B, 3), 0 = unknown.
            image: (B, 64), 0 without an image.
        """


class Said(NamedTuple):
    """A forecast in the scale of the series.

    Attributes:
        scaled: the scaled history.
        levels: (B, H, Q) ordered along Q.
    """

    scaled: Scaled
    levels: Tensor


class Rival(nn.Module):
    """A body that reads scaled weeks and answers in the unit of the volume.

    Attributes:
        learned: the steps that it learned for, and the rows of each.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.body = BODIES[name]()
        self.learned: Tensor
        self.register_buffer("learned", torch.zeros(2, dtype=torch.int64))

    def forward(
        self, history: Tensor, observed: Tensor, static_ids: Tensor, image_embedding: Tensor, has_image: Tensor
    ) -> Said:
        """Levels of B rows; arguments as the forecaster's `distribution`."""
        values, mask = cleaned(history, observed)
        series = scaled(values[..., 0], mask[..., 0])
        spread = series.spread + series.noise_scale
        volume = symlog(series.away / spread)
        side = centred(values[..., 1:], mask[..., 1:])  # (B, T, V - 1)
        weeks = torch.cat([volume.unsqueeze(-1), side], dim=-1)  # (B, T, V)
        image = torch.where(has_image.unsqueeze(-1), image_embedding, 0.0)
        raw = self.body(weeks, mask, static_ids, image)
        levels = series.location.unsqueeze(-1) + spread.unsqueeze(-1) * ordered(raw)
        return Said(series, levels)


def ordered(raw: Tensor) -> Tensor:
    """The median and gaps outward from it (B, H, Q) as levels that cannot cross."""
    median, gaps = raw[..., :1], F.softplus(raw[..., 1:] - 1.0)
    below = gaps[..., :MEDIAN].flip(-1).cumsum(-1).flip(-1)
    above = gaps[..., MEDIAN:].cumsum(-1)
    return torch.cat([median - below, median, median + above], dim=-1)


def rival_loss(said: Said, future: Tensor) -> Tensor:
    """Mean loss over the rows that were not all zero: the forecaster's, without its part for the horizon mean.

    Args:
        said: of B rows.
        future: (B, H) volumes that came.
    """
    series = said.scaled
    alive = (series.factor > 0).float()
    actual = (future / torch.where(series.factor > 0, series.factor, 1.0)).clamp(-SCALED_LIMIT, SCALED_LIMIT)
    weeks = (pinball(said.levels, actual) / series.noise_scale).mean(-1, keepdim=True)
    return (torch.log1p(weeks) * alive).sum() / alive.sum().clamp(min=1.0)


def tensors(rows: Batch) -> tuple[Tensor, ...]:
    """The arguments of a rival's `forward`."""
    arrays = (rows.history, rows.observed, rows.static_ids, rows.image_embedding, rows.has_image)
    return tuple(torch.from_numpy(array) for array in arrays)


def medians(rival: Rival, rows: Batch) -> Array:
    """Middle forecasts (R, H) in the unit of the volume, not below zero where the history never was."""
    parts = []
    for start in range(0, len(rows), CHUNK):
        with torch.no_grad():
            series, levels = rival(*tensors(rows.rows(slice(start, start + CHUNK))))
        middle = levels[..., MEDIAN]
        middle = torch.where(series.non_negative, F.relu(middle), middle) * series.factor
        parts.append(middle.numpy().astype(np.float64))
    return np.concatenate(parts)
