"""Experts for histories under a year: a level plus a yearly wave that peaks at midsummer or midwinter.

Most fashion follows the weather, so the date says what a short history cannot: the phase of the wave is given, and its
height, of either sign, is a ridge regression (Hoerl and Kennard 1970) of the history on it; so both halves of the world
fit. From a year of observed weeks on these experts stay silent: the history shows its own season.

B rows, T = 208 weeks (the last is the newest), H = 13 steps, C = 6 experts.
"""

import math
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from hemline_trainer.expert_rules import EXPERT_LIMIT
from hemline_trainer.experts import Opinions
from hemline_trainer.seasons import MIDSUMMER
from hemline_trainer.vocabulary import CONTEXT, HORIZON, YEAR

RIDGES: Final = (0.5, 2.0, 8.0)
"""Penalties of the wave's height, in weeks at the wave's peak."""

RECENT: Final = 4
"""Weeks whose mean anchors half of the experts; the mean of all weeks anchors the others."""

FEWEST: Final = 3
"""Observed weeks that show a slope."""

DAYS_OF_FOUR_YEARS: Final = 1461

CLIMATE_NAMES: Final = tuple(f"climate{anchor}_ridge{ridge:g}" for anchor in ("", "_recent") for ridge in RIDGES)


class Climate(nn.Module):
    """Asks the experts of the weather. Holds constants only, nothing is learned."""

    def __init__(self) -> None:
        super().__init__()
        back = 2 * math.pi / YEAR * torch.arange(CONTEXT - 1, -1, -1, dtype=torch.float32)
        recent = torch.zeros(CONTEXT, 1)
        recent[-RECENT:] = 1.0
        ahead = 2 * math.pi / YEAR * torch.arange(1, HORIZON + 1, dtype=torch.float32)
        once = torch.stack([torch.ones(CONTEXT), back.cos(), back.sin()], dim=1)
        twice = torch.stack([(2 * back).cos(), (2 * back).sin()], dim=1)
        self.weighed: Tensor
        self.turns: Tensor
        self.offsets: Tensor
        self.sums: Tensor
        self.ahead: Tensor
        self.ridges: Tensor
        self.register_buffer("weighed", torch.cat([once, twice, recent * once], dim=1), persistent=False)
        self.register_buffer("turns", torch.tensor([0.0, 1.0, 1.0, 2.0, 2.0, 0.0, 1.0, 1.0]), persistent=False)
        quarter = -math.pi / 2  # makes a sine of a cosine
        self.register_buffer("offsets", quarter * torch.tensor([0.0, 0, 1, 0, 1, 0, 0, 1]), persistent=False)
        self.register_buffer("sums", _sums(), persistent=False)
        self.register_buffer("ahead", ahead, persistent=False)
        self.register_buffer("ridges", torch.tensor(RIDGES), persistent=False)

    def forward(self, series: Tensor, mask: Tensor, last_week: Tensor) -> tuple[Tensor, Tensor]:
        """What each expert says (B, H, C), and 1 where it may speak (B, C).

        Args:
            series: float32 (B, T), scaled, 0 where unobserved.
            mask: float32 (B, T), 1 where observed.
            last_week: int64 (B), days since 1970-01-01.
        """
        phase = season_phase(last_week).unsqueeze(-1)  # (B, 1)
        turned = (phase * self.turns + self.offsets).cos()  # (B, 8)
        # Each pair is of all weeks and of the recent ones; the wave of a week is cos(phase - back).
        counts, waves, squares = torch.split(mask @ self.weighed * turned @ self.sums, [2, 2, 1], dim=-1)
        totals, products, _ = torch.split(series @ self.weighed * turned @ self.sums, [2, 2, 1], dim=-1)
        some = counts.clamp(min=1.0)
        levels, means = totals / some, waves / some
        size = (squares - (waves * means)[:, :1]).clamp(min=0.0)
        shared = (products - waves * levels)[:, :1]
        height = shared / (size + self.ridges)  # (B, R)
        still = (levels.unsqueeze(-1) - means.unsqueeze(-1) * height.unsqueeze(1)).flatten(1)  # (B, C)
        coming = (phase + self.ahead).cos().unsqueeze(-1)  # (B, H, 1)
        said = still.unsqueeze(1) + coming * height.repeat(1, 2).unsqueeze(1)
        weeks, recent = torch.split(counts, 1, dim=-1)
        young = (weeks >= FEWEST) & (weeks < YEAR)
        fresh = young & (recent > 0)
        valid = torch.cat([young] * len(RIDGES) + [fresh] * len(RIDGES), dim=-1).float()
        return (said * valid.unsqueeze(1)).clamp(-EXPERT_LIMIT, EXPERT_LIMIT), valid


def _sums() -> Tensor:
    """Adds the eight turned sums up to weeks, recent weeks, their waves, and the squares of the wave: (8, 5)."""
    sums = torch.zeros(8, 5)
    sums[0, 0] = sums[5, 1] = 1.0
    sums[1:3, 2] = sums[6:, 3] = 1.0
    sums[0, 4] = sums[3:5, 4] = 0.5  # cos² x = (1 + cos 2x) / 2
    return sums


def season_phase(last_week: Tensor) -> Tensor:
    """Angle (B) of the time of the year, 0 at midsummer of the north."""
    days = (last_week % DAYS_OF_FOUR_YEARS).float()
    return days * (8 * math.pi / DAYS_OF_FOUR_YEARS) - 2 * math.pi * MIDSUMMER / YEAR


def joined(opinions: Opinions, forecast: Tensor, valid: Tensor) -> Opinions:
    """Adds experts whose past errors are not known."""
    added = (0, valid.shape[-1])
    return Opinions(
        forecast=torch.cat([opinions.forecast, forecast], dim=-1),
        valid=torch.cat([opinions.valid, valid], dim=-1),
        error=F.pad(opinions.error, added),
        tested=F.pad(opinions.tested, added),
    )
