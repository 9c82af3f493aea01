"""What the trunk is told of a history: the series, its changes, the experts' opinions and their past errors.

B rows, T = 208 weeks, G = 52 groups of four weeks, E = 58 experts.
"""

from typing import Final

import torch
from torch import Tensor

from hemline_trainer.climate import CLIMATE_NAMES, season_phase
from hemline_trainer.expert_rules import NAMES
from hemline_trainer.experts import Opinions
from hemline_trainer.scaling import WINDOW, Scaled, symlog
from hemline_trainer.vocabulary import CONTEXT, HORIZON, YEAR

PATCH: Final = 4
"""Weeks of a patch."""

GROUPS: Final = CONTEXT // PATCH
LEVEL_EXPERTS: Final = 8
"""The first experts need no season; the others count as the driver "season"."""

VOLUME_FEATURES: Final = CONTEXT + GROUPS + WINDOW - 1 + 7 * LEVEL_EXPERTS + 10
CALENDAR_FEATURES: Final = 6
EXPERTS: Final = (*NAMES, *CLIMATE_NAMES)
"""All experts in the order of their axis."""

SEASON_FEATURES: Final = 7 * (len(EXPERTS) - LEVEL_EXPERTS)


def volume_features(series: Scaled, distance: Tensor) -> Tensor:
    """The series itself, its recent changes, how much and how steady a history there is: (B, 208 + 52 + 103 + 10)."""
    seen = torch.unflatten(series.mask, -1, (GROUPS, PATCH)).mean(-1)
    zero = ((series.series == 0).float() * series.mask).mean(-1, keepdim=True)
    logs = torch.cat(
        [
            0.01 * series.observed,
            series.roughness / (series.spread + series.unit),
            series.spread,
            series.unit,
        ],
        dim=-1,
    )
    flags = torch.cat(
        [
            (logs + 0.01).log(),
            symlog(series.location),
            zero,
            series.observed_year / YEAR,
            series.observed_quarter / HORIZON,
            series.non_negative,
            (series.factor > 0).float(),
        ],
        dim=-1,
    )
    return torch.cat([distance, seen, symlog(series.change / series.unit), flags], dim=-1)


def opinion_features(series: Scaled, opinions: Opinions) -> tuple[Tensor, Tensor]:
    """Per expert its mean, slope, four back-test errors and validity: (B, 7 · 8) and (B, 7 · (E - 8))."""
    valid = opinions.valid.float()
    spread = series.spread + series.unit
    forecast = opinions.forecast
    mean = symlog((forecast.mean(1) - series.location) / spread)
    slope = symlog((forecast[:, -1] - forecast[:, 0]) / spread)
    error = torch.where(opinions.tested, (opinions.error / series.unit.unsqueeze(-1) + 0.1).log() - 1.0, 2.0)
    said = torch.stack([mean * valid, slope * valid, valid], dim=1)  # (B, 3, E)
    features = torch.cat([said, error], dim=1)  # (B, 7, E)
    return features[..., :LEVEL_EXPERTS].flatten(1), features[..., LEVEL_EXPERTS:].flatten(1)


def calendar_features(last_week: Tensor, observed: Tensor) -> Tensor:
    """The time of the year as three waves, fading to nothing as a history grows to a year: (B, 6).

    Args:
        last_week: int64 (B), days since 1970-01-01.
        observed: (B, 1), observed weeks.
    """
    phase = season_phase(last_week).unsqueeze(-1)
    angles = phase * torch.arange(1, CALENDAR_FEATURES // 2 + 1, device=phase.device)
    return torch.cat([angles.sin(), angles.cos()], dim=-1) * (1.0 - observed / YEAR).clamp(min=0.0)
