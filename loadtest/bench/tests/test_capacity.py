"""The law, the cost and the report of the capacity suite."""

import pytest

from hemline_bench.suites.capacity import cost, plot, usl
from hemline_bench.suites.capacity.measure import Step
from hemline_bench.suites.capacity.report import Found, text


def step(rate: int, p95: float, *, failed: int = 0, dropped: int = 0) -> Step:
    return Step(rate, rate * 0.99, 1.0, p95, 2 * p95, failed, dropped, 90.0)


def test_the_fit_recovers_the_parameters_of_the_law() -> None:
    law = usl.Fit(1000, 0.05, 0.002)
    points = [(n, law.throughput(n)) for n in (1, 2, 4, 8, 16, 32, 64)]

    found = usl.fit(points)

    assert found.rate == pytest.approx(1000)
    assert found.contention == pytest.approx(0.05)
    assert found.crosstalk == pytest.approx(0.002)
    assert found.knee() == pytest.approx(20)


def test_negative_parameters_are_fixed_at_zero() -> None:
    points = [(1, 100.0), (2, 230.0), (4, 400.0), (8, 800.0)]

    found = usl.fit(points)

    assert min(found.contention, found.crosstalk) >= 0


def test_two_points_do_not_determine_three_parameters() -> None:
    with pytest.raises(ValueError, match="2 points"):
        usl.fit([(1, 1.0), (2, 2.0)])


def test_capacity_is_the_highest_rate_that_met_the_objective() -> None:
    steps = [step(500, 3), step(1000, 149), step(2000, 151)]

    found = Found("server", "one", [(1, 1.0), (2, 2.0), (4, 3.0)], usl.Fit(1, 0, 0), steps)

    assert found.capacity() == pytest.approx(990)
    assert found.missed()


@pytest.mark.parametrize("missed", [step(500, 151), step(500, 3, failed=1), step(500, 3, dropped=1)])
def test_a_slow_a_failed_and_a_dropped_request_miss_the_objective(missed: Step) -> None:
    assert not missed.met()


def test_cost_and_nodes_follow_from_the_capacity() -> None:
    assert cost.per_forecast(1000) == pytest.approx(0.09 / 3600 / 700)
    assert cost.need(10_000, 1000).nodes == 16
    assert cost.need(10_000, 1000).nodes_behind_edge == 4


def test_report_and_plots_name_every_target() -> None:
    found = Found(
        "server", "one server", [(1, 100.0), (8, 400.0)], usl.Fit(100, 0.1, 0.001), [step(500, 3), step(1000, 200)]
    )

    report = text({"cores": "2"}, [found])

    assert "| server: one server | **495/s** | at 1,000/s: p95 200 ms, 0 failed, 0 dropped | 90 µs |" in report
    assert "knee at 10" in plot.law("server", [(1, 100.0), (64, 400.0)], found.fit)
    assert "150 ms" in plot.latency("server", found.steps)
