"""Every alert fires on its fault alone, none fires in health, and a missing metric fires one too.

promtool evaluates the rules on series of four hours with a sample per minute, and reports the firing alerts.
"""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from conftest import PROMTOOL, ROOT

if TYPE_CHECKING:
    from pathlib import Path

RULES = ROOT / "deploy" / "monitoring" / "alerts.yml"
ALERTS = re.findall(r"alert: (\w+)", RULES.read_text())
MINUTES = 240
SERVER = 'job="hemline", instance="a:8081"'
STEADY = 'job="node", script="steady"'
BUCKETS = [
    f'http_request_duration_seconds_bucket{{{SERVER}, route="/predict", status="200", le="{le}"}}'
    for le in ("0.1", "1", "+Inf")
]

HEALTHY = {
    f"up{{{SERVER}}}": "1x240",
    f'model_state{{{SERVER}, state="live", version="2"}}': "1x240",
    f'model_version_info{{{SERVER}, version="2"}}': "1x240",
    f'model_swap_total{{{SERVER}, outcome="success"}}': "1x240",
    **dict.fromkeys(BUCKETS, "0+60x240"),
    f'http_request_duration_seconds_count{{{SERVER}, route="/predict", status="200"}}': "0+60x240",
    f'forecast_shed_total{{{SERVER}, reason="queue_full"}}': "0x240",
    f"features_age_seconds{{{SERVER}}}": "3600x240",
    f"process_cpu_seconds_total{{{SERVER}}}": "0+12x240",
    f"process_cpus{{{SERVER}}}": "2x240",
    f"process_resident_memory_bytes{{{SERVER}}}": "1000000000x240",
    f"process_memory_limit_bytes{{{SERVER}}}": "4000000000x240",
    f'hemline_load_promise_kept{{{STEADY}, metric="http_req_failed", must="rate==0"}}': "1x240",
    f"hemline_load_finished_seconds{{{STEADY}}}": "0+60x240",
}

BROKEN = {
    "a server is down": ("HemlineDown", {f"up{{{SERVER}}}": "0x240"}),
    "a model failed and none is live": (
        "HemlineHasNoModel",
        {
            f'model_state{{{SERVER}, state="live", version="2"}}': None,
            f'model_state{{{SERVER}, state="failed", version="2"}}': "1x240",
        },
    ),
    "forecasts take a second": ("HemlineIsSlow", {BUCKETS[0]: "0x240"}),
    "a tenth of the answers are 500": (
        "HemlineFails",
        {f'http_request_duration_seconds_count{{{SERVER}, route="/predict", status="500"}}': "0+6x240"},
    ),
    "requests are shed": ("HemlineSheds", {f'forecast_shed_total{{{SERVER}, reason="queue_full"}}': "0+5x240"}),
    "a version failed to load": (
        "HemlineSwapFailed",
        {f'model_swap_total{{{SERVER}, outcome="failed"}}': "0x230 1x9"},
    ),
    "two versions are live": ("HemlineVersionsDiffer", {f'model_version_info{{{SERVER}, version="1"}}': "1x240"}),
    "features are nine days old": ("HemlineFeaturesAreOld", {f"features_age_seconds{{{SERVER}}}": "777600x240"}),
    "there are no features": (
        "HemlineFeaturesAreOld",
        {f"features_age_seconds{{{SERVER}}}": " ".join(["NaN"] * MINUTES)},
    ),
    "the CPU is busy": ("HemlineIsFull", {f"process_cpu_seconds_total{{{SERVER}}}": "0+110x240"}),
    "memory is full": ("HemlineIsFull", {f"process_resident_memory_bytes{{{SERVER}}}": "3900000000x240"}),
    "an objective is missed": (
        "HemlinePromiseBroken",
        {f'hemline_load_promise_kept{{{STEADY}, metric="http_req_failed", must="rate==0"}}': "0x240"},
    ),
    "no scenario has run for hours": (
        "HemlinePromisesUnasked",
        {f"hemline_load_finished_seconds{{{STEADY}}}": "0x240"},
    ),
    "a metric is missing": ("HemlineMetricMissing", {f"process_cpus{{{SERVER}}}": None}),
}

ALERT_OF_MISSING_METRIC = {
    "up": "HemlineDown",
    "model_state": "HemlineHasNoModel",
    "hemline_load_finished_seconds": "HemlinePromisesUnasked",
    "hemline_load_promise_kept": "HemlinePromiseBroken",
}
"""The alert that fires when a metric is missing; for all others it is HemlineMetricMissing."""


def firing(folder: Path, changes: dict[str, str | None]) -> dict[str, int]:
    """Return how many instances of each alert fire at the end; a change to None removes a series."""
    series = {name: values for name, values in (HEALTHY | changes).items() if values is not None}
    expressions = [
        {
            "expr": f'count(ALERTS{{alertname="{alert}", alertstate="firing"}}) or vector(0)',
            "eval_time": f"{MINUTES - 1}m",
            "exp_samples": [],
        }
        for alert in ALERTS
    ]
    test = {
        "rule_files": [str(RULES)],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": [{"series": name, "values": values} for name, values in series.items()],
                "promql_expr_test": expressions,
            }
        ],
    }
    path = folder / "alerts.json"
    path.write_text(json.dumps(test))
    # The test expects no sample, so promtool reports every sample as a failure.
    done = subprocess.run([str(PROMTOOL), "test", "rules", str(path)], capture_output=True, text=True, check=False)
    counts = re.findall(
        r'alertname="(\w+)".*?got: \{\} ([0-9.E+-]+)', (done.stdout + done.stderr).replace("\\", ""), re.DOTALL
    )
    assert len(counts) == len(ALERTS), done.stdout + done.stderr
    return {alert: int(float(count)) for alert, count in counts if float(count)}


def test_no_alert_fires_in_health(tmp_path: Path) -> None:
    assert firing(tmp_path, {}) == {}


def test_a_server_that_never_had_a_model_pages_once(tmp_path: Path) -> None:
    model_metrics = ("model_state", "model_version_info", "model_swap_total")
    missing: dict[str, str | None] = {name: None for name in HEALTHY if name.startswith(model_metrics)}

    assert firing(tmp_path, missing) == {"HemlineHasNoModel": 1}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_fault_fires_its_alert_alone(tmp_path: Path, fault: str) -> None:
    alert, changes = BROKEN[fault]

    assert firing(tmp_path, changes) == {alert: 1}


def test_every_alert_is_seen_to_fire() -> None:
    assert {alert for alert, _ in BROKEN.values()} == set(ALERTS)


@pytest.mark.parametrize("metric", sorted({name.split("{")[0] for name in HEALTHY}))
def test_a_missing_metric_fires_an_alert(tmp_path: Path, metric: str) -> None:
    missing: dict[str, str | None] = {name: None for name in HEALTHY if name.startswith(metric + "{")}

    assert ALERT_OF_MISSING_METRIC.get(metric, "HemlineMetricMissing") in firing(tmp_path, missing)
