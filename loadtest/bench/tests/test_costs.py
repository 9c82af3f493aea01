"""The arithmetic of the pairs."""

from hemline_bench.suites.costs.pairs import ratios, said


def test_who_begins_a_pair_changes() -> None:
    order: list[str] = []

    def one() -> float:
        order.append("one")
        return 98.0

    def other() -> float:
        order.append("other")
        return 100.0

    found = ratios(one, other, 3)

    assert order == ["other", "one", "one", "other", "other", "one"]
    assert found == [0.98, 0.98, 0.98]


def test_says_the_median_and_how_far_the_pairs_lie_apart() -> None:
    assert said([0.97, 1.01, 0.99]) == "0.990 (0.970 to 1.010)"
