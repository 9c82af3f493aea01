"""The server's conformance to the Open Inference Protocol, clause by clause."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest

from conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Server

RUNNER = ROOT / "loadtest" / "oip-conformance"


def conformance(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the conformance runner."""
    return subprocess.run(
        [sys.executable, str(RUNNER), *arguments], capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize(("model", "skipped"), [("trend", 0), ("trend-image-encoder", 2)])
def test_every_clause_passes(demo: Server, tmp_path: Path, model: str, skipped: int) -> None:
    junit = tmp_path / "report.xml"

    run = conformance(f"http://127.0.0.1:{demo.port}", "--model", model, "--junit", str(junit))

    assert run.returncode == 0, run.stdout + run.stderr
    suite = ET.parse(junit).getroot()  # noqa: S314 - our own file
    assert int(suite.attrib["tests"]) == len(suite) > 50
    assert suite.attrib["failures"] == "0"
    assert int(suite.attrib["skipped"]) == skipped


def test_a_failed_clause_fails_the_run(demo: Server) -> None:
    run = conformance(f"http://127.0.0.1:{demo.port}/no/such/prefix", "--model", "trend", "--only", "live")

    assert run.returncode == 1
    assert "fail  live is answered with 200 [rest § API Definitions]" in run.stdout


def test_an_unreachable_server_has_its_own_exit_code() -> None:
    run = conformance("http://127.0.0.1:9", "--model", "trend")

    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 1
