"""Short runs of the scenarios in loadtest/ against real servers.

They have no thresholds of time, because the machine may be slow; `make load` has.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import pytest

from conftest import DEMO_STORE, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chain import Chain
    from conftest import Server

K6 = ROOT / ".cache" / "bin" / "k6"
SLOW = {"OWN_MS": "60000", "CONTRACT_MS": "60000"}

pytestmark = pytest.mark.skipif(not K6.exists(), reason="k6 is missing: make .cache/bin/k6")


def k6(script: str) -> list[str]:
    return [str(K6), "run", "--quiet", "--no-usage-report", str(ROOT / "loadtest" / script)]


def completed(command: list[str], **values: str) -> subprocess.CompletedProcess[str]:
    """Run a command with an extended environment to completion."""
    done = subprocess.run(
        command,
        env=os.environ | SLOW | values,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    print(done.stdout, done.stderr)
    return done


def run_scenario(scenario: str, target: str, out: Path, **values: str) -> tuple[int, dict[str, Any]]:
    """Run a scenario; return k6's exit code and its metrics."""
    out.mkdir(exist_ok=True)
    done = completed(k6(f"{scenario}.js"), TARGET=target, OUT=str(out), **values)
    return done.returncode, metrics_of(scenario, out)


def metrics_of(scenario: str, out: Path) -> dict[str, Any]:
    metrics: dict[str, Any] = json.loads((out / f"{scenario}.json").read_text())["metrics"]
    return metrics


def crossed(scenario: str, out: Path) -> set[str]:
    """Return the crossed thresholds by the JUnit report."""
    cases = ET.parse(out / f"{scenario}.junit.xml").getroot().findall("testcase")  # noqa: S314
    return {case.attrib["name"] for case in cases if case.find("failure") is not None}


def public(server: Server) -> str:
    return f"http://127.0.0.1:{server.port}"


def admin(server: Server) -> str:
    return f"http://127.0.0.1:{server.admin_port}"


def value(metrics: dict[str, Any], name: str, stat: str = "rate") -> float:
    found: float = metrics[name]["values"][stat]
    return found


def test_durations_are_parsed_as_by_k6() -> None:
    done = completed(k6("lib/duration.test.js"))

    assert done.returncode == 0
    assert "rate=100.00%" in done.stdout


def test_smoke_meets_its_thresholds_and_writes_its_reports(replicas: list[Server], tmp_path: Path) -> None:
    status, metrics = run_scenario("smoke", public(replicas[0]), tmp_path, ADMIN=admin(replicas[0]), DURATION="5s")

    assert status in {0, 99}  # 99: the threshold of the CPU on a busy machine
    assert value(metrics, "http_req_failed{scenario:asking}") == 0
    assert value(metrics, "checks{scenario:asking}") == 1
    assert value(metrics, "server_memory_share", "max") > 0
    suite = ET.parse(tmp_path / "smoke.junit.xml").getroot()  # noqa: S314
    assert int(suite.attrib["tests"]) == len(suite.findall("testcase")) >= 6
    exposition = (tmp_path / "smoke.prom").read_text()
    assert (
        'hemline_load_promise_kept{script="smoke",metric="http_req_failed{scenario:asking}",must="rate==0"} 1'
        in exposition
    )


def test_a_crossed_threshold_fails_the_run_and_is_named(replicas: list[Server], tmp_path: Path) -> None:
    status, _ = run_scenario("smoke", public(replicas[0]), tmp_path, DURATION="2s", CONTRACT_MS="0.0001")

    assert status == 99
    assert crossed("smoke", tmp_path) == {"http_req_duration{scenario:asking} p(95)<=0.0001"}


def test_unreachable_metrics_and_a_bypassed_hop_cross_thresholds(replicas: list[Server], tmp_path: Path) -> None:
    unreachable = "http://127.0.0.1:9"

    status, _ = run_scenario(
        "smoke", public(replicas[0]), tmp_path, DURATION="2s", ADMIN=unreachable, THROUGH="hemline-nginx"
    )

    assert status == 99
    assert crossed("smoke", tmp_path) == {
        "checks{scenario:asking} rate==1",
        "checks{scenario:watching} rate==1",
        "server_cpu_share avg>0",
        "server_memory_share min>0",
    }


def test_too_few_requests_cross_a_threshold(replicas: list[Server], tmp_path: Path) -> None:
    values = {"TARGET": public(replicas[0]), "OUT": str(tmp_path), "DURATION": "30s"}

    with subprocess.Popen(k6("steady.js"), env=os.environ | SLOW | values | {"RATE": "20"}) as running:
        time.sleep(4)
        running.send_signal(signal.SIGINT)

    assert "answers_checked count>=594" in crossed("steady", tmp_path)


def test_no_request_fails_while_a_replica_behind_nginx_is_killed_and_restarted(tmp_path: Path) -> None:
    done = completed(
        [str(ROOT / "loadtest" / "run.sh"), "faults"], OUT=str(tmp_path), DURATION="0m6s", RATE="40", K6=str(K6)
    )

    metrics = metrics_of("faults", tmp_path)
    assert value(metrics, "victim_died", "count") == 1, done.stdout
    assert value(metrics, "victim_returned", "count") == 1
    assert value(metrics, "http_req_failed{scenario:asking}") == 0
    assert value(metrics, "checks{scenario:asking}") == 1
    assert value(metrics, "answers_checked", "count") >= 237
    assert done.returncode in {0, 99}  # 99: requests that a busy machine started too late


def test_a_missing_fault_crosses_a_threshold(replicas: list[Server], tmp_path: Path) -> None:
    victim = public(replicas[1]) + "/health/ready"

    status, _ = run_scenario("faults", public(replicas[0]), tmp_path, VICTIM=victim, DURATION="3s", RATE="20")

    assert status == 99
    assert crossed("faults", tmp_path) == {"victim_died count==1", "victim_returned count==1"}


def test_faults_are_never_injected_into_an_external_target() -> None:
    done = completed([str(ROOT / "loadtest" / "run.sh"), "faults"], TARGET="http://127.0.0.1:9", K6=str(K6))

    assert done.returncode == 2
    assert "takes no TARGET" in done.stderr


def test_swaps_are_counted_by_the_servers_metrics(start: Callable[..., Server], tmp_path: Path) -> None:
    server = start(shutil.copytree(DEMO_STORE, tmp_path / "store"))
    swapping = {"ADMIN": admin(server), "SWAPS": "2", "RATE": "20"}

    _, metrics = run_scenario("swap", public(server), tmp_path / "enough", EVERY="0s", DURATION="6s", **swapping)
    _, short = run_scenario("swap", public(server), tmp_path / "short", EVERY="9s", DURATION="4s", **swapping)

    assert value(metrics, "swaps", "count") == 2
    assert value(metrics, "answers_of_other_versions", "count") == 0
    assert value(short, "swaps", "count") == 1
    assert "swaps count==2" in crossed("swap", tmp_path / "short")


def test_a_warm_worker_answers_most_requests_from_its_cache(chain: Chain, tmp_path: Path) -> None:
    steady = {"HOP": "hemline-edge", "THROUGH": "hemline-edge", "RATE": "50", "DURATION": "10s"}

    _, cold = run_scenario("steady", chain.worker.url, tmp_path / "cold", **steady)
    time.sleep(1)
    _, warm = run_scenario("steady", chain.worker.url, tmp_path / "warm", **steady)

    for metrics in (cold, warm):
        assert value(metrics, "http_req_failed{scenario:asking}") == 0
        assert value(metrics, "checks{scenario:asking}") == 1
    assert value(warm, "from_cache") >= 0.85
