"""The scenarios of loadtest/ in a short form, before real servers.

No threshold here is one of time: the machine may be slow. `make load` holds them to their times.
"""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import pytest

from conftest import READY_SECONDS, ROOT
from edge import start_server

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chain import Chain
    from conftest import Server
    from edge import Edge

K6 = ROOT / ".cache" / "bin" / "k6"
SLOW = {"OWN_MS": "60000", "CONTRACT_MS": "60000"}

pytestmark = pytest.mark.skipif(not K6.exists(), reason="k6 is not there: make .cache/bin/k6")


def ask(scenario: str, target: str, out: Path, **values: str) -> tuple[int, dict[str, Any]]:
    """Run a scenario; return k6's exit code and what it measured."""
    out.mkdir(exist_ok=True)
    done = subprocess.run(
        [str(K6), "run", "--quiet", "--no-usage-report", str(ROOT / "loadtest" / f"{scenario}.js")],
        env=os.environ | SLOW | {"TARGET": target, "OUT": str(out)} | values,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    print(done.stdout, done.stderr)
    return done.returncode, json.loads((out / f"{scenario}.json").read_text())["metrics"]


def value(metrics: dict[str, Any], name: str, stat: str = "rate") -> float:
    found: float = metrics[name]["values"][stat]
    return found


def test_smoke_keeps_its_promises_and_leaves_its_reports(replicas: list[Server], tmp_path: Path) -> None:
    server = replicas[0]

    status, metrics = ask(
        "smoke",
        f"http://127.0.0.1:{server.port}",
        tmp_path,
        ADMIN=f"http://127.0.0.1:{server.admin_port}",
        DURATION="5s",
    )

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
    status, _ = ask("smoke", f"http://127.0.0.1:{replicas[0].port}", tmp_path, DURATION="2s", CONTRACT_MS="0.0001")

    assert status == 99
    failed = ET.parse(tmp_path / "smoke.junit.xml").getroot().findall("testcase/failure")  # noqa: S314
    assert ["p(95)<=0.0001" in failure.attrib["message"] for failure in failed] == [True]


def test_no_question_fails_while_a_replica_behind_nginx_is_killed(
    start_edge: Callable[..., Edge], replicas: list[Server], tmp_path: Path
) -> None:
    victim = start_server(tmp_path / "victim.log")
    victim.wait_until_ready(2 * READY_SECONDS)
    edge = start_edge([victim.port, replicas[0].port])
    murder = threading.Timer(4, victim.process.kill)

    murder.start()
    _, metrics = ask(
        "faults",
        f"https://localhost:{edge.port}",
        tmp_path / "out",
        SSL_CERT_FILE=str(edge.folder / "certificate.pem"),
        DURATION="8s",
        RATE="60",
    )
    victim.process.wait()

    assert value(metrics, "http_req_failed{scenario:asking}") == 0
    assert value(metrics, "checks{scenario:asking}") == 1


def test_a_warm_edge_answers_most_of_the_mix_by_itself(chain: Chain, tmp_path: Path) -> None:
    steady = {"HOP": "hemline-edge", "RATE": "50", "DURATION": "10s"}

    _, cold = ask("steady", chain.worker.url, tmp_path / "cold", **steady)
    time.sleep(1)
    _, warm = ask("steady", chain.worker.url, tmp_path / "warm", **steady)

    for metrics in (cold, warm):
        assert value(metrics, "http_req_failed{scenario:asking}") == 0
        assert value(metrics, "checks{scenario:asking}") == 1
    assert value(warm, "from_cache") >= 0.85
