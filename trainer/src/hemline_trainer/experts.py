"""The statistical experts: 52 simple forecasts of one series and how well each did on its own past.

Every window mean that an expert needs is one column of a constant matrix, so a single product of the series and of its
mask with that matrix gives all means under missing weeks. The same experts are run at five origins: today, and one to
four quarters back, where the weeks that followed are known; those give each expert its own back-test error.

B rows, T = 208 weeks (the last is the newest), O = 5 origins, L = 3 season lags, H = 13 steps, E experts.
Series are scaled, so a level near 1 is ordinary.
"""

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from hemline_trainer.expert_rules import (
    EXPERT_LIMIT,
    FADING,
    LAGS,
    LEVEL_WINDOWS,
    NAMES,
    OBSERVED_SHARE,
    ORIGINS,
    RATIO_LIMITS,
    Rules,
    Windows,
)
from hemline_trainer.vocabulary import CONTEXT, HORIZON


class Opinions(NamedTuple):
    """What the experts say.

    Attributes:
        forecast: (B, H, E) in the scale of the series; 0 where an expert has too little to go on.
        valid: (B, E) bool; at least one is true in every row.
        error: (B, O - 1, E) mean absolute error at the past origins, oldest first; 0 where unknown.
        tested: (B, O - 1, E) bool, whether that error is known.
    """

    forecast: Tensor
    valid: Tensor
    error: Tensor
    tested: Tensor


class Experts(nn.Module):
    """Runs every expert at every origin. Holds constants only, nothing is learned."""

    def __init__(self) -> None:
        super().__init__()
        windows, rules = Windows(), Rules()
        self.matrix: Tensor
        self.needed: Tensor
        self.ratios: Tensor
        self.ratio_needs: Tensor
        self.sums: Tensor
        self.factors: Tensor
        self.needs: Tensor
        for name, array in {
            "matrix": windows.matrix,
            "needed": windows.needed
            * np.float32(0.999),  # a hair less, so that rounding of a full window never decides
            "ratios": rules.ratios,
            "ratio_needs": rules.ratio_needs,
            "sums": rules.sums,
            "factors": rules.factors,
            "needs": rules.needs,
        }.items():
            self.register_buffer(name, torch.from_numpy(array), persistent=False)
        assert self.needs.shape[1] == len(NAMES)

    def forward(self, series: Tensor, mask: Tensor) -> Opinions:
        """Asks every expert.

        Args:
            series: float32 (B, T), scaled, 0 where unobserved.
            mask: float32 (B, T), 1 where observed.
        """
        assert series.shape[1] == CONTEXT
        totals = torch.cat([series, mask]) @ self.matrix  # (2B, O · W)
        sums, weights = torch.unflatten(totals, -1, (len(ORIGINS), -1)).tensor_split(2)  # (B, O, W) each
        known = (weights > self.needed).float()
        means = sums / torch.where(weights > self.needed, weights, 1.0) * known

        # Weeks of a season that are missing are filled from its smoothed form, else from its mean.
        shape = (2, len(LAGS), HORIZON)
        season = torch.unflatten(means[:, :, LEVEL_WINDOWS:], -1, shape)  # (B, O, 2, L, H)
        seen = torch.unflatten(known[:, :, LEVEL_WINDOWS:], -1, shape)
        count = seen.sum(-1, keepdim=True)
        season = season + (1.0 - seen) * (season.sum(-1, keepdim=True) / count.clamp(min=1.0))
        smooth = season[:, :, 1:]
        season = torch.cat([seen[:, :, :1] * season[:, :, :1] + (1.0 - seen[:, :, :1]) * smooth, smooth], dim=2)
        season_known = (count > OBSERVED_SHARE * HORIZON).float()
        season = season * season_known

        level, level_known = means[:, :, :LEVEL_WINDOWS], known[:, :, :LEVEL_WINDOWS]
        now, then = (level @ self.ratios).tensor_split(2, dim=-1)  # (B, O, 8)
        lacking = (1.0 - level_known) @ self.ratio_needs
        fine = (lacking == 0) & (now > 0) & (then > FADING)
        ratio = torch.where(fine, now / then, 1.0).clamp(*RATIO_LIMITS)
        factor = torch.cat([ratio, ratio.sqrt(), torch.ones_like(ratio[..., :1])], dim=-1) @ self.factors  # (B, O, E)
        known_all = torch.cat([level_known, season_known.flatten(2), fine.float()], dim=-1)  # (B, O, 34)
        valid = (1.0 - known_all) @ self.needs == 0  # (B, O, E)

        said = torch.cat([level, season.flatten(2)], dim=-1) @ self.sums  # (B, O, H · E)
        said = torch.unflatten(said, -1, (HORIZON, -1))
        forecast = said * (factor * valid).unsqueeze(2)  # (B, O, H, E)
        forecast = forecast.clamp(-EXPERT_LIMIT, EXPERT_LIMIT)

        # The weeks after each past origin: one fold of the last year.
        fold = (len(ORIGINS) - 1, HORIZON)
        actual = torch.unflatten(series[:, -ORIGINS[0] :], -1, fold)  # (B, O - 1, H)
        after = torch.unflatten(mask[:, -ORIGINS[0] :], -1, fold)
        distance = (forecast[:, :-1] - actual.unsqueeze(-1)).abs()  # (B, O - 1, H, E)
        missed = (after.unsqueeze(-2) @ distance).squeeze(-2)  # (B, O - 1, E)
        weeks = after.sum(-1, keepdim=True)  # (B, O - 1, 1)
        tested = valid[:, :-1] & (weeks > OBSERVED_SHARE * HORIZON)
        error = missed / weeks.clamp(min=1.0) * tested
        return Opinions(
            forecast=forecast[:, -1],
            valid=valid[:, -1],
            error=error,
            tested=tested,
        )
