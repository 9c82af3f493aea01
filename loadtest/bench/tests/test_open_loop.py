"""Parsing k6's summary."""

from typing import Any

import pytest

from hemline_bench import open_loop
from hemline_bench.closed_loop import LoadFailed


def metrics(dropped: int) -> dict[str, Any]:
    values = {"med": 0.4, "p(95)": 2.5, "p(99)": 4.0, "max": 9.0}
    return {
        "http_req_duration{scenario:requests}": {"values": values},
        "http_req_failed{scenario:requests}": {"values": {"rate": 0.01, "passes": 5, "fails": 495}},
        "http_reqs{scenario:requests}": {"values": {"count": 500, "rate": 100}},
        "dropped_iterations": {"values": {"count": dropped}},
    }


def test_reads_the_percentiles_and_counts_the_failed() -> None:
    found = open_loop.parse(metrics(dropped=0))

    assert (found.requests, found.failed, found.p95_ms, found.p99_ms) == (500, 5, 2.5, 4.0)


def test_a_run_with_dropped_requests_is_not_clean() -> None:
    found = open_loop.parse(metrics(dropped=7))

    assert found.dropped == 7
    assert not found.clean()


def test_names_a_metric_that_the_summary_lacks() -> None:
    with pytest.raises(LoadFailed, match="http_req_duration"):
        open_loop.parse({})
