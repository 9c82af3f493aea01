"""Training batches: synthetic series and trends of the synthetic market, cut to all lengths of history.

A batch is a function of (seed, step) alone, so that resuming changes nothing.

R rows, T = 208 weeks, H = 13.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from hemline_trainer.contract import CONTEXT, EMBEDDING, HORIZON, VARIABLES, VOCABULARIES, YEAR
from hemline_trainer.data.embeddings import EmbeddingBank
from hemline_trainer.data.synthetic.market import draw_looks, simulate
from hemline_trainer.data.synthetic.seasons import peak_weeks, week_of_year
from hemline_trainer.data.synthetic.series import chosen, log_uniform, mean_reverting, synthetic_series

MONDAY: Final = 17896
"""2018-12-31 in days since 1970-01-01; the first Monday of synthetic weeks."""

ATTRIBUTE_SHARE: Final = 0.6
KNOWN_WORD_SHARE: Final = 0.85
"""Of the attributes of a series that has any."""

IMAGE_SHARE: Final = 0.6
SIDE_SHARE: Final = 0.6
"""Of plain series and of trends alike, as with attributes: known fields must not reveal the source of a row."""

YOUNG_SHARE: Final = 0.4
"""Share of trends launched within two years; `NEW_SHARE` of those within half a year."""

NEW_SHARE: Final = 0.6
SHORTEST: Final = 4
"""Weeks of the shortest history that training cuts."""

LENGTH_SHARES: Final = (0.3, 0.125, 0.125, 0.25, 0.2)
"""Of histories that are whole, of two years and more, of about one to two, under a year, of mostly a few weeks."""


@dataclass(frozen=True)
class Batch:
    """Graph inputs of R rows and the weeks that followed.

    Attributes:
        history: float32 (R, 208, 4), 0 where unobserved.
        observed: bool (R, 208, 4).
        last_week: int64 (R).
        static_ids: int64 (R, 3).
        image_embedding: float32 (R, 64).
        has_image: bool (R).
        future: float32 (R, 13) volumes.
    """

    history: npt.NDArray[np.float32]
    observed: npt.NDArray[np.bool_]
    last_week: npt.NDArray[np.int64]
    static_ids: npt.NDArray[np.int64]
    image_embedding: npt.NDArray[np.float32]
    has_image: npt.NDArray[np.bool_]
    future: npt.NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.last_week)

    def inputs(self) -> dict[str, npt.NDArray[np.generic]]:
        """The graph's inputs by name, in its order."""
        return {
            "history": self.history,
            "observed": self.observed,
            "last_week": self.last_week,
            "static_ids": self.static_ids,
            "image_embedding": self.image_embedding,
            "has_image": self.has_image,
        }

    def without_images(self) -> "Batch":
        """The same rows, none with an image."""
        return replace(
            self, has_image=np.zeros_like(self.has_image), image_embedding=np.zeros_like(self.image_embedding)
        )

    def rows(self, chosen_rows: npt.NDArray[np.bool_] | slice) -> "Batch":
        """Some of the rows."""
        return Batch(
            self.history[chosen_rows],
            self.observed[chosen_rows],
            self.last_week[chosen_rows],
            self.static_ids[chosen_rows],
            self.image_embedding[chosen_rows],
            self.has_image[chosen_rows],
            self.future[chosen_rows],
        )


def joined(parts: list[Batch]) -> Batch:
    """All rows of several batches."""
    return Batch(
        np.concatenate([part.history for part in parts]),
        np.concatenate([part.observed for part in parts]),
        np.concatenate([part.last_week for part in parts]),
        np.concatenate([part.static_ids for part in parts]),
        np.concatenate([part.image_embedding for part in parts]),
        np.concatenate([part.has_image for part in parts]),
        np.concatenate([part.future for part in parts]),
    )


def training_batch(rows: int, market_share: float, bank: EmbeddingBank | None, seed: int, step: int) -> Batch:
    """Batch number `step` of a run."""
    rng = np.random.default_rng([seed, step])
    market = round(rows * market_share)
    return joined([series_batch(rows - market, rng), market_batch(market, bank, rng)])


def series_batch(rows: int, rng: np.random.Generator) -> Batch:
    """Synthetic series; category, market and date hint at the seasonal peak, all other fields are uninformative."""
    ids = np.stack([rng.integers(1, len(words) + 1, rows) for words in VOCABULARIES.values()], axis=1)
    last_week = _mondays(rows, rng)
    peak = peak_weeks(ids, rng) - week_of_year(last_week) - HORIZON
    series = synthetic_series(rows, CONTEXT + HORIZON, rng, peak)
    values = np.zeros((rows, CONTEXT, len(VARIABLES)), dtype=np.float32)
    values[..., 0] = series[:, :CONTEXT]
    idle = mean_reverting(CONTEXT, rng.uniform(2, 26, (rows * 3, 1)), rng).reshape(rows, 3, CONTEXT)
    values[..., 1] = 1 / (1 + np.exp(1.5 - 0.7 * idle[:, 0]))
    values[..., 2] = np.tanh(0.4 * idle[:, 1])
    values[..., 3] = 50 * np.exp(0.3 * idle[:, 2])
    observed = np.zeros(values.shape, dtype=bool)
    observed[..., 0] = _kept(rows, rng)
    observed[..., 1:] = _kept(rows, rng)[..., None] & (rng.uniform(size=(rows, 1, 3)) < SIDE_SHARE)
    return _shown(values, observed, _known_words(ids, rng), np.full(rows, -1), None, series[:, CONTEXT:], last_week)


def market_batch(rows: int, bank: EmbeddingBank | None, rng: np.random.Generator, weeks: int | None = None) -> Batch:
    """Trends of the market, half of them launched within the last two years.

    Args:
        rows: R.
        bank: images, if any.
        rng: owner of the draw.
        weeks: history of every trend at the origin; None draws all ages.
    """
    return market_foreseen(rows, bank, rng, weeks)[0]


def market_foreseen(
    rows: int, bank: EmbeddingBank | None, rng: np.random.Generator, weeks: int | None = None
) -> tuple[Batch, npt.NDArray[np.float64]]:
    """The same trends, and their expected volumes (R, 13): see `market.Weeks`."""
    looks = draw_looks(rows, bank, rng)
    young = np.where(rng.uniform(size=rows) < NEW_SHARE, rng.integers(1, 27, rows), rng.integers(27, 105, rows))
    age = np.where(rng.uniform(size=rows) < YOUNG_SHARE, young, rng.integers(105, 700, rows))
    if weeks is not None:
        age = np.full(rows, weeks)
    last_week = _mondays(rows, rng)
    market = simulate(looks, age + HORIZON, CONTEXT + HORIZON, week_of_year(last_week) + HORIZON, rng)
    shown = market.values
    alive = np.arange(CONTEXT) >= CONTEXT - age[:, None]  # (R, T)
    values = shown[:, :CONTEXT]
    observed = np.repeat((alive & _kept(rows, rng, whole=weeks is not None))[..., None], len(VARIABLES), axis=2)
    observed[..., 1:] &= rng.uniform(size=(rows, 1, 3)) < SIDE_SHARE
    ids = _known_words(looks.static_ids, rng)
    bank_rows = np.where(rng.uniform(size=rows) < IMAGE_SHARE, looks.bank_rows, -1)
    return _shown(values, observed, ids, bank_rows, bank, shown[:, CONTEXT:, 0], last_week), market.expected


def cut(rows: Batch, rng: np.random.Generator, short: float = 0.0) -> Batch:
    """The same rows with histories of all lengths, at least a share of `short` of them under a year."""
    lengths = _lengths(len(rows), rng)
    if short > 0:
        lengths = np.where(rng.uniform(size=len(rows)) < short, _few_weeks(len(rows), rng), lengths)
    kept = np.arange(CONTEXT) >= CONTEXT - lengths[:, None]
    observed = rows.observed & kept[..., None]
    return replace(rows, observed=observed, history=np.where(observed, rows.history, 0).astype(np.float32))


def _known_words(ids: npt.NDArray[np.int64], rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """The same attributes (R, 3), some of them unknown."""
    any_known = rng.uniform(size=(len(ids), 1)) < ATTRIBUTE_SHARE
    return ids * any_known * (rng.uniform(size=ids.shape) < KNOWN_WORD_SHARE)


def _mondays(rows: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    return MONDAY + 7 * rng.integers(0, 400, rows)


def _lengths(rows: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Weeks of history (R) of all lengths."""
    lengths = [
        np.full(rows, CONTEXT),
        rng.integers(104, CONTEXT, rows),
        rng.integers(40, 106, rows),
        rng.integers(SHORTEST, 53, rows),
        _few_weeks(rows, rng),
    ]
    return np.choose(rng.choice(len(lengths), rows, p=LENGTH_SHARES), lengths)


def _few_weeks(rows: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Under a year, evenly in the logarithm."""
    return log_uniform(SHORTEST, YEAR, rows, rng)[:, 0].astype(np.int64)


def _kept(rows: int, rng: np.random.Generator, *, whole: bool = False) -> npt.NDArray[np.bool_]:
    """Which weeks (R, T) are observed: histories of all lengths, some with gaps; the last week always is."""
    lengths = np.full(rows, CONTEXT) if whole else _lengths(rows, rng)
    kept = np.arange(CONTEXT) >= CONTEXT - lengths[:, None]
    gaps = chosen(0.2, rows, rng) * rng.uniform(0.02, 0.4, (rows, 1))
    kept &= rng.uniform(size=(rows, CONTEXT)) >= gaps
    kept[:, -1] = True
    return kept


def _shown(
    values: npt.NDArray[np.float32],
    observed: npt.NDArray[np.bool_],
    ids: npt.NDArray[np.int64],
    bank_rows: npt.NDArray[np.int64],
    bank: EmbeddingBank | None,
    future: npt.NDArray[np.float32],
    last_week: npt.NDArray[np.int64],
) -> Batch:
    rows = len(values)
    has_image = bank_rows >= 0
    embedding = np.zeros((rows, EMBEDDING), dtype=np.float32)
    if bank is not None:
        embedding = np.where(has_image[:, None], bank.embeddings[bank_rows], 0).astype(np.float32)
    return Batch(
        history=np.where(observed, values, 0).astype(np.float32),
        observed=observed,
        last_week=last_week,
        static_ids=ids.astype(np.int64),
        image_embedding=embedding,
        has_image=has_image,
        future=future.astype(np.float32),
    )
