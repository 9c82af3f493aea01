"""Mixup of own series, which augments small data sets and prevents memorisation.

A mixture is a weighted mean of two series, each scaled to size 1 first (TSMixup: Ansari et al. 2024, "Chronos"). Both
end in the same week, so that the time of the year keeps its meaning.

R rows, T = 208 weeks, H = 13 steps.
"""

from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from hemline_trainer.contract import HORIZON
from hemline_trainer.data.batch import Batch

Array = npt.NDArray[np.float64]

UNEVEN: Final = 0.5
"""Both parameters of the beta distribution of weights: in most mixtures one series dominates."""


def mixup(rows: Batch, share: float, rng: np.random.Generator) -> Batch:
    """The same rows, some of them with another one of the same last week mixed in.

    A week is observed where both are; an attribute that differs becomes unknown. Rows with an image, with no partner,
    with too few weeks in common or with nothing but zeros stay as they are, as do the sentiment and the engagement.

    Args:
        rows: own series.
        share: of the rows that have a partner.
        rng: owner of the draw; with a share of 0 nothing is drawn.
    """
    if share == 0:
        return rows
    partner = _partners(rows.last_week, rng)
    weight = rng.beta(UNEVEN, UNEVEN, len(rows))
    weight = np.maximum(weight, 1 - weight)[:, None]
    seen = rows.observed[..., 0]
    both = seen & seen[partner]
    mixed = (rng.uniform(size=len(rows)) < share) & (partner != np.arange(len(rows)))
    mixed &= (both.sum(1) >= np.minimum(seen.sum(1), HORIZON)) & ~rows.has_image
    mixed &= rows.observed[..., 1].any(1) == rows.observed[partner][..., 1].any(1)
    size = _size(rows)
    mixed &= (size > 0)[:, 0] & (size > 0)[partner, 0]

    size = np.where(size > 0, size, 1.0)
    own, other = weight / size, (1 - weight) / size[partner]
    history, observed, future = rows.history.copy(), rows.observed.copy(), rows.future.copy()
    observed[mixed, :, 0] = both[mixed]
    observed[mixed, :, 1] &= rows.observed[partner][mixed, :, 1]
    shares = weight * rows.history[..., 1] + (1 - weight) * rows.history[partner][..., 1]
    history[mixed, :, 0] = (own * rows.history[..., 0] + other * rows.history[partner][..., 0])[mixed]
    history[mixed, :, 1] = shares[mixed]
    future[mixed] = (own * rows.future + other * rows.future[partner])[mixed]
    same = rows.static_ids == rows.static_ids[partner]
    return replace(
        rows,
        history=np.where(observed, history, 0).astype(np.float32),
        observed=observed,
        future=future,
        static_ids=np.where(mixed[:, None] & ~same, 0, rows.static_ids),
    )


def _partners(last_week: npt.NDArray[np.int64], rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """For each row another one of the same week (R), or itself where there is none."""
    shuffled = rng.permutation(len(last_week))
    order = shuffled[np.argsort(last_week[shuffled], kind="stable")]
    partner = np.empty_like(order)
    for group in np.split(order, np.flatnonzero(np.diff(last_week[order])) + 1):
        partner[group] = np.roll(group, 1)
    return partner


def _size(rows: Batch) -> Array:
    """Mean absolute volume of the observed weeks (R, 1)."""
    seen = rows.observed[..., 0]
    total = np.abs(rows.history[..., 0].astype(np.float64) * seen).sum(1, keepdims=True)
    return np.asarray(total / np.maximum(seen.sum(1, keepdims=True), 1))
