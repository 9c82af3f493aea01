"""The arithmetic of the suite and its requests."""

import json
import random
from unittest.mock import Mock

import pytest

from hemline_bench import closed_loop
from hemline_bench.closed_loop import ClosedLoopResult
from hemline_bench.suites.serving import allocation, forecasts, limits, peers, request_files
from hemline_bench.suites.serving.forecasts import ForecastMismatch
from hemline_bench.suites.serving.limits import Parts
from hemline_bench.suites.serving.rounds import Contender, Rounds

JSTAT = """    S0C         EC           EU        YGC     FGCT
   1024.0     1000.0       250.5      3         -
"""


def forecast(median: float) -> dict[str, object]:
    quantiles = {"0.1": [1.0] * 13, "0.5": [median] * 13, "0.9": [3.0] * 13}
    return {"quantiles": quantiles, "weeks": ["2026-11-23"] * 13, "trend_class": "stable", "trend_score": 0.1}


def test_the_limit_is_the_sum_of_the_parts() -> None:
    assert Parts(row=130, echo=20, json=30, generator=20).per_second(2) == 10_000


def test_parses_the_bare_runtime_by_batch_and_skips_other_lines() -> None:
    assert limits.parse_rows("WARNING: something\n1 528.10\n8 177.25\n") == {1: 528.10, 8: 177.25}


def test_counts_allocation_across_collections() -> None:
    before, after = allocation.parse(JSTAT), allocation.parse(JSTAT.replace("250.5 ", "350.5 ").replace("3  ", "5  "))

    assert allocation.allocated(before, after) == 1024 * (100 + 2 * 1000)


def test_a_placeholder_keeps_the_number_of_weeks() -> None:
    body = request_files.with_placeholder(
        request_files.body(request_files.item(request_files.series(random.Random(1))))
    )

    filled = json.loads(body.replace("@", "123.5"))

    assert filled["items"][0]["series"][0] == 123.5
    assert len(filled["items"][0]["series"]) == request_files.WEEKS


def test_every_peer_gets_the_same_series() -> None:
    body = request_files.body(request_files.item(request_files.series(random.Random(1))))
    series = json.loads(body)["items"][0]["series"]
    forms = {peer.name: json.loads(peer.form(body)) for peer in peers.ALL}

    sent = {
        name: form["items"][0]["series"] if "items" in form else form["inputs"][0]["data"]
        for name, form in forms.items()
    }

    assert sent == {"FastAPI": series, "BentoML": series, "MLServer": series}


def test_forecasts_within_the_artifacts_tolerance_are_equal() -> None:
    forecasts.require_equal(forecast(2.0), forecast(2.001), "peer")


def test_names_the_first_difference_of_forecasts() -> None:
    with pytest.raises(ForecastMismatch, match=r"peer: quantile 0\.5 of week 0 is 2\.01, not 2\.0"):
        forecasts.require_equal(forecast(2.0), forecast(2.01), "peer")


def test_every_warm_up_and_round_has_its_own_seed_and_ratios_are_within_rounds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seeds: list[int] = []
    tails = iter([99.0, 99.0, 10.0, 40.0, 30.0, 60.0, 20.0, 100.0])

    def run(
        _children: object, _server: object, _base: str, _work: object, _seconds: float, seed: int
    ) -> ClosedLoopResult:
        seeds.append(seed)
        return ClosedLoopResult(100, 1, next(tails), 0, 100, 1, 1)

    monkeypatch.setattr(closed_loop, "run", run)
    both = [Contender(name, Mock(), Mock()) for name in ("ours", "theirs")]

    found = Rounds("any").measure(Mock(), both, 3, 6, 7, 1)

    assert len(set(seeds)) == 8
    assert found.of("ours", "p99_ms") / found.of("theirs", "p99_ms") == pytest.approx(1 / 3)
    assert found.ratio("ours", "theirs", "p99_ms") == 0.25
