"""The arithmetic of the pairs."""

from hemline_bench.closed import Closed
from hemline_bench.suites.costs.pairs import measured, ratios, said


def found(per_second: float, server_cpu_us: float) -> Closed:
    return Closed(per_second, 1, 2, 0, 1000, 5, server_cpu_us)


def test_who_begins_a_pair_changes() -> None:
    order: list[str] = []

    def watched() -> Closed:
        order.append("watched")
        return found(98, 20.2)

    def without() -> Closed:
        order.append("without")
        return found(100, 20)

    pairs = measured(watched, without, 3)

    assert order == ["without", "watched", "watched", "without", "without", "watched"]
    assert pairs.throughput() == [0.98] * 3
    assert pairs.processor() == [1.01] * 3


def test_takes_plain_figures_too() -> None:
    assert ratios(lambda: 98.0, lambda: 100.0, 3) == [0.98, 0.98, 0.98]


def test_says_the_median_and_how_far_the_pairs_lie_apart() -> None:
    assert said([0.97, 1.01, 0.99]) == "0.990 (0.970 to 1.010)"
