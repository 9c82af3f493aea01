"""Experts for histories under a year: a level plus a yearly wave that peaks at midsummer or midwinter.

Most fashion follows the seasons, so the date supplies the phase that a short history cannot show. The amplitude, of
either sign to fit both hemispheres, is a ridge regression (Hoerl and Kennard 1970) of the history. From a year of
observed weeks on these experts are invalid: the history itself shows its season.

B rows, T = 208 weeks (the last is the newest), H = 13 steps, C = 6 experts.
"""

import math
from typing import Final, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from hemline_trainer.contract import CONTEXT, HORIZON, YEAR
from hemline_trainer.data.synthetic.seasons import MIDSUMMER
from hemline_trainer.model.experts.forecasts import ExpertForecasts
from hemline_trainer.model.experts.rules import EXPERT_LIMIT

RIDGES: Final = (0.5, 2.0, 8.0)
"""Ridge penalties of the amplitude, in weeks at the peak of the wave."""

RECENT: Final = 4
"""Weeks whose mean is the level of half of the experts; the others take the mean of all weeks."""

FEWEST: Final = 3
"""Observed weeks that the regression needs."""

DAYS_OF_FOUR_YEARS: Final = 1461

WAVES: Final = 3
"""Harmonics of the year among the calendar features."""

CALENDAR_FEATURES: Final = 2 * WAVES

CLIMATE_NAMES: Final = tuple(f"climate{anchor}_ridge{ridge:g}" for anchor in ("", "_recent") for ridge in RIDGES)


class ClimateForecasts(NamedTuple):
    """Forecasts and features that depend on the date.

    Attributes:
        forecast: (B, H, C) of each expert, in the scale of the series; 0 where invalid.
        valid: (B, C) 1 where an expert applies.
        calendar: (B, 6) sines and cosines of the time of the year.
    """

    forecast: Tensor
    valid: Tensor
    calendar: Tensor


class ClimateExperts(nn.Module):
    """Computes the climate experts. Holds constants, no trained parameter."""

    def __init__(self) -> None:
        super().__init__()
        back = 2 * math.pi / YEAR * torch.arange(CONTEXT - 1, -1, -1, dtype=torch.float32)
        recent = torch.zeros(CONTEXT, 1)
        recent[-RECENT:] = 1.0
        once = torch.stack([torch.ones(CONTEXT), back.cos(), back.sin()], dim=1)
        twice = torch.stack([(2 * back).cos(), (2 * back).sin()], dim=1)
        speeds, offsets = _phase_coefficients()
        self.window_sums: Tensor
        self.speeds: Tensor
        self.offsets: Tensor
        self.sums: Tensor
        self.ridges: Tensor
        self.register_buffer("window_sums", torch.cat([once, twice, recent * once], dim=1), persistent=False)
        self.register_buffer("speeds", speeds, persistent=False)
        self.register_buffer("offsets", offsets, persistent=False)
        self.register_buffer("sums", _combinations(), persistent=False)
        self.register_buffer("ridges", torch.tensor(RIDGES), persistent=False)

    def forward(self, series: Tensor, mask: Tensor, last_week: Tensor) -> ClimateForecasts:
        """Forecasts of every climate expert.

        Args:
            series: float32 (B, T), scaled, 0 where unobserved.
            mask: float32 (B, T), 1 where observed.
            last_week: int64 (B), days since 1970-01-01.
        """
        days = (last_week % DAYS_OF_FOUR_YEARS).float().unsqueeze(-1)
        angles = (days * self.speeds + self.offsets).cos()
        phases, ahead, calendar = torch.split(angles, [len(self.sums), HORIZON, CALENDAR_FEATURES], dim=-1)
        # Each pair covers all weeks and the recent ones; the wave at a week is cos(phase - back).
        totals = torch.stack([mask, series], dim=1) @ self.window_sums * phases.unsqueeze(1) @ self.sums  # (B, 2, 5)
        counts, waves, squares, totals, products, _ = torch.split(
            totals.reshape(-1, 1, 10, 1), [2, 2, 1, 2, 2, 1], dim=2
        )
        some = counts.clamp(min=1.0)
        levels, means = totals / some, waves / some  # (B, 1, 2, 1)
        variance = (squares - (waves * means)[:, :, :1]).clamp(min=0.0)
        covariance = (products - waves * levels)[:, :, :1]
        amplitude = covariance / (variance + self.ridges)  # (B, 1, 1, R)
        forecast = (levels + (ahead[:, :, None, None] - means) * amplitude).flatten(2)  # (B, H, C)
        weeks, recent = torch.split(counts.flatten(2), 1, dim=-1)
        applicable = (weeks >= FEWEST) & (weeks < YEAR)
        applicable_recent = applicable & (recent > 0)
        valid = torch.cat([applicable] * len(RIDGES) + [applicable_recent] * len(RIDGES), dim=-1).float()  # (B, 1, C)
        return ClimateForecasts((forecast * valid).clamp(-EXPERT_LIMIT, EXPERT_LIMIT), valid.squeeze(1), calendar)


def _phase_coefficients() -> tuple[Tensor, Tensor]:
    """Angular speed per day, and offset, of every angle whose cosine is taken.

    In order: eight window sums, the steps of the horizon, and the calendar's sines and cosines; all counted from
    midsummer of the northern hemisphere.
    """
    quarter = -math.pi / 2  # turns a cosine into a sine
    ahead = 2 * math.pi / YEAR * torch.arange(1, HORIZON + 1, dtype=torch.float64)
    harmonics = torch.arange(1.0, WAVES + 1, dtype=torch.float64)
    times = torch.cat([torch.tensor([0.0, 1, 1, 2, 2, 0, 1, 1]), torch.ones(HORIZON), harmonics, harmonics])
    shifts = torch.cat([quarter * torch.tensor([0.0, 0, 1, 0, 1, 0, 0, 1]), ahead, torch.full((WAVES,), quarter)])
    offsets = F.pad(shifts, (0, WAVES)) - 2 * math.pi * MIDSUMMER / YEAR * times
    return (times * (8 * math.pi / DAYS_OF_FOUR_YEARS)).float(), offsets.float()


def _combinations() -> Tensor:
    """Combines the eight rotated sums into counts (all, recent), waves (all, recent) and squared waves: (8, 5)."""
    sums = torch.zeros(8, 5)
    sums[0, 0] = sums[5, 1] = 1.0
    sums[1:3, 2] = sums[6:, 3] = 1.0
    sums[0, 4] = sums[3:5, 4] = 0.5  # cos² x = (1 + cos 2x) / 2
    return sums


def with_climate(experts: ExpertForecasts, climate: ClimateForecasts) -> ExpertForecasts:
    """Appends the climate experts, which have no back-test."""
    added = (0, len(CLIMATE_NAMES))
    return ExpertForecasts(
        forecast=torch.cat([experts.forecast, climate.forecast], dim=-1),
        valid=torch.cat([experts.valid, climate.valid], dim=-1),
        backtest_error=F.pad(experts.backtest_error, added),
        backtested=F.pad(experts.backtested, added),
    )
