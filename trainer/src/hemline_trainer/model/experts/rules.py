"""Definitions of the experts: the weeks in each window, and each expert as a combination of windows.

T = 208 weeks (the last is the newest), W = 98 windows per origin, E = 57 experts, H = 13 steps.
"""

from collections.abc import Callable, Mapping, Sequence
from math import floor
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from hemline_trainer.contract import ANNUAL, CONTEXT, HORIZON, YEAR

ORIGINS: Final = (52, 39, 26, 13, 0)
"""Weeks before the end at which the experts forecast; oldest first, so that their actual weeks are contiguous."""

LAGS: Final = (52, 104, 156)
"""Seasonal lags in whole weeks; `_exact` gives the exact distance."""

LEVELS: Final = (4, 13, 26, 52)
"""Lengths of the level windows in weeks."""

THEN: Final = (1, 4, 13, 52)
"""Lengths of the level windows a season ago; 1 is a single week."""

OBSERVED_SHARE: Final = 0.6
"""A window with a smaller share of observed weeks is invalid."""

FADING: Final = 1e-3
"""Ratio of the weights of neighbouring weeks in the "last" window: the newest observed week dominates."""

RATIO_LIMITS: Final = (0.25, 4.0)
EXPERT_LIMIT: Final = 1e5

KINDS: Final = ("", "_smooth")
REACHES: Final = (0, 2)
"""Half width in weeks of the moving average over a season, by kind."""

LEVEL_WINDOWS: Final = 2 + len(LEVELS) + 2 + len(LAGS) * len(THEN)
"""Windows before the seasons: the last value, `LEVELS`, all weeks, two of a quarter ago, those of a season ago."""

NAMES: Final = (
    "last",
    *(f"mean{weeks}" for weeks in LEVELS),
    "mean_all",
    "damped4",
    "damped13",
    *(f"season{lag}{kind}{move}" for kind in KINDS for lag in LAGS for move in ("", "_plus1", "_plus4", "_plus13")),
    *(f"last_drift{lag}" for lag in LAGS),
    "mean4_drift52",
    "last_damped13",
    *(f"season{lag}{kind}{move}" for kind in KINDS for lag in LAGS for move in ("_ratio13", "_ratio52")),
    *(f"years{years}{kind}{move}" for kind in KINDS for years in (2, 3) for move in ("_root_ratio13", "_ratio13")),
)
"""The experts in the order of the axis E."""


Array = npt.NDArray[np.float64]

NOW: Final = {1: 0, 4: 1, 13: 2, 26: 3, 52: 4}
"""Index of each level window that ends today, by its length."""

RATIOS: Final[tuple[tuple[int, tuple[int, ...]], ...]] = (
    *((length, (lag,)) for length in (13, 52) for lag in range(len(LAGS))),
    (13, (0, 1)),
    (13, (0, 1, 2)),
)
"""Level now ÷ level then: the length of both windows, and the lags averaged in the denominator."""

SEASONS: Final = len(KINDS) * len(LAGS)
KNOWN_RATIO: Final = LEVEL_WINDOWS + SEASONS
"""Index of the first ratio among the requirements of an expert."""

BRIDGED: Final = 8
"""Longest gap in weeks that "the last value" bridges."""


def _exact(lag: int) -> float:
    """Weeks between the same day of the year in two years that are `lag` weeks apart."""
    return lag / YEAR * ANNUAL


def _interpolated(position: float, window: Callable[[int], Array]) -> Array:
    """A window at a fractional week: the linear interpolation of the windows at the two weeks around it."""
    week = floor(position)
    return (week + 1 - position) * window(week) + (position - week) * window(week + 1)


class Windows:
    """Columns of the constant matrix: the weights of the weeks in each window. Immutable.

    Attributes:
        matrix: float32 (T, O · W), columns grouped by origin; in each the levels, then the seasons step by step.
        needed: float32 (W), the observed weight that a valid window needs.
    """

    def __init__(self) -> None:
        columns: list[Array] = []
        for origin in ORIGINS:
            end = CONTEXT - 1 - origin
            columns += self._levels(end)
            for step in range(1, HORIZON + 1):
                columns += [self._season(end, lag, step, reach) for reach in REACHES for lag in LAGS]
        self.matrix = np.stack(columns, axis=1).astype(np.float32)
        lengths = [1, *LEVELS, 1, 4, 13, *(length for _ in LAGS for length in THEN)]
        needed = [OBSERVED_SHARE * length if length > 1 else 0.0 for length in lengths]
        needed += [OBSERVED_SHARE * (2 * reach + 1) for reach in REACHES for _ in LAGS] * HORIZON
        assert len(needed) * len(ORIGINS) == len(columns)
        self.needed = np.array(needed, dtype=np.float32)

    @staticmethod
    def _block(centre: int, reach: int) -> Array:
        """Weights 1 on the weeks within `reach` of `centre`."""
        weeks = np.arange(CONTEXT)
        return (np.abs(weeks - centre) <= reach).astype(np.float64)

    @classmethod
    def _season(cls, end: int, lag: int, step: int, reach: int) -> Array:
        """The weeks within `reach` of the day one season before the forecast step."""
        return _interpolated(end - _exact(lag) + step, lambda week: cls._block(week, reach))

    @classmethod
    def _then(cls, end: int, lag: int, length: int) -> Array:
        """`length` weeks up to a season ago."""
        return _interpolated(end - _exact(lag), lambda week: cls._ending(week, length))

    @staticmethod
    def _ending(end: int, length: int) -> Array:
        """Weights 1 on `length` weeks up to `end`; for a length of 1 geometric weights, which bridge a gap."""
        back = end - np.arange(CONTEXT)
        if length > 1:
            return ((back >= 0) & (back < length)).astype(np.float64)
        return np.where((back >= 0) & (back < BRIDGED), FADING ** np.clip(back, 0, BRIDGED).astype(np.float64), 0.0)

    def _levels(self, end: int) -> list[Array]:
        now = [self._ending(end, length) for length in (1, *LEVELS, CONTEXT)]
        before = [self._ending(end - 13, length) for length in (4, 13)]
        then = [self._then(end, lag, length) for lag in LAGS for length in THEN]
        return now + before + then


class Expert(NamedTuple):
    """A sum of levels and seasons, times a factor. Immutable.

    Attributes:
        needs: indices of its requirements among 20 level windows, 6 seasons and 8 ratios.
        levels: weight of each level window, the same for all steps or one per step.
        seasons: weight of each season.
        factor: index of the multiplier of the sum among eight ratios, their square roots, and 1.
    """

    needs: Sequence[int]
    levels: Mapping[int, float | Array] = {}
    seasons: Mapping[int, float] = {}
    factor: int = 2 * len(RATIOS)


class Rules:
    """The experts as constant matrices applied to the windows of one origin. Immutable.

    Attributes:
        ratios: float32 (20, 16): from the level windows to eight levels now, then eight levels of the past.
        ratio_needs: float32 (20, 8): the windows that each ratio needs.
        levels: float32 (20, H · E): weights of the level windows in each step of each expert, experts innermost.
        seasons: float32 (6, E): weights of a week of each season in the same step of each expert.
        filling: float32 (6, 6): the season that fills the missing weeks of each season.
        factors: float32 (17, E): the multiplier of each expert: eight ratios, their square roots, 1.
        needs: float32 (34, E): the requirements of each expert: 20 level windows, 6 seasons, 8 ratios.
    """

    def __init__(self) -> None:
        self.ratios, self.ratio_needs = _ratios()
        experts = [*_sums(), *_scaled_seasons()]
        levels = np.zeros((LEVEL_WINDOWS, HORIZON, len(experts)), dtype=np.float32)
        self.seasons = np.zeros((SEASONS, len(experts)), dtype=np.float32)
        self.needs = np.zeros((KNOWN_RATIO + len(RATIOS), len(experts)), dtype=np.float32)
        for index, expert in enumerate(experts):
            for window, weight in expert.levels.items():
                levels[window, :, index] = weight
            for season, share in expert.seasons.items():
                self.seasons[season, index] = share
            self.needs[expert.needs, index] = 1
        self.levels = levels.reshape(LEVEL_WINDOWS, -1)
        self.filling = np.kron(np.array([[0, 0], [1, 1]]), np.eye(len(LAGS))).astype(np.float32)
        self.factors = np.eye(2 * len(RATIOS) + 1, dtype=np.float32)[:, [expert.factor for expert in experts]]


def _then(lag: int, length: int) -> int:
    """Index of the window of the level one of the `LAGS` ago."""
    return len(NOW) + 3 + lag * len(THEN) + THEN.index(length)


def _ratios() -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    levels = np.zeros((LEVEL_WINDOWS, 2 * len(RATIOS)), dtype=np.float32)
    needs = np.zeros((LEVEL_WINDOWS, len(RATIOS)), dtype=np.float32)
    for index, (length, lags) in enumerate(RATIOS):
        levels[NOW[length], index] = 1
        needs[NOW[length], index] = 1
        for lag in lags:
            levels[_then(lag, length), len(RATIOS) + index] = 1 / len(lags)
            needs[_then(lag, length), index] = 1
    return levels, needs


def _sums() -> list[Expert]:
    """Experts that are sums of windows."""
    steps = np.arange(1, HORIZON + 1)
    # The mean of all weeks needs nothing: it is the fallback that is always valid.
    experts = [Expert([window] if window < len(NOW) else [], {window: 1.0}) for window in range(len(NOW) + 1)]
    for length, damping in ((4, np.cumsum(0.9**steps) / 26), (13, (steps + 6) / 26)):
        before = len(NOW) + (1 if length == 4 else 2)  # noqa: PLR2004 - the windows of a quarter ago: 4 and 13 weeks
        experts.append(Expert([NOW[length], before], {NOW[length]: 1 + damping, before: -damping}))
    for season in range(SEASONS):
        known, lag = LEVEL_WINDOWS + season, season % len(LAGS)
        experts.append(Expert([known], seasons={season: 1.0}))
        for length in (1, 4, 13):
            now, then = NOW[length], _then(lag, length)
            experts.append(Expert([known, now, then], {now: 1.0, then: -1.0}, {season: 1.0}))
    experts += [_drift(NOW[1], _exact(lag), _then(index, 13)) for index, lag in enumerate(LAGS)]
    experts.append(_drift(NOW[4], _exact(LAGS[0]), _then(0, 13)))
    experts.append(_drift(NOW[1], 26, len(NOW) + 2))  # damped: half of the change from quarter to quarter
    return experts


def _drift(base: int, slower: float, then: int) -> Expert:
    """A level that continues the change of the quarterly mean since `then`, at that change per `slower` weeks."""
    slope = np.arange(1, HORIZON + 1) / slower
    return Expert([base, NOW[13], then], {base: 1.0, NOW[13]: slope, then: -slope})


def _scaled_seasons() -> list[Expert]:
    """Experts that are means of seasons times a ratio."""
    lags = len(LAGS)
    wanted: list[tuple[int, tuple[int, ...], tuple[int, ...]]] = [
        (kind, (lag,), (ratio * lags + lag,)) for kind in range(len(KINDS)) for lag in range(lags) for ratio in range(2)
    ]
    wanted += [
        (kind, tuple(range(years)), (ratio + len(RATIOS), ratio))
        for kind in range(len(KINDS))
        for years, ratio in ((2, 2 * lags), (3, 2 * lags + 1))
    ]
    experts = []
    for kind, years, factors in wanted:
        seasons = [kind * lags + lag for lag in years]
        needs = [*(LEVEL_WINDOWS + season for season in seasons), KNOWN_RATIO + factors[-1] % len(RATIOS)]
        shares = dict.fromkeys(seasons, 1 / len(years))
        experts += [Expert(needs, seasons=shares, factor=factor) for factor in factors]
    return experts
