"""What is read of the access log, and what is promised of a flood."""

import json

from hemline_bench.suites.overload.inside import parse, split
from hemline_bench.suites.overload.main import Flood, rows_of


def line(status: int, micros: int, second: int, route: str = "/v1/forecasts") -> str:
    return json.dumps(
        {"time": f"2026-11-26T10:00:{second:02}.000000Z", "route": route, "status": status, "duration_us": micros}
    )


def test_tells_percentiles_by_status_and_leaves_other_paths_out() -> None:
    lines = [line(200, 1000 * ms, ms % 60) for ms in range(1, 101)]
    lines += [line(503, 400, 1), line(200, 9_000_000, 1, "/health/ready")]

    seen = parse(lines)

    assert seen.count(200) == 100
    assert seen.millis(200, 95) == 96
    assert seen.millis(503, 99) == 0.4
    assert seen.millis(504, 99) == 0
    assert seen.total() == 101


def test_counts_answers_a_second_from_the_first_to_the_last() -> None:
    seen = parse([line(200, 1000, second) for second in range(11)])

    assert abs(seen.per_second() - 1) < 1e-6


def test_capacity_is_that_of_the_best_second() -> None:
    seen = parse([line(200, 1000, 1), line(200, 1000, 2), line(200, 1000, 2), line(503, 1000, 3)])

    assert seen.best_second() == 2
    assert parse([]).best_second() == 0


def test_what_began_after_the_flood_is_read_apart() -> None:
    lines = [line(200, 1000, 1), line(503, 1000, 3), line(200, 1000, 5), line(200, 1000, 6, "/health/ready")]

    flood, after = split(lines, 3.5)

    assert (flood.count(200), flood.count(503)) == (1, 1)
    assert (after.count(200), after.total()) == (1, 1)
    assert split([], 1) == (parse([]), parse([]))


def test_a_flood_is_held_to_every_promise() -> None:
    good = parse([line(200, 120_000, 1), line(503, 900, 1)])
    bad = parse([line(200, 250_000, 1), line(503, 9_000, 1), line(504, 10_000_000, 1)])
    full = parse([line(200, 8_000, second) for second in (1, 2, 3)])
    half = parse([line(200, 8_000, second) for second in (1, 3, 5)])

    kept = rows_of(3, Flood(900, good, (100, 101), 0, full, full))
    broken = rows_of(3, Flood(900, bad, (100, 150), 17, full, half))

    assert all(row.reached for row in kept)
    assert not any(row.reached for row in broken)
