"""The scenarios of loadtest/ in a short form, before real servers.

No threshold here is one of time: the machine may be slow. `make load` holds them to their times.
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

pytestmark = pytest.mark.skipif(not K6.exists(), reason="k6 is not there: make .cache/bin/k6")


def k6(script: str) -> list[str]:
    return [str(K6), "run", "--quiet", "--no-usage-report", str(ROOT / "loadtest" / script)]


def finished(command: list[str], **values: str) -> subprocess.CompletedProcess[str]:
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


def ask(scenario: str, target: str, out: Path, **values: str) -> tuple[int, dict[str, Any]]:
    """Run a scenario; return k6's exit code and what it measured."""
    out.mkdir(exist_ok=True)
    done = finished(k6(f"{scenario}.js"), TARGET=target, OUT=str(out), **values)
    return done.returncode, measured(scenario, out)


def measured(scenario: str, out: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / f"{scenario}.json").read_text())["metrics"]
    return found


def broken(scenario: str, out: Path) -> set[str]:
    """Return the promises that JUnit is told were broken."""
    cases = ET.parse(out / f"{scenario}.junit.xml").getroot().findall("testcase")  # noqa: S314
    return {case.attrib["name"] for case in cases if case.find("failure") is not None}


def public(server: Server) -> str:
    return f"http://127.0.0.1:{server.port}"


def admin(server: Server) -> str:
    return f"http://127.0.0.1:{server.admin_port}"


def value(metrics: dict[str, Any], name: str, stat: str = "rate") -> float:
    found: float = metrics[name]["values"][stat]
    return found


def test_times_are_read_as_k6_reads_them() -> None:
    done = finished(k6("lib/duration.test.js"))

    assert done.returncode == 0
    assert "rate=100.00%" in done.stdout


def test_smoke_keeps_its_promises_and_leaves_its_reports(replicas: list[Server], tmp_path: Path) -> None:
    status, metrics = ask("smoke", public(replicas[0]), tmp_path, ADMIN=admin(replicas[0]), DURATION="5s")

    assert status in {0, 99}  # 99: the share of a CPU that a busy machine leaves to nobody
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


def test_a_broken_promise_fails_the_run_and_is_named(replicas: list[Server], tmp_path: Path) -> None:
    status, _ = ask("smoke", public(replicas[0]), tmp_path, DURATION="2s", CONTRACT_MS="0.0001")

    assert status == 99
    assert broken("smoke", tmp_path) == {"http_req_duration{scenario:asking} p(95)<=0.0001"}


def test_servers_that_cannot_be_watched_and_a_way_that_was_not_taken_break_promises(
    replicas: list[Server], tmp_path: Path
) -> None:
    nobody = "http://127.0.0.1:9"

    status, _ = ask("smoke", public(replicas[0]), tmp_path, DURATION="2s", ADMIN=nobody, THROUGH="hemline-nginx")

    assert status == 99
    assert broken("smoke", tmp_path) == {
        "checks{scenario:asking} rate==1",
        "checks{scenario:watching} rate==1",
        "server_cpu_share avg>0",
        "server_memory_share min>0",
    }


def test_questions_that_were_not_asked_break_a_promise(replicas: list[Server], tmp_path: Path) -> None:
    values = {"TARGET": public(replicas[0]), "OUT": str(tmp_path), "DURATION": "30s"}

    with subprocess.Popen(k6("steady.js"), env=os.environ | SLOW | values | {"RATE": "20"}) as running:
        time.sleep(4)
        running.send_signal(signal.SIGINT)

    assert "answers_checked count>=594" in broken("steady", tmp_path)


def test_no_question_fails_while_a_replica_behind_nginx_is_killed_and_comes_back(tmp_path: Path) -> None:
    done = finished(
        [str(ROOT / "loadtest" / "run.sh"), "faults"], OUT=str(tmp_path), DURATION="0m6s", RATE="40", K6=str(K6)
    )

    metrics = measured("faults", tmp_path)
    assert value(metrics, "victim_died", "count") == 1, done.stdout
    assert value(metrics, "victim_returned", "count") == 1
    assert value(metrics, "http_req_failed{scenario:asking}") == 0
    assert value(metrics, "checks{scenario:asking}") == 1
    assert value(metrics, "answers_checked", "count") >= 237
    assert done.returncode in {0, 99}  # 99: questions that a busy machine did not start in time


def test_a_fault_that_nobody_injects_breaks_a_promise(replicas: list[Server], tmp_path: Path) -> None:
    victim = public(replicas[1]) + "/health/ready"

    status, _ = ask("faults", public(replicas[0]), tmp_path, VICTIM=victim, DURATION="3s", RATE="20")

    assert status == 99
    assert broken("faults", tmp_path) == {"victim_died count==1", "victim_returned count==1"}


def test_faults_are_never_injected_into_a_target_that_runs_already() -> None:
    done = finished([str(ROOT / "loadtest" / "run.sh"), "faults"], TARGET="http://127.0.0.1:9", K6=str(K6))

    assert done.returncode == 2
    assert "takes no TARGET" in done.stderr


def test_swaps_are_counted_by_what_the_servers_say(start: Callable[..., Server], tmp_path: Path) -> None:
    server = start(shutil.copytree(DEMO_STORE, tmp_path / "store"))
    swapping = {"ADMIN": admin(server), "SWAPS": "2", "RATE": "20"}

    _, metrics = ask("swap", public(server), tmp_path / "enough", EVERY="0s", DURATION="6s", **swapping)
    _, short = ask("swap", public(server), tmp_path / "short", EVERY="9s", DURATION="4s", **swapping)

    assert value(metrics, "swaps", "count") == 2
    assert value(metrics, "answers_of_other_versions", "count") == 0
    assert value(short, "swaps", "count") == 1
    assert "swaps count==2" in broken("swap", tmp_path / "short")


def test_a_warm_edge_answers_most_of_the_mix_by_itself(chain: Chain, tmp_path: Path) -> None:
    steady = {"HOP": "hemline-edge", "THROUGH": "hemline-edge", "RATE": "50", "DURATION": "10s"}

    _, cold = ask("steady", chain.worker.url, tmp_path / "cold", **steady)
    time.sleep(1)
    _, warm = ask("steady", chain.worker.url, tmp_path / "warm", **steady)

    for metrics in (cold, warm):
        assert value(metrics, "http_req_failed{scenario:asking}") == 0
        assert value(metrics, "checks{scenario:asking}") == 1
    assert value(warm, "from_cache") >= 0.85
