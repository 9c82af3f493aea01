"""The statistical experts: 52 simple forecasts of one series and how well each did on its own past.

Every window mean that an expert needs is one column of a constant matrix, so a single product of the series and of its
mask with that matrix gives all means under missing weeks. The same experts are run at five origins: today, and one to
four quarters back, where the weeks that followed are known; those give each expert its own back-test error.

B rows, T = 208 weeks (the last is the newest), O = 5 origins, L = 3 season lags, H = 13 steps, E experts.
Series are scaled, so a level near 1 is ordinary.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from hemline_trainer.vocabulary import CONTEXT, HORIZON

ORIGINS: Final = (52, 39, 26, 13, 0)
"""Weeks before the end at which the experts forecast; oldest first, so the actuals follow one another."""

LAGS: Final = (52, 104, 156)
"""Seasons looked back at, in weeks."""

LEVELS: Final = (4, 13, 26, 52)
"""Lengths of the level windows in weeks."""

THEN: Final = (1, 4, 13, 52)
"""Lengths of the level windows compared with a season ago; 1 is the week alone."""

OBSERVED_SHARE: Final = 0.6
"""A window with a smaller share of observed weeks does not count."""

FADING: Final = 1e-3
"""Weight ratio of neighbouring weeks in "the last value": missing weeks are skipped, observed ones decide alone."""

RATIO_LIMITS: Final = (0.25, 4.0)
EXPERT_LIMIT: Final = 1e5

NAMES: Final = (
    "last",
    *(f"mean{weeks}" for weeks in LEVELS),
    "mean_all",
    "damped4",
    "damped13",
    *(
        f"season{lag}{kind}{move}"
        for kind in ("", "_smooth")
        for lag in LAGS
        for move in ("", "_ratio13", "_ratio52", "_plus1", "_plus4", "_plus13")
    ),
    *(
        f"years{years}{kind}{power}"
        for kind in ("", "_smooth")
        for years in (2, 3)
        for power in ("_root_ratio13", "_ratio13")
    ),
)
"""The experts in the order of the axis E."""


class Windows:
    """Columns of the constant matrix: which weeks each window weighs. Immutable once made.

    Attributes:
        matrix: float32 (T, O · W), columns grouped by origin.
        needed: float32 (W), the least observed weight that makes a window count.
    """

    def __init__(self) -> None:
        columns: list[npt.NDArray[np.float64]] = []
        for origin in ORIGINS:
            end = CONTEXT - 1 - origin
            columns += self._levels(end)
            columns += [self._block(end - lag + step, 0) for lag in LAGS for step in range(1, HORIZON + 1)]
            columns += [self._block(end - lag + step, 2) for lag in LAGS for step in range(1, HORIZON + 1)]
        self.matrix = np.stack(columns, axis=1).astype(np.float32)
        width = len(columns) // len(ORIGINS)
        lengths = [1, *LEVELS, 1, 4, 13, *(length for _ in LAGS for length in THEN)]
        needed = [OBSERVED_SHARE * length if length > 1 else 0.0 for length in lengths]
        seasons = len(LAGS) * HORIZON
        needed += [OBSERVED_SHARE] * seasons + [OBSERVED_SHARE * 5] * seasons
        assert len(needed) == width
        self.needed = np.array(needed, dtype=np.float32)

    @staticmethod
    def _block(centre: int, reach: int) -> npt.NDArray[np.float64]:
        """Weights 1 on the weeks within `reach` of `centre`."""
        weeks = np.arange(CONTEXT)
        return (np.abs(weeks - centre) <= reach).astype(np.float64)

    @staticmethod
    def _ending(end: int, length: int) -> npt.NDArray[np.float64]:
        """Weights 1 on `length` weeks up to `end`; for a length of 1 fading weights, so that a gap is bridged."""
        back = end - np.arange(CONTEXT)
        if length > 1:
            return ((back >= 0) & (back < length)).astype(np.float64)
        return np.where((back >= 0) & (back < 8), FADING ** np.clip(back, 0, 8).astype(np.float64), 0.0)

    def _levels(self, end: int) -> list[npt.NDArray[np.float64]]:
        now = [self._ending(end, length) for length in (1, *LEVELS, CONTEXT)]
        before = [self._ending(end - 13, length) for length in (4, 13)]
        then = [self._ending(end - lag, length) for lag in LAGS for length in THEN]
        return now + before + then


class Opinions(NamedTuple):
    """What the experts say.

    Attributes:
        forecast: (B, E, H) in the scale of the series; 0 where an expert has too little to go on.
        valid: (B, E) bool; at least one is true in every row.
        error: (B, E, O − 1) mean absolute error at the past origins, oldest first; 0 where unknown.
        tested: (B, E, O − 1) bool, whether that error is known.
        season: (B, 2, L, H) the same weeks of past years, raw and smoothed over five weeks; 0 where unknown.
        season_valid: (B, 2, L) bool.
    """

    forecast: Tensor
    valid: Tensor
    error: Tensor
    tested: Tensor
    season: Tensor
    season_valid: Tensor


class Experts(nn.Module):
    """Runs every expert at every origin. Holds constants only, nothing is learned."""

    def __init__(self) -> None:
        super().__init__()
        windows = Windows()
        self.matrix: Tensor
        self.needed: Tensor
        self.damping: Tensor
        self.register_buffer("matrix", torch.from_numpy(windows.matrix), persistent=False)
        self.register_buffer("needed", torch.from_numpy(windows.needed), persistent=False)
        steps = np.arange(1, HORIZON + 1)
        damping = np.stack([np.cumsum(0.9**steps) / 13 * 0.5, (steps + 6) / 13 * 0.5])
        self.register_buffer("damping", torch.from_numpy(damping.astype(np.float32)), persistent=False)

    def forward(self, series: Tensor, mask: Tensor) -> Opinions:
        """Asks every expert.

        Args:
            series: float32 (B, T), scaled, 0 where unobserved.
            mask: float32 (B, T), 1 where observed.
        """
        assert series.shape[1] == CONTEXT
        rows = series.shape[0]
        width = self.needed.shape[0]
        totals = torch.cat([series, mask]) @ self.matrix  # (2B, O · W)
        sums = totals[:rows].reshape(rows, len(ORIGINS), width)
        weights = totals[rows:].reshape(rows, len(ORIGINS), width)
        # A hair below the need, so that rounding of a full window never decides.
        known = (weights > self.needed * 0.999) & (weights > 0)  # (B, O, W)
        means = torch.where(known, sums / torch.where(known, weights, 1.0), 0.0)
        forecast, valid = self._forecasts(means, known)
        past = valid[:, :-1]  # (B, O − 1, E)
        actual = series[:, -ORIGINS[0] :].reshape(rows, len(ORIGINS) - 1, 1, HORIZON)
        seen = mask[:, -ORIGINS[0] :].reshape(rows, len(ORIGINS) - 1, 1, HORIZON)
        missed = ((forecast[:, :-1] - actual).abs() * seen).sum(-1)  # (B, O − 1, E)
        count = seen.sum(-1)  # (B, O − 1, 1)
        tested = past & (count > OBSERVED_SHARE * HORIZON)
        error = torch.where(tested, missed / count.clamp(min=1.0), 0.0)
        season, season_valid = self._seasons(means[:, -1:], known[:, -1:])
        return Opinions(
            forecast=forecast[:, -1],
            valid=valid[:, -1],
            error=error.transpose(1, 2),
            tested=tested.transpose(1, 2),
            season=season[:, 0],
            season_valid=season_valid[:, 0],
        )

    @staticmethod
    def _seasons(means: Tensor, known: Tensor) -> tuple[Tensor, Tensor]:
        """The same weeks of past years: (B, O, 2, L, H) and whether enough of them are known (B, O, 2, L)."""
        size = len(LAGS) * HORIZON
        shape = (means.shape[0], means.shape[1], 2, len(LAGS), HORIZON)
        values = means[:, :, -2 * size :].reshape(shape)
        seen = known[:, :, -2 * size :].reshape(shape)
        count = seen.float().sum(-1, keepdim=True)  # (B, O, 2, L, 1)
        middle = (values * seen).sum(-1, keepdim=True) / count.clamp(min=1.0)
        smooth = torch.where(seen[:, :, 1:], values[:, :, 1:], middle[:, :, 1:])
        raw = torch.where(seen[:, :, :1], values[:, :, :1], smooth)
        valid = (count > OBSERVED_SHARE * HORIZON).squeeze(-1)
        return torch.cat([raw, smooth], dim=2) * valid.unsqueeze(-1), valid

    def _forecasts(self, means: Tensor, known: Tensor) -> tuple[Tensor, Tensor]:
        """All experts at all origins: (B, O, E, H) and (B, O, E)."""
        rows, origins = means.shape[0], means.shape[1]
        now, now_known = means[:, :, :5], known[:, :, :5]  # last, 4, 13, 26, 52 weeks
        before, before_known = means[:, :, 6:8], known[:, :, 6:8]  # 4 and 13 weeks, a quarter ago
        then = means[:, :, 8:20].reshape(rows, origins, len(LAGS), len(THEN))
        then_known = known[:, :, 8:20].reshape(rows, origins, len(LAGS), len(THEN))

        # Levels and damped trends.
        flat = means[:, :, :6].unsqueeze(-1).expand(-1, -1, -1, HORIZON)
        slope = now[:, :, 1:3] - before
        damped = now[:, :, 1:3].unsqueeze(-1) + slope.unsqueeze(-1) * self.damping  # (B, O, 2, H)
        damped_valid = now_known[:, :, 1:3] & before_known
        # The mean of everything is the expert of last resort.
        always = torch.ones_like(known[:, :, :1])
        level_valid = torch.cat([now_known, always, damped_valid], dim=2)

        # Seasons, moved to today's level.
        season, season_valid = self._seasons(means, known)
        now13, now52 = now[:, :, 2:3], now[:, :, 4:5]
        ratio13, ratio13_valid = _ratio(now13, now_known[:, :, 2:3], then[..., 2], then_known[..., 2])
        ratio52, ratio52_valid = _ratio(now52, now_known[:, :, 4:5], then[..., 3], then_known[..., 3])
        moves = now[:, :, :3].unsqueeze(2) - then[..., :3]  # (B, O, L, 3)
        moves_valid = now_known[:, :, :3].unsqueeze(2) & then_known[..., :3]
        one = torch.ones_like(ratio13).unsqueeze(-1)
        factor = torch.cat([one, ratio13.unsqueeze(-1), ratio52.unsqueeze(-1), one.expand(-1, -1, -1, 3)], dim=-1)
        shift = torch.cat([torch.zeros_like(moves), moves], dim=-1)  # (B, O, L, 6)
        move_valid = torch.cat(
            [
                torch.ones_like(moves_valid[..., :1]),
                ratio13_valid.unsqueeze(-1),
                ratio52_valid.unsqueeze(-1),
                moves_valid,
            ],
            dim=-1,
        )
        moved = season.unsqueeze(4) * factor[:, :, None, :, :, None] + shift[:, :, None, :, :, None]
        moved_valid = season_valid.unsqueeze(-1) & move_valid.unsqueeze(2)  # (B, O, 2, L, 6)

        # Two or three years averaged, then moved to today's level.
        pooled, pooled_valid = [], []
        for years in (2, 3):
            ratio, ratio_valid = _ratio(
                now13, now_known[:, :, 2:3], then[..., :years, 2].mean(2, keepdim=True), then_known[..., :years, 2].all(2, keepdim=True)
            )
            both = torch.stack([ratio.sqrt(), ratio], dim=-1)  # (B, O, 1, 2)
            pooled.append(season[:, :, :, :years].mean(3, keepdim=True) * both.unsqueeze(-1))  # (B, O, 2, 2, H)
            pooled_valid.append((season_valid[..., :years].all(3) & ratio_valid).unsqueeze(-1).expand(-1, -1, -1, 2))

        forecast = torch.cat(
            [
                flat,
                damped,
                moved.reshape(rows, origins, -1, HORIZON),
                torch.cat(pooled, dim=3).reshape(rows, origins, -1, HORIZON),
            ],
            dim=2,
        )
        valid = torch.cat(
            [
                level_valid,
                moved_valid.reshape(rows, origins, -1),
                torch.cat(pooled_valid, dim=3).reshape(rows, origins, -1),
            ],
            dim=2,
        )
        assert forecast.shape[2] == len(NAMES)
        return forecast.clamp(-EXPERT_LIMIT, EXPERT_LIMIT) * valid.unsqueeze(-1), valid


def _ratio(now: Tensor, now_known: Tensor, then: Tensor, then_known: Tensor) -> tuple[Tensor, Tensor]:
    """Level now ÷ level then within `RATIO_LIMITS`, and whether it makes sense: both known and positive."""
    fine = now_known & then_known & (then > FADING) & (now > 0)
    ratio = now / torch.where(fine, then, 1.0)
    return torch.where(fine, ratio, 1.0).clamp(*RATIO_LIMITS), fine
