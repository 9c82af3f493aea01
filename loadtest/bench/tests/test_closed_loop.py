"""Parsing wrk's output."""

import pytest

from hemline_bench import closed_loop
from hemline_bench.closed_loop import LoadFailed

OUTPUT = """Running 1s test @ http://127.0.0.1:1
  64 connections

BENCH {"requests": 2000, "duration_us": 1000000, "p50_us": 500, "p99_us": 12345, "errors": 3}
"""


def test_reads_rate_percentiles_and_errors() -> None:
    found = closed_loop.parse(OUTPUT)

    assert (found.per_second, found.p50_ms, found.p99_ms, found.errors) == (2000, 0.5, 12.345, 3)


def test_divides_the_cpu_time_by_the_requests() -> None:
    found = closed_loop.parse(OUTPUT, generator_cpu=0.1, server_cpu=1.0)

    assert (found.generator_cpu_us, found.server_cpu_us) == (50, 500)


def test_refuses_an_output_without_a_result() -> None:
    with pytest.raises(LoadFailed, match="unable to connect"):
        closed_loop.parse("unable to connect to 127.0.0.1:1")


def test_refuses_a_run_without_any_response() -> None:
    with pytest.raises(LoadFailed, match="got no response"):
        closed_loop.parse('BENCH {"requests": 0, "duration_us": 1, "p50_us": 0, "p99_us": 0, "errors": 9}')
