"""Forecasts of the demo model over HTTP."""

from __future__ import annotations

import json
import os
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from conftest import ROOT, TRAINER, Server, own_series

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BASELINE = 0.6969
"""The figure of the three-line baseline on HERMES."""


def test_a_known_trend_gets_a_score_a_class_and_a_version(start: Callable[..., Server]) -> None:
    server = start()
    trend = server.request("/v1/trends?limit=1").json()["trends"][0]

    answer = server.request(f"/predict?hashtags=%23{trend['hashtag']}&market={trend['market']}").json()

    assert answer["hashtags"] == [trend["hashtag"]]
    assert answer["trend_class"] in {"rising", "stable", "falling"}
    assert answer["trend_score"] == pytest.approx(trend["trend_score"], abs=1e-4)
    assert answer["model_version"] == server.live_version()


def test_the_readme_shows_what_the_demo_answers(start: Callable[..., Server]) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    question = re.search(r"curl 'http://127\.0\.0\.1:8080(/predict\?[^']+)'", readme)
    shown = re.search(r'^\{"trend_score".+\}$', readme, re.MULTILINE)
    assert question, "README.md shows no first question"
    assert shown, "README.md shows no answer to its first question"

    answer = start().request(question[1]).json()

    expected = json.loads(shown[0])
    assert answer.pop("trend_score") == pytest.approx(expected.pop("trend_score"), abs=1e-3)
    assert answer == expected


def test_the_full_form_has_13_weeks_of_ordered_quantiles_and_drivers(start: Callable[..., Server]) -> None:
    server = start()

    forecast = server.request("/v1/forecasts", own_series()).json()["forecasts"][0]

    low, middle, high = (forecast["quantiles"][level] for level in ("0.1", "0.5", "0.9"))
    assert len(forecast["weeks"]) == len(low) == 13
    assert forecast["weeks"][0] == "2026-11-23"
    assert all(a <= b <= c for a, b, c in zip(low, middle, high, strict=True))
    assert 0 < sum(week["weight"] for week in forecast["drivers"]["weeks"]) <= 1.0001


def test_equal_requests_get_equal_bytes(start: Callable[..., Server]) -> None:
    server = start()

    first, second = (server.request("/v1/forecasts", own_series()) for _ in range(2))

    assert first.body == second.body
    assert first.headers["ETag"] == second.headers["ETag"]


def test_a_series_times_1000_gets_the_forecast_times_1000(start: Callable[..., Server]) -> None:
    server = start()
    original = own_series()
    scaled = own_series()
    scaled["items"][0]["series"] = [1000 * value for value in original["items"][0]["series"]]

    small, large = (
        server.request("/v1/forecasts", body).json()["forecasts"][0]["quantiles"]["0.5"] for body in (original, scaled)
    )

    assert large == pytest.approx([1000 * value for value in small], rel=1e-4)


def test_hermes_through_the_server_beats_the_baseline(start: Callable[..., Server], tmp_path: Path) -> None:
    if not os.environ.get("HEMLINE_DATA"):
        pytest.skip("HEMLINE_DATA is not set: it names the folder that holds hermes_f1_100")
    server = start()

    run = subprocess.run(
        [TRAINER, "benchmark", "hermes", "--url", f"http://127.0.0.1:{server.port}"],
        capture_output=True, text=True, cwd=tmp_path, timeout=120, check=False, env=dict(os.environ, COLUMNS="160"),
    )  # fmt: skip

    assert run.returncode == 0, run.stdout + run.stderr
    print(run.stdout)
    figure = re.search(r"^\s*hemline\s+(\d\.\d+)$", run.stdout, re.MULTILINE)
    assert figure, f"no row 'hemline' in:\n{run.stdout}"
    assert float(figure[1]) < BASELINE
