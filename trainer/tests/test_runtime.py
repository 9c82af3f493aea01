"""Golden answers, microseconds per row and the cost of a trial are measured in the runtime of the servers."""

import re
import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path

import onnxruntime
import pytest

ROOT = Path(__file__).parents[2]
MAVEN = Path.home() / ".m2" / "repository"
POM = "{http://maven.apache.org/POM/4.0.0}"


def pinned(requirements: list[str]) -> str:
    """The version of ONNX Runtime that a list of requirements asks for."""
    (version,) = (each.split("==")[1] for each in requirements if each.startswith("onnxruntime=="))
    return version


def of_the_trainer() -> str:
    text = (ROOT / "trainer" / "pyproject.toml").read_text(encoding="utf-8")
    return pinned(tomllib.loads(text)["project"]["dependencies"])


def of_the_server() -> str:
    """What the engine named in pom.xml brings along, by its own pom."""
    engine = ET.parse(ROOT / "pom.xml").findtext(f"{POM}properties/{POM}djl.version")  # noqa: S314 - our own file
    pom = MAVEN / f"ai/djl/onnxruntime/onnxruntime-engine/{engine}/onnxruntime-engine-{engine}.pom"
    if not pom.is_file():
        pytest.skip(f"{pom} is not there: build the server first")
    for each in ET.parse(pom).iter(f"{POM}dependency"):  # noqa: S314 - Maven checked it
        if each.findtext(f"{POM}artifactId") == "onnxruntime":
            return str(each.findtext(f"{POM}version"))
    pytest.fail(f"{pom} names no onnxruntime")


def test_the_trainer_proves_and_measures_in_the_servers_onnx_runtime() -> None:
    assert of_the_trainer() == onnxruntime.__version__ == of_the_server()


def test_the_tool_that_compares_costs_and_the_peers_of_the_load_test_have_the_trainers_onnx_runtime() -> None:
    tool = (ROOT / "trainer" / "tools" / "cost.py").read_text(encoding="utf-8")
    peers = tomllib.loads((ROOT / "loadtest" / "peers" / "trend" / "pyproject.toml").read_text(encoding="utf-8"))

    assert re.findall(r"onnxruntime==([\d.]+)", tool) == [of_the_trainer()]
    assert pinned(peers["project"]["dependencies"]) == of_the_trainer()
