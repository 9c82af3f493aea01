"""A network of the literature as a forecaster: scaling, quantile ordering and loss, common to all of them.

    history ─▶ scaled by its own last 104 weeks ─▶ body ─▶ ordered levels ─▶ unit of the volume

No expert or baseline is involved, so that a difference from the forecaster measures their contribution.

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
    """A network as published."""

    def __call__(self, weeks: Tensor, mask: Tensor, static_ids: Tensor, image: Tensor) -> Tensor:
        """Returns (B, H, Q) values, which `ordered` turns into levels.

        Args:
            weeks: (B, T, V) centred variables, 0 where unobserved.
            mask: (B, T, V) 1 where observed.
            static_ids: int64 (B, 3), 0 = unknown.
            image: (B, 64), 0 without an image.
        """


class LevelForecast(NamedTuple):
    """A forecast in the scale of the series.

    Attributes:
        scaled: the scaled history.
        levels: (B, H, Q) ordered along Q.
    """

    scaled: Scaled
    levels: Tensor


class Competitor(nn.Module):
    """A body with scaled input and output in the unit of the volume.

    Attributes:
        learned: training steps and rows per step.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.body = BODIES[name]()
        self.learned: Tensor
        self.register_buffer("learned", torch.zeros(2, dtype=torch.int64))

    def forward(
        self, history: Tensor, observed: Tensor, static_ids: Tensor, image_embedding: Tensor, has_image: Tensor
    ) -> LevelForecast:
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
        return LevelForecast(series, levels)


def ordered(raw: Tensor) -> Tensor:
    """Maps a median and gaps outward from it (B, H, Q) to ordered levels."""
    median, gaps = raw[..., :1], F.softplus(raw[..., 1:] - 1.0)
    below = gaps[..., :MEDIAN].flip(-1).cumsum(-1).flip(-1)
    above = gaps[..., MEDIAN:].cumsum(-1)
    return torch.cat([median - below, median, median + above], dim=-1)


def competitor_loss(forecast: LevelForecast, future: Tensor) -> Tensor:
    """Mean loss over rows with a non-zero history: the forecaster's, without the term of the horizon mean.

    Args:
        forecast: of B rows.
        future: (B, H) actual volumes.
    """
    series = forecast.scaled
    alive = (series.factor > 0).float()
    actual = (future / torch.where(series.factor > 0, series.factor, 1.0)).clamp(-SCALED_LIMIT, SCALED_LIMIT)
    weeks = (pinball(forecast.levels, actual) / series.noise_scale).mean(-1, keepdim=True)
    return (torch.log1p(weeks) * alive).sum() / alive.sum().clamp(min=1.0)


def tensors(rows: Batch) -> tuple[Tensor, ...]:
    """The arguments of a competitor's `forward`."""
    arrays = (rows.history, rows.observed, rows.static_ids, rows.image_embedding, rows.has_image)
    return tuple(torch.from_numpy(array) for array in arrays)


def medians(competitor: Competitor, rows: Batch) -> Array:
    """Median forecasts (R, H) in the unit of the volume, at least 0 where the history is."""
    parts = []
    for start in range(0, len(rows), CHUNK):
        with torch.no_grad():
            series, levels = competitor(*tensors(rows.rows(slice(start, start + CHUNK))))
        median = levels[..., MEDIAN]
        median = torch.where(series.non_negative, F.relu(median), median) * series.factor
        parts.append(median.numpy().astype(np.float64))
    return np.concatenate(parts)
