"""The statistical experts: 57 simple forecasts of a series, each with its back-test error on the same series.

Each column of a constant matrix is the window of one mean, so one product of series and mask with that matrix gives all
means under missing weeks. The experts are evaluated at five origins: today, and one to four quarters back, where the
following weeks are known and give the back-test error.

B rows, T = 208 weeks (the last is the newest), O = 5 origins, L = 3 season lags, H = 13 steps, E experts.
Series are scaled to a level near 1.
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


class ExpertForecasts(NamedTuple):
    """Forecasts and back-test errors of the experts.

    Attributes:
        forecast: (B, H, E) in the scale of the series; 0 where invalid.
        valid: (B, E) 1 where the weeks that an expert needs are observed; at least one expert is valid in every row.
        backtest_error: (B, O - 1, E) mean absolute error at the past origins, oldest first; 0 where unknown.
        backtested: (B, O - 1, E) 1 where that error is known.
    """

    forecast: Tensor
    valid: Tensor
    backtest_error: Tensor
    backtested: Tensor


class Experts(nn.Module):
    """Evaluates every expert at every origin. Holds constants, no trained parameter."""

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
            "needed": windows.needed * np.float32(0.999),  # tolerance for rounding of a complete window
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

    def forward(self, series: Tensor, mask: Tensor) -> ExpertForecasts:
        """Forecasts and back-test errors of every expert.

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
        # Missing weeks of a season are filled from its smoothed form, and missing weeks of that from its mean.
        missing = 1.0 - seen
        count = seen.sum(2, keepdim=True)
        mean = season.sum(2, keepdim=True) / count.clamp(min=1.0)
        season = season + missing * ((season + missing * mean) @ self.filling)
        season_known = (count > OBSERVED_SHARE * HORIZON).squeeze(2)  # (B, O, 2L)

        now, then = torch.split(level @ self.ratios, len(RATIOS), dim=-1)  # (B, O, 8)
        defined = (level_known @ self.ratio_needs >= self.ratio_wants) & (now > 0) & (then > FADING)
        ratio = torch.where(defined, now / then, 1.0).clamp(*RATIO_LIMITS)
        factor = torch.cat([ratio, ratio.sqrt()], dim=-1) @ self.factors + self.unmoved  # (B, O, E)
        available = torch.cat([level_known, season_known.float(), defined.float()], dim=-1)  # (B, O, 34)
        valid = (available @ self.needs >= self.wants).float()  # (B, O, E)

        forecast = torch.unflatten(level @ self.levels, -1, (HORIZON, -1)) + season @ self.seasons  # (B, O, H, E)
        forecast = forecast * (factor * valid).unsqueeze(2)
        past_forecast, forecast = torch.split(forecast.clamp(-EXPERT_LIMIT, EXPERT_LIMIT), [past, 1], dim=1)
        past_valid, valid = torch.split(valid, [past, 1], dim=1)

        # The weeks after each past origin are one fold of the last year.
        actual = torch.unflatten(series[:, -ORIGINS[0] :], -1, (past, HORIZON, 1))
        actual_mask = torch.unflatten(mask[:, -ORIGINS[0] :], -1, (past, 1, HORIZON))
        error = (actual_mask @ (past_forecast - actual).abs()).squeeze(-2)  # (B, O - 1, E)
        weeks = actual_mask.sum(-1)  # (B, O - 1, 1)
        backtested = past_valid * (weeks > OBSERVED_SHARE * HORIZON)
        return ExpertForecasts(
            forecast=forecast.squeeze(1),
            valid=valid.squeeze(1),
            backtest_error=error / weeks.clamp(min=1.0) * backtested,
            backtested=backtested,
        )
