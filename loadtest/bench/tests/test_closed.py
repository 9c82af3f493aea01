"""What wrk says is read."""

import pytest

from hemline_bench import closed
from hemline_bench.closed import NoLoad

SAID = """Running 1s test @ http://127.0.0.1:1
  64 connections

BENCH {"requests": 2000, "duration_us": 1000000, "p50_us": 500, "p99_us": 12345, "errors": 3}
"""


def test_reads_rate_percentiles_and_errors() -> None:
    found = closed.parse(SAID)

    assert (found.per_second, found.p50_ms, found.p99_ms, found.errors) == (2000, 0.5, 12.345, 3)


def test_spreads_the_cpu_over_the_requests() -> None:
    found = closed.parse(SAID, generator_cpu=0.1, server_cpu=1.0)

    assert (found.generator_cpu_us, found.server_cpu_us) == (50, 500)


def test_refuses_an_output_without_a_result() -> None:
    with pytest.raises(NoLoad, match="unable to connect"):
        closed.parse("unable to connect to 127.0.0.1:1")


def test_refuses_a_run_without_any_answer() -> None:
    with pytest.raises(NoLoad, match="no answer at all"):
        closed.parse('BENCH {"requests": 0, "duration_us": 1, "p50_us": 0, "p99_us": 0, "errors": 9}')
