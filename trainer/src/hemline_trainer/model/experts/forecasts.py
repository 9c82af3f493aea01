"""The statistical experts: 57 simple forecasts of one series and how well each did on its own past.

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

from hemline_trainer.contract import CONTEXT, HORIZON
from hemline_trainer.model.experts.rules import (
    EXPERT_LIMIT,
    FADING,
    LEVEL_WINDOWS,
    NAMES,
    OBSERVED_SHARE,
    ORIGINS,
    RATIO_LIMITS,
    RATIOS,
    SEASONS,
    Rules,
    Windows,
)


class Opinions(NamedTuple):
    """What the experts say.

    Attributes:
        forecast: (B, H, E) in the scale of the series; 0 where an expert has too little to go on.
        valid: (B, E) 1 where an expert may speak; at least one may in every row.
        error: (B, O - 1, E) mean absolute error at the past origins, oldest first; 0 where unknown.
        tested: (B, O - 1, E) 1 where that error is known.
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
        self.ratio_wants: Tensor
        self.levels: Tensor
        self.seasons: Tensor
        self.filling: Tensor
        self.factors: Tensor
        self.unmoved: Tensor
        self.needs: Tensor
        self.wants: Tensor
        for name, array in {
            "matrix": windows.matrix,
            "needed": windows.needed
            * np.float32(0.999),  # a hair less, so that rounding of a full window never decides
            "ratios": rules.ratios,
            "ratio_needs": rules.ratio_needs,
            "ratio_wants": rules.ratio_needs.sum(0),
            "levels": rules.levels,
            "seasons": rules.seasons,
            "filling": rules.filling,
            "factors": rules.factors[:-1],
            "unmoved": rules.factors[-1],
            "needs": rules.needs,
            "wants": rules.needs.sum(0),
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
        past = len(ORIGINS) - 1
        totals = torch.unflatten(torch.cat([series, mask]) @ self.matrix, -1, (len(ORIGINS), -1))  # (2B, O, W)
        totals = torch.unflatten(totals, 0, (2, -1))
        sums, weights = totals[0], totals[1]  # (B, O, W) each
        enough = weights > self.needed
        known = enough.float()
        means = sums / torch.where(enough, weights, 1.0) * known

        parts = [LEVEL_WINDOWS, SEASONS * HORIZON]
        level, season = torch.split(means, parts, dim=-1)
        level_known, seen = torch.split(known, parts, dim=-1)
        season = torch.unflatten(season, -1, (HORIZON, SEASONS))  # (B, O, H, 2L)
        seen = torch.unflatten(seen, -1, (HORIZON, SEASONS))
        # Weeks of a season that are missing are filled from its smoothed form, and there from its mean.
        missing = 1.0 - seen
        count = seen.sum(2, keepdim=True)
        mean = season.sum(2, keepdim=True) / count.clamp(min=1.0)
        season = season + missing * ((season + missing * mean) @ self.filling)
        season_known = (count > OBSERVED_SHARE * HORIZON).squeeze(2)  # (B, O, 2L)

        now, then = torch.split(level @ self.ratios, len(RATIOS), dim=-1)  # (B, O, 8)
        fine = (level_known @ self.ratio_needs >= self.ratio_wants) & (now > 0) & (then > FADING)
        ratio = torch.where(fine, now / then, 1.0).clamp(*RATIO_LIMITS)
        factor = torch.cat([ratio, ratio.sqrt()], dim=-1) @ self.factors + self.unmoved  # (B, O, E)
        known_all = torch.cat([level_known, season_known.float(), fine.float()], dim=-1)  # (B, O, 34)
        valid = (known_all @ self.needs >= self.wants).float()  # (B, O, E)

        said = torch.unflatten(level @ self.levels, -1, (HORIZON, -1)) + season @ self.seasons  # (B, O, H, E)
        said = said * (factor * valid).unsqueeze(2)
        then_said, forecast = torch.split(said.clamp(-EXPERT_LIMIT, EXPERT_LIMIT), [past, 1], dim=1)
        then_valid, valid = torch.split(valid, [past, 1], dim=1)

        # The weeks after each past origin: one fold of the last year.
        actual = torch.unflatten(series[:, -ORIGINS[0] :], -1, (past, HORIZON, 1))
        after = torch.unflatten(mask[:, -ORIGINS[0] :], -1, (past, 1, HORIZON))
        missed = (after @ (then_said - actual).abs()).squeeze(-2)  # (B, O - 1, E)
        weeks = after.sum(-1)  # (B, O - 1, 1)
        tested = then_valid * (weeks > OBSERVED_SHARE * HORIZON)
        return Opinions(
            forecast=forecast.squeeze(1),
            valid=valid.squeeze(1),
            error=missed / weeks.clamp(min=1.0) * tested,
            tested=tested,
        )
