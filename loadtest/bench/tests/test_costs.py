"""The arithmetic of pairs."""

from hemline_bench.closed_loop import ClosedLoopResult
from hemline_bench.suites.costs.pairs import measured, ratios, summary


def found(per_second: float, server_cpu_us: float) -> ClosedLoopResult:
    return ClosedLoopResult(per_second, 1, 2, 0, 1000, 5, server_cpu_us)


def test_the_order_within_pairs_alternates() -> None:
    order: list[str] = []

    def observed() -> ClosedLoopResult:
        order.append("observed")
        return found(98, 20.2)

    def without() -> ClosedLoopResult:
        order.append("without")
        return found(100, 20)

    pairs = measured(observed, without, 3)

    assert order == ["without", "observed", "observed", "without", "without", "observed"]
    assert pairs.throughput() == [0.98] * 3
    assert pairs.processor() == [1.01] * 3


def test_accepts_plain_figures() -> None:
    assert ratios(lambda: 98.0, lambda: 100.0, 3) == [0.98, 0.98, 0.98]


def test_summarises_the_median_and_the_range() -> None:
    assert summary([0.97, 1.01, 0.99]) == "0.990 (0.970 to 1.010)"
