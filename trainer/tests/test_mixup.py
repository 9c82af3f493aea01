"""Blends of own series: of one size, one week, and only of what both have."""

from dataclasses import replace

import numpy as np
import pytest

from hemline_trainer.contract import CONTEXT, VARIABLES, YEAR
from hemline_trainer.data.batch import Batch, cut, series_batch
from hemline_trainer.data.own.mixup import mixup
from hemline_trainer.evaluation.metrics import volumes


def rows(weeks: list[int]) -> Batch:
    """Positive series that end in these weeks, of which every week is known and no image."""
    drawn = series_batch(len(weeks), np.random.default_rng(3))
    return replace(
        drawn,
        observed=np.ones_like(drawn.observed),
        has_image=np.zeros(len(weeks), dtype=bool),
        last_week=np.array(weeks, dtype=np.int64),
        history=np.abs(drawn.history),
        future=np.abs(drawn.future),
        static_ids=np.arange(3 * len(weeks)).reshape(-1, 3) % 2 + 1,
    )


def test_without_a_share_nothing_is_blended_and_nothing_is_drawn() -> None:
    asked, rng = rows([7, 7, 14]), np.random.default_rng(0)
    before = rng.bit_generator.state

    assert mixup(asked, 0.0, rng) is asked
    assert rng.bit_generator.state == before


def test_only_series_that_end_in_the_same_week_are_blended() -> None:
    asked = rows([7, 14, 7, 21, 14, 7])

    made = mixup(asked, 1.0, np.random.default_rng(1))

    alone = 3
    assert made.future[alone] == pytest.approx(asked.future[alone])
    assert made.history[alone] == pytest.approx(asked.history[alone])
    for row in (0, 1, 2, 4, 5):
        assert not np.allclose(made.future[row], asked.future[row], rtol=0.01)


def test_a_blend_is_a_weighted_mean_of_two_series_of_one_size() -> None:
    asked = rows([7, 7])

    made = mixup(asked, 1.0, np.random.default_rng(2))

    sizes = np.abs(volumes(asked)).mean(1, keepdims=True)
    one, other = asked.history[..., 0] / sizes
    weights = [np.linalg.lstsq(np.stack([one, other], axis=1), each, rcond=None)[0] for each in made.history[..., 0]]
    assert [weight.sum() for weight in weights] == pytest.approx([1.0, 1.0], rel=1e-4)
    for weight, future in zip(weights, made.future, strict=True):
        assert future == pytest.approx(weight @ (asked.future / sizes), rel=1e-4)


def test_a_blend_shows_a_week_only_where_both_do_and_a_word_only_where_both_agree() -> None:
    observed = np.ones((2, CONTEXT, len(VARIABLES)), dtype=bool)
    observed[0, :100], observed[1, 150:160] = False, False
    asked = replace(rows([7, 7]), static_ids=np.array([[1, 2, 3], [1, 1, 3]]), observed=observed)
    both = observed[0, :, 0] & observed[1, :, 0]

    made = mixup(asked, 1.0, np.random.default_rng(4))

    assert made.observed[..., 0].tolist() == [both.tolist()] * 2
    assert (made.history[~made.observed] == 0).all()
    assert made.static_ids.tolist() == [[1, 0, 3]] * 2


def test_a_series_of_zeros_is_blended_with_none() -> None:
    asked = rows([7, 7, 7])
    asked.history[1, :, 0] = 0

    made = mixup(asked, 1.0, np.random.default_rng(7))

    assert made.future[1] == pytest.approx(asked.future[1])
    assert made.future.max() < 1e6


def test_own_series_can_be_cut_short_more_often() -> None:
    whole = series_batch(2000, np.random.default_rng(5))
    whole = replace(whole, observed=np.ones_like(whole.observed))

    def young(short: float) -> float:
        made = cut(whole, np.random.default_rng(6), short)
        return float((made.observed[..., 0].sum(1) < YEAR).mean())

    assert young(0.0) == pytest.approx(0.47, abs=0.05)
    assert young(0.5) == pytest.approx(0.5 + 0.5 * young(0.0), abs=0.05)
