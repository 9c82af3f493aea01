import math

import numpy as np
import pytest

from hemline_trainer.ops.psi import most_bins, psi, psi_of_numbers, psi_of_words


def test_equal_populations_have_no_shift_and_the_formula_is_the_published_one() -> None:
    assert psi([100, 200], [50, 100]) == pytest.approx(0, abs=1e-4)
    by_hand = (0.7 - 0.5) * math.log(0.7 / 0.5) + (0.3 - 0.5) * math.log(0.3 / 0.5)
    assert psi([5_000_000, 5_000_000], [7_000_000, 3_000_000]) == pytest.approx(by_hand, rel=1e-5)


def test_the_shift_is_symmetric_and_defined_for_empty_bins() -> None:
    assert psi([90, 10], [40, 60]) == pytest.approx(psi([40, 60], [90, 10]))
    assert 1 < psi([100, 0], [0, 100]) < 20


def test_samples_of_one_population_stay_below_the_threshold_at_any_size() -> None:
    rng = np.random.default_rng(3)
    found = []
    for size in (60, 100, 400, 4000):
        for _ in range(50):
            shift = psi_of_numbers(list(rng.lognormal(size=size)), list(rng.lognormal(size=size)))
            assert shift is not None
            found.append(shift)

    assert np.quantile(found, 0.99) < 0.2


def test_a_doubled_level_is_above_the_threshold() -> None:
    rng = np.random.default_rng(4)
    before, now = rng.lognormal(sigma=0.8, size=300), 2.5 * rng.lognormal(sigma=0.8, size=300)

    shift = psi_of_numbers(list(before), list(now))

    assert shift is not None
    assert shift > 0.2


def test_samples_that_are_too_small_for_two_bins_have_no_figure() -> None:
    assert psi_of_numbers([1.0] * 30, [2.0] * 30) is None
    assert psi_of_words([], ["vn"]) is None
    assert [most_bins(size, size) for size in (39, 40, 100, 360, 10**6)] == [1, 2, 3, 10, 10]


def test_rare_categories_share_a_bin_in_small_samples() -> None:
    same = ["vn", "us", "br", "jp"] * 25
    other = ["vn"] * 100

    assert psi_of_words(same, same) == pytest.approx(0)
    shifted = psi_of_words(same, other)
    assert shifted is not None
    assert shifted > 0.2


def test_numbers_that_are_mostly_equal_can_be_compared() -> None:
    assert psi_of_numbers([0.0] * 400, [0.0] * 400) == pytest.approx(0)
