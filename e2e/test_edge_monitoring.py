"""The alerts and the dashboard name only metrics that the servers and k6 export."""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING

from conftest import PROMTOOL, ROOT, own_series

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Server

MONITORING = ROOT / "deploy" / "monitoring"
METRIC = re.compile(r"\b(?:forecast|http|model|features|process|hemline)_[a-z_]+\b")
BY_K6 = {"hemline_load_promise_kept", "hemline_load_value", "hemline_load_finished_seconds"}


def expressions() -> Iterator[str]:
    for line in (MONITORING / "alerts.yml").read_text().split("- alert: ")[1:]:
        yield line.split("labels:")[0]
    dashboard = json.loads((MONITORING / "dashboard.json").read_text())
    for panel in dashboard["panels"]:
        yield from (target["expr"] for target in panel["targets"])
    yield from (annotation["expr"] for annotation in dashboard["annotations"]["list"])


def test_every_metric_of_the_alerts_and_the_dashboard_is_in_a_scrape(replicas: list[Server]) -> None:
    server = replicas[0]
    server.request("/v1/forecasts", own_series(seed=77))
    exported = {sample.name for sample in server.samples()}

    named = {name for expression in expressions() for name in METRIC.findall(expression)}

    assert len(named) > 15
    assert named - BY_K6 - exported == set()
    summary = (ROOT / "loadtest" / "lib" / "summary.js").read_text()
    assert all(name in summary for name in BY_K6)


def test_promtool_accepts_the_configuration() -> None:
    checked = subprocess.run(
        [str(PROMTOOL), "check", "config", str(MONITORING / "prometheus.yml")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "12 rules found" in checked.stdout
