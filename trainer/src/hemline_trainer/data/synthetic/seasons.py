"""Seasonal peaks of synthetic fashion: most trends peak at midsummer or midwinter of their hemisphere.

So the time of the year is informative for a trend whose own history is too short to show a season. R rows.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from hemline_trainer.contract import CATEGORIES, MARKETS, YEAR

SOUTHERN: Final = (MARKETS.index("br") + 1,)
MIDSUMMER: Final = 27.0
"""Week of the year in the north; midwinter lies half a year away."""

SUMMER: Final = {"shorts": 0.8, "skirt": 0.6, "dress": 0.6, "top": 0.6, "outerwear": 0.05}
WINTER: Final = {"shorts": 0.0, "skirt": 0.15, "dress": 0.15, "top": 0.2, "outerwear": 0.7}
"""Share of a category's trends that peak then; the rest peak anywhere in the year."""

OTHERS: Final = (0.35, 0.3)
"""The same two shares of every other category."""

SPREAD: Final = 2.0
"""Standard deviation of a peak around its time, in weeks."""


def peak_weeks(static_ids: npt.NDArray[np.int64], rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Draws the week of the year (R, 1), 0..52, in which each trend peaks; `static_ids` as in `Batch`, 0 = unknown."""
    rows = len(static_ids)
    kind = rng.uniform(size=rows)
    words = ("", *CATEGORIES)
    summer = np.array([SUMMER.get(word, OTHERS[0]) for word in words])[static_ids[:, 2]]
    winter = np.array([WINTER.get(word, OTHERS[1]) for word in words])[static_ids[:, 2]]
    near = rng.normal(0, SPREAD, rows) + np.where(kind < summer, MIDSUMMER, MIDSUMMER + YEAR / 2)
    near += YEAR / 2 * np.isin(static_ids[:, 0], SOUTHERN)
    return np.where(kind < summer + winter, near % YEAR, rng.uniform(0, YEAR, rows))[:, None]


def week_of_year(days: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Week of the year (R, 1), 0..52, of days since 1970-01-01."""
    return (days % 1461 / 365.25 % 1.0 * YEAR)[:, None]
