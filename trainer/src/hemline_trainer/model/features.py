"""Input features of the trunk: the series, its changes, the expert forecasts and their back-test errors.

B rows, T = 208 weeks, G = 52 groups of four weeks, E = 63 experts.
"""

from typing import Final

import torch
from torch import Tensor
from torch.nn import functional as F

from hemline_trainer.contract import CONTEXT, HORIZON, YEAR
from hemline_trainer.model.experts.climate import CALENDAR_FEATURES, CLIMATE_NAMES
from hemline_trainer.model.experts.forecasts import ExpertForecasts
from hemline_trainer.model.experts.rules import NAMES
from hemline_trainer.model.scaling import WINDOW, Scaled, symlog

PATCH: Final = 4
"""Weeks in a patch."""

GROUPS: Final = CONTEXT // PATCH
LEVEL_EXPERTS: Final = 8
"""Number of leading experts without a season; the others belong to the driver "season"."""

VOLUME_FEATURES: Final = CONTEXT + GROUPS + WINDOW - 1 + 7 * LEVEL_EXPERTS + 11
EXPERTS: Final = (*NAMES, *CLIMATE_NAMES)
"""All experts in the order of their axis."""

SEASON_FEATURES: Final = 7 * (len(EXPERTS) - LEVEL_EXPERTS) + CALENDAR_FEATURES
UNTESTED_LOG_ERROR: Final = 1.0
"""Log back-test error, in noise scales, imputed where none is known; above most."""


def volume_features(series: Scaled) -> tuple[Tensor, Tensor]:
    """The series, its recent changes, and the length and noise of the history.

    Returns:
        The window as compressed distances from the location (B, 104), and all features (B, 208 + 52 + 103 + 11).
    """
    spread = series.spread + series.noise_scale
    compressed = symlog(
        torch.cat(
            [series.away / spread, series.change / series.noise_scale, series.location],
            dim=-1,
        )
    )
    observed_share = torch.unflatten(series.mask, -1, (GROUPS, PATCH)).mean(-1)
    scales = torch.cat(
        [0.01 * series.counts[:, -1:], series.roughness / spread, series.spread, series.noise_scale], dim=-1
    )
    lengths = torch.tensor((HORIZON, YEAR, WINDOW, CONTEXT), device=observed_share.device)
    zero_share = (series.series == 0).float().mean(-1, keepdim=True)  # zero or unobserved
    flags = [zero_share, series.counts / lengths, series.non_negative.float()]
    return compressed[:, CONTEXT - WINDOW : CONTEXT], torch.cat(
        [compressed, observed_share, (scales + 0.01).log(), *flags], dim=-1
    )


def expert_features(series: Scaled, expert_forecasts: ExpertForecasts) -> tuple[Tensor, Tensor, Tensor]:
    """Forecasts and back-test errors of the experts.

    Returns:
        Their log errors less `UNTESTED_LOG_ERROR` (B, 4, E), 0 where unknown, and seven features per expert (mean,
        slope, validity and these four errors) of the level experts (B, 7 · 8) and of the others (B, 7 · (E - 8)).
    """
    log_errors = (
        (expert_forecasts.backtest_error / series.noise_scale.unsqueeze(-1) + 0.1).log() - UNTESTED_LOG_ERROR
    ) * expert_forecasts.backtested
    summary = _summary(expert_forecasts.forecast) @ expert_forecasts.forecast  # (B, 2, E): mean and slope
    centre = F.pad(series.location, (0, 1)).unsqueeze(-1)  # a slope has none
    valid = expert_forecasts.valid.unsqueeze(1)
    shifts = symlog((summary - centre) / (series.spread + series.noise_scale).unsqueeze(-1)) * valid
    features = torch.cat([shifts, valid, log_errors], dim=1)
    level, seasonal = torch.split(features, [LEVEL_EXPERTS, len(EXPERTS) - LEVEL_EXPERTS], dim=-1)
    return log_errors, level.flatten(1), seasonal.flatten(1)


def _summary(like: Tensor) -> Tensor:
    """Maps a path to its mean and its change from the first to the last step: (2, H)."""
    rows = torch.zeros(2, HORIZON, dtype=like.dtype, device=like.device)
    rows[0] = 1 / HORIZON
    rows[1, 0], rows[1, -1] = -1.0, 1.0
    return rows
