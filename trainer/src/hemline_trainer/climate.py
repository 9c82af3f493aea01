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
SUMS: Final = 9

CLIMATE_NAMES: Final = tuple(f"climate{anchor}_ridge{ridge:g}" for anchor in ("", "_recent") for ridge in RIDGES)


class Climate(nn.Module):
    """Asks the experts of the weather. Holds constants only, nothing is learned."""

    def __init__(self) -> None:
        super().__init__()
        back = 2 * math.pi / YEAR * torch.arange(CONTEXT - 1, -1, -1, dtype=torch.float32)
        cos, sin, one = back.cos(), back.sin(), torch.ones(CONTEXT)
        recent = torch.zeros(CONTEXT)
        recent[-RECENT:] = 1.0
        weighed = torch.stack(
            [one, cos, sin, cos * cos, cos * sin, sin * sin, recent, recent * cos, recent * sin], dim=1
        )
        ahead = 2 * math.pi / YEAR * torch.arange(1, HORIZON + 1, dtype=torch.float32)
        self.weighed: Tensor
        self.ahead: Tensor
        self.ridges: Tensor
        self.register_buffer("weighed", weighed, persistent=False)
        self.register_buffer("ahead", ahead, persistent=False)
        self.register_buffer("ridges", torch.tensor(RIDGES), persistent=False)

    def forward(self, series: Tensor, mask: Tensor, last_week: Tensor) -> tuple[Tensor, Tensor]:
        """What each expert says (B, H, C), and whether it may speak (B, C).

        Args:
            series: float32 (B, T), scaled, 0 where unobserved.
            mask: float32 (B, T), 1 where observed.
            last_week: int64 (B), days since 1970-01-01.
        """
        phase = season_phase(last_week).unsqueeze(-1)  # (B, 1)
        cos, sin = phase.cos(), phase.sin()
        count, c, s, cc, cs, ss, recent, recent_c, recent_s = (mask @ self.weighed).tensor_split(SUMS, dim=-1)
        total, series_c, series_s, _, _, _, recent_total, _, _ = (series @ self.weighed).tensor_split(SUMS, dim=-1)
        count, recent = count.clamp(min=1.0), recent.clamp(min=1.0)
        level = total / count
        wave = (cos * c + sin * s) / count  # mean of the wave over the observed weeks
        size = (cos * cos * cc + 2 * cos * sin * cs + sin * sin * ss - count * wave * wave).clamp(min=0.0)
        shared = cos * series_c + sin * series_s - count * level * wave
        height = (shared / (size + self.ridges)).unsqueeze(1)  # (B, 1, R)
        coming = (phase + self.ahead).cos().unsqueeze(-1)  # (B, H, 1)
        recent_wave = (cos * recent_c + sin * recent_s) / recent
        said = torch.cat(
            [
                level.unsqueeze(1) + height * (coming - wave.unsqueeze(1)),
                (recent_total / recent).unsqueeze(1) + height * (coming - recent_wave.unsqueeze(1)),
            ],
            dim=-1,
        )
        weeks = mask.sum(-1, keepdim=True)
        young = (weeks >= FEWEST) & (weeks < YEAR)
        fresh = young & (mask[:, -RECENT:].amax(-1, keepdim=True) > 0)
        valid = torch.cat([young, fresh], dim=-1).repeat_interleave(len(RIDGES), dim=-1)
        return (said * valid.unsqueeze(1)).clamp(-EXPERT_LIMIT, EXPERT_LIMIT), valid


def season_phase(last_week: Tensor) -> Tensor:
    """Angle (B) of the time of the year, 0 at midsummer of the north."""
    years = (last_week % DAYS_OF_FOUR_YEARS).float() / (DAYS_OF_FOUR_YEARS / 4)
    return 2 * math.pi * (years - MIDSUMMER / YEAR)


def joined(opinions: Opinions, forecast: Tensor, valid: Tensor) -> Opinions:
    """Adds experts whose past errors are not known."""
    untested = torch.zeros_like(valid).unsqueeze(1).expand(-1, opinions.tested.shape[1], -1)
    return Opinions(
        forecast=torch.cat([opinions.forecast, forecast], dim=-1),
        valid=torch.cat([opinions.valid, valid], dim=-1),
        error=torch.cat([opinions.error, untested.float()], dim=-1),
        tested=torch.cat([opinions.tested, untested], dim=-1),
    )
