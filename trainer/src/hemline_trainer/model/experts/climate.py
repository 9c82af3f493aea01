"""Experts for histories under a year: a level plus a yearly wave that peaks at midsummer or midwinter.

Most fashion follows the weather, so the date says what a short history cannot: the phase of the wave is given, and its
height, of either sign, is a ridge regression (Hoerl and Kennard 1970) of the history on it; so both halves of the world
fit. From a year of observed weeks on these experts stay silent: the history shows its own season.

B rows, T = 208 weeks (the last is the newest), H = 13 steps, C = 6 experts.
"""

import math
from typing import Final, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from hemline_trainer.contract import CONTEXT, HORIZON, YEAR
from hemline_trainer.data.synthetic.seasons import MIDSUMMER
from hemline_trainer.model.experts.forecasts import Opinions
from hemline_trainer.model.experts.rules import EXPERT_LIMIT

RIDGES: Final = (0.5, 2.0, 8.0)
"""Penalties of the wave's height, in weeks at the wave's peak."""

RECENT: Final = 4
"""Weeks whose mean anchors half of the experts; the mean of all weeks anchors the others."""

FEWEST: Final = 3
"""Observed weeks that show a slope."""

DAYS_OF_FOUR_YEARS: Final = 1461

WAVES: Final = 3
"""Harmonics of the year in the calendar."""

CALENDAR_FEATURES: Final = 2 * WAVES

CLIMATE_NAMES: Final = tuple(f"climate{anchor}_ridge{ridge:g}" for anchor in ("", "_recent") for ridge in RIDGES)


class Weather(NamedTuple):
    """What the date says of a history.

    Attributes:
        forecast: (B, H, C) of each expert, in the scale of the series; 0 where it may not speak.
        valid: (B, C) 1 where it may.
        calendar: (B, 6) the time of the year as three waves.
    """

    forecast: Tensor
    valid: Tensor
    calendar: Tensor


class Climate(nn.Module):
    """Asks the experts of the weather. Holds constants only, nothing is learned."""

    def __init__(self) -> None:
        super().__init__()
        back = 2 * math.pi / YEAR * torch.arange(CONTEXT - 1, -1, -1, dtype=torch.float32)
        recent = torch.zeros(CONTEXT, 1)
        recent[-RECENT:] = 1.0
        once = torch.stack([torch.ones(CONTEXT), back.cos(), back.sin()], dim=1)
        twice = torch.stack([(2 * back).cos(), (2 * back).sin()], dim=1)
        turns, starts = _angles()
        self.weighed: Tensor
        self.turns: Tensor
        self.starts: Tensor
        self.sums: Tensor
        self.ridges: Tensor
        self.register_buffer("weighed", torch.cat([once, twice, recent * once], dim=1), persistent=False)
        self.register_buffer("turns", turns, persistent=False)
        self.register_buffer("starts", starts, persistent=False)
        self.register_buffer("sums", _sums(), persistent=False)
        self.register_buffer("ridges", torch.tensor(RIDGES), persistent=False)

    def forward(self, series: Tensor, mask: Tensor, last_week: Tensor) -> Weather:
        """Asks every expert.

        Args:
            series: float32 (B, T), scaled, 0 where unobserved.
            mask: float32 (B, T), 1 where observed.
            last_week: int64 (B), days since 1970-01-01.
        """
        days = (last_week % DAYS_OF_FOUR_YEARS).float().unsqueeze(-1)
        angles = (days * self.turns + self.starts).cos()
        turned, coming, calendar = torch.split(angles, [len(self.sums), HORIZON, CALENDAR_FEATURES], dim=-1)
        # Each pair is of all weeks and of the recent ones; the wave of a week is cos(phase - back).
        totals = torch.stack([mask, series], dim=1) @ self.weighed * turned.unsqueeze(1) @ self.sums  # (B, 2, 5)
        counts, waves, squares, totals, products, _ = torch.split(
            totals.reshape(-1, 1, 10, 1), [2, 2, 1, 2, 2, 1], dim=2
        )
        some = counts.clamp(min=1.0)
        levels, means = totals / some, waves / some  # (B, 1, 2, 1)
        size = (squares - (waves * means)[:, :, :1]).clamp(min=0.0)
        shared = (products - waves * levels)[:, :, :1]
        height = shared / (size + self.ridges)  # (B, 1, 1, R)
        said = (levels + (coming[:, :, None, None] - means) * height).flatten(2)  # (B, H, C)
        weeks, recent = torch.split(counts.flatten(2), 1, dim=-1)
        young = (weeks >= FEWEST) & (weeks < YEAR)
        fresh = young & (recent > 0)
        valid = torch.cat([young] * len(RIDGES) + [fresh] * len(RIDGES), dim=-1).float()  # (B, 1, C)
        return Weather((said * valid).clamp(-EXPERT_LIMIT, EXPERT_LIMIT), valid.squeeze(1), calendar)


def _angles() -> tuple[Tensor, Tensor]:
    """Turns per day and starts of all angles whose cosines are taken.

    They are those of the eight sums, of the coming weeks, and of the calendar's sines and cosines, all counted from
    midsummer of the north.
    """
    quarter = -math.pi / 2  # makes a sine of a cosine
    ahead = 2 * math.pi / YEAR * torch.arange(1, HORIZON + 1, dtype=torch.float64)
    harmonics = torch.arange(1.0, WAVES + 1, dtype=torch.float64)
    times = torch.cat([torch.tensor([0.0, 1, 1, 2, 2, 0, 1, 1]), torch.ones(HORIZON), harmonics, harmonics])
    moved = torch.cat([quarter * torch.tensor([0.0, 0, 1, 0, 1, 0, 0, 1]), ahead, torch.full((WAVES,), quarter)])
    starts = F.pad(moved, (0, WAVES)) - 2 * math.pi * MIDSUMMER / YEAR * times
    return (times * (8 * math.pi / DAYS_OF_FOUR_YEARS)).float(), starts.float()


def _sums() -> Tensor:
    """Adds the eight turned sums up to weeks, recent weeks, their waves, and the squares of the wave: (8, 5)."""
    sums = torch.zeros(8, 5)
    sums[0, 0] = sums[5, 1] = 1.0
    sums[1:3, 2] = sums[6:, 3] = 1.0
    sums[0, 4] = sums[3:5, 4] = 0.5  # cos² x = (1 + cos 2x) / 2
    return sums


def joined(opinions: Opinions, weather: Weather) -> Opinions:
    """Adds experts whose past errors are not known."""
    added = (0, len(CLIMATE_NAMES))
    return Opinions(
        forecast=torch.cat([opinions.forecast, weather.forecast], dim=-1),
        valid=torch.cat([opinions.valid, weather.valid], dim=-1),
        error=F.pad(opinions.error, added),
        tested=F.pad(opinions.tested, added),
    )
