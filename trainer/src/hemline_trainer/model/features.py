"""What the trunk is told of a history: the series, its changes, the experts' opinions and their past errors.

B rows, T = 208 weeks, G = 52 groups of four weeks, E = 63 experts.
"""

from typing import Final

import torch
from torch import Tensor
from torch.nn import functional as F

from hemline_trainer.contract import CONTEXT, HORIZON, YEAR
from hemline_trainer.model.experts.climate import CALENDAR_FEATURES, CLIMATE_NAMES
from hemline_trainer.model.experts.forecasts import Opinions
from hemline_trainer.model.experts.rules import NAMES
from hemline_trainer.model.scaling import WINDOW, Scaled, symlog

PATCH: Final = 4
"""Weeks of a patch."""

GROUPS: Final = CONTEXT // PATCH
LEVEL_EXPERTS: Final = 8
"""The first experts need no season; the others, drifts over years among them, count as the driver "season"."""

VOLUME_FEATURES: Final = CONTEXT + GROUPS + WINDOW - 1 + 7 * LEVEL_EXPERTS + 11
EXPERTS: Final = (*NAMES, *CLIMATE_NAMES)
"""All experts in the order of their axis."""

SEASON_FEATURES: Final = 7 * (len(EXPERTS) - LEVEL_EXPERTS) + CALENDAR_FEATURES
UNTESTED: Final = 1.0
"""The logarithm of the error, in units, that stands for one that is not known: above most."""


def volume_features(series: Scaled) -> tuple[Tensor, Tensor]:
    """The series itself, its recent changes, how much and how steady a history there is.

    Returns:
        The window as compressed distances from the location (B, 104), and all features (B, 208 + 52 + 103 + 11).
    """
    spread = series.spread + series.unit
    compressed = symlog(
        torch.cat(
            [series.away / spread, series.change / series.unit, series.location],
            dim=-1,
        )
    )
    seen = torch.unflatten(series.mask, -1, (GROUPS, PATCH)).mean(-1)
    sizes = torch.cat([0.01 * series.counts[:, -1:], series.roughness / spread, series.spread, series.unit], dim=-1)
    lengths = torch.tensor((HORIZON, YEAR, WINDOW, CONTEXT), device=seen.device)
    nothing = (series.series == 0).float().mean(-1, keepdim=True)  # zero or unobserved
    flags = [nothing, series.counts / lengths, series.non_negative.float()]
    return compressed[:, CONTEXT - WINDOW : CONTEXT], torch.cat(
        [compressed, seen, (sizes + 0.01).log(), *flags], dim=-1
    )


def opinion_features(series: Scaled, opinions: Opinions) -> tuple[Tensor, Tensor, Tensor]:
    """What the experts say and how they did.

    Returns:
        Their logarithmic errors above `UNTESTED` (B, 4, E), 0 where unknown, and per expert its mean, its slope, its
        validity and these four, of the level experts (B, 7 · 8) and of the others (B, 7 · (E - 8)).
    """
    missed = ((opinions.error / series.unit.unsqueeze(-1) + 0.1).log() - UNTESTED) * opinions.tested
    path = _summary(opinions.forecast) @ opinions.forecast  # (B, 2, E): mean and slope
    centre = F.pad(series.location, (0, 1)).unsqueeze(-1)  # a slope has none
    valid = opinions.valid.unsqueeze(1)
    said = symlog((path - centre) / (series.spread + series.unit).unsqueeze(-1)) * valid
    everything = torch.cat([said, valid, missed], dim=1)
    level, seasonal = torch.split(everything, [LEVEL_EXPERTS, len(EXPERTS) - LEVEL_EXPERTS], dim=-1)
    return missed, level.flatten(1), seasonal.flatten(1)


def _summary(like: Tensor) -> Tensor:
    """Takes the mean of a path and its way from the first to the last step: (2, H)."""
    rows = torch.zeros(2, HORIZON, dtype=like.dtype, device=like.device)
    rows[0] = 1 / HORIZON
    rows[1, 0], rows[1, -1] = -1.0, 1.0
    return rows
