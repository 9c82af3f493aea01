"""What the experts are: which weeks each window weighs, and how each expert follows from the windows.

T = 208 weeks (the last is the newest), W = 98 windows per origin, E = 52 experts, H = 13 steps.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

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

KINDS: Final = ("", "_smooth")
LEVEL_WINDOWS: Final = 2 + len(LEVELS) + 2 + len(LAGS) * len(THEN)
"""Windows before the seasons: the last value, `LEVELS`, everything, two of a quarter ago, those of a season ago."""

NAMES: Final = (
    "last",
    *(f"mean{weeks}" for weeks in LEVELS),
    "mean_all",
    "damped4",
    "damped13",
    *(f"season{lag}{kind}{move}" for kind in KINDS for lag in LAGS for move in ("", "_plus1", "_plus4", "_plus13")),
    *(f"season{lag}{kind}{move}" for kind in KINDS for lag in LAGS for move in ("_ratio13", "_ratio52")),
    *(f"years{years}{kind}{move}" for kind in KINDS for years in (2, 3) for move in ("_root_ratio13", "_ratio13")),
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


class Rules:
    """How experts follow from the windows of one origin, as constant matrices. Immutable once made.

    Attributes:
        ratios: float32 (20, 16): from the level windows to eight levels now, then eight levels of the past.
        ratio_needs: float32 (20, 8): which windows each ratio needs.
        plain: float32 (98, 32 · H): experts that are sums of windows.
        seasons: float32 (98, 20 · H): seasons that a ratio will multiply.
        factors: float32 (16, 20): which ratio (the eight, then their square roots) multiplies which of these.
        needs: float32 (34, E): what each expert needs: 20 level windows, 6 seasons, 8 ratios.
    """

    def __init__(self) -> None:
        lags, steps = len(LAGS), np.arange(1, HORIZON + 1)
        then = {(lag, length): 8 + lag * len(THEN) + place for lag in range(lags) for place, length in enumerate(THEN)}
        now = {1: 0, 4: 1, 13: 2, 26: 3, 52: 4}
        season = {(kind, lag): LEVEL_WINDOWS + (kind * lags + lag) * HORIZON for kind in (0, 1) for lag in range(lags)}
        # Eight ratios: the quarter and the year against each lag, the quarter against two and three years together.
        ratios = [(13, (lag,)) for lag in range(lags)] + [(52, (lag,)) for lag in range(lags)]
        ratios += [(13, (0, 1)), (13, (0, 1, 2))]
        self.ratios = np.zeros((LEVEL_WINDOWS, 2 * len(ratios)), dtype=np.float32)
        self.ratio_needs = np.zeros((LEVEL_WINDOWS, len(ratios)), dtype=np.float32)
        for place, (length, years) in enumerate(ratios):
            self.ratios[now[length], place] = 1
            self.ratio_needs[now[length], place] = 1
            for lag in years:
                self.ratios[then[lag, length], len(ratios) + place] = 1 / len(years)
                self.ratio_needs[then[lag, length], place] = 1

        plain: list[npt.NDArray[np.float64]] = []
        seasons: list[npt.NDArray[np.float64]] = []
        factors: list[int] = []
        needs: list[list[int]] = []

        def add(weights: dict[int, npt.NDArray[np.float64]], *need: int) -> None:
            column = np.zeros((LEVEL_WINDOWS + 2 * lags * HORIZON, HORIZON))
            for window, weight in weights.items():
                column[window] = weight
            plain.append(column)
            needs.append(list(need))

        one = np.ones(HORIZON)
        for window in range(6):
            # The mean of everything is the expert of last resort: it needs nothing.
            add({window: one}, *([window] if window < len(now) else []))
        for window, before, damping in ((1, 6, np.cumsum(0.9**steps) / 26), (2, 7, (steps + 6) / 26)):
            add({window: 1 + damping, before: -damping}, window, before)
        years_of = [((lag,), kind) for kind in (0, 1) for lag in range(lags)]
        for (lag,), kind in years_of:
            block = {season[kind, lag] + step: np.eye(HORIZON)[step] for step in range(HORIZON)}
            known = LEVEL_WINDOWS + kind * lags + lag
            add(block, known)
            for length in (1, 4, 13):
                add({**block, now[length]: one, then[lag, length]: -one}, known, now[length], then[lag, length])
        for years, kind, ratio, roots in (
            *((years, kind, move * lags + years[0], (False,)) for years, kind in years_of for move in (0, 1)),
            *(((0, 1, 2)[:count], kind, 4 + count, (True, False)) for kind in (0, 1) for count in (2, 3)),
        ):
            for root in roots:
                column = np.zeros((LEVEL_WINDOWS + 2 * lags * HORIZON, HORIZON))
                for lag in years:
                    column[season[kind, lag] : season[kind, lag] + HORIZON] = np.eye(HORIZON) / len(years)
                seasons.append(column)
                factors.append(ratio + len(ratios) * root)
                needs.append([*(LEVEL_WINDOWS + kind * lags + lag for lag in years), LEVEL_WINDOWS + 2 * lags + ratio])
        self.plain = np.concatenate(plain, axis=1).astype(np.float32)
        self.seasons = np.concatenate(seasons, axis=1).astype(np.float32)
        self.factors = np.eye(2 * len(ratios), dtype=np.float32)[:, factors]
        self.needs = np.zeros((LEVEL_WINDOWS + 2 * lags + len(ratios), len(needs)), dtype=np.float32)
        for expert, need in enumerate(needs):
            self.needs[need, expert] = 1
