"""Parsing the access log, and the objectives under overload."""

import json

from hemline_bench.suites.overload.access_log import parse, split
from hemline_bench.suites.overload.main import Flood, rows_of


def line(status: int, micros: int, second: int, route: str = "/v1/forecasts") -> str:
    return json.dumps(
        {"time": f"2026-11-26T10:00:{second:02}.000000Z", "route": route, "status": status, "duration_us": micros}
    )


def test_has_percentiles_by_status_for_forecasts_alone() -> None:
    lines = [line(200, 1000 * ms, ms % 60) for ms in range(1, 101)]
    lines += [line(503, 400, 1), line(200, 9_000_000, 1, "/health/ready")]

    seen = parse(lines)

    assert seen.count(200) == 100
    assert seen.millis(200, 95) == 96
    assert seen.millis(503, 99) == 0.4
    assert seen.millis(504, 99) == 0
    assert seen.total() == 101


def test_averages_the_rate_from_the_first_to_the_last() -> None:
    seen = parse([line(200, 1000, second) for second in range(11)])

    assert abs(seen.per_second() - 1) < 1e-6


def test_capacity_is_the_best_second() -> None:
    seen = parse([line(200, 1000, 1), line(200, 1000, 2), line(200, 1000, 2), line(503, 1000, 3)])

    assert seen.best_second() == 2
    assert parse([]).best_second() == 0


def test_splits_the_requests_after_the_overload() -> None:
    lines = [line(200, 1000, 1), line(503, 1000, 3), line(200, 1000, 5), line(200, 1000, 6, "/health/ready")]

    flood, after = split(lines, 3.5)

    assert (flood.count(200), flood.count(503)) == (1, 1)
    assert (after.count(200), after.total()) == (1, 1)
    assert split([], 1) == (parse([]), parse([]))


def test_every_objective_of_an_overload_is_checked() -> None:
    good = parse([line(200, 120_000, 1), line(503, 900, 1)])
    bad = parse([line(200, 250_000, 1), line(503, 9_000, 1), line(504, 10_000_000, 1)])
    full = parse([line(200, 8_000, second) for second in (1, 2, 3)])
    half = parse([line(200, 8_000, second) for second in (1, 3, 5)])

    met = rows_of(3, Flood(900, good, (100, 101), 0, full, full))
    missed = rows_of(3, Flood(900, bad, (100, 150), 17, full, half))

    assert all(row.reached for row in met)
    assert not any(row.reached for row in missed)
