"""Requests that schemathesis generates from the OpenAPI document; every response must conform to it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Server

SECONDS = 25
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
EXCLUDED = "/openapi.yaml"
"""Schemathesis parses the YAML before it compares it with a schema of text."""


def test_every_response_conforms_to_the_document(demo: Server, tmp_path: Path) -> None:
    document = demo.request("/openapi.json").json()
    operations = sum(len(METHODS & path.keys()) for name, path in document["paths"].items() if name != EXCLUDED)

    run = schemathesis(demo, document, tmp_path, "--phases", "examples,coverage,fuzzing", "--exclude-path", EXCLUDED)

    assert run.returncode == 0, run.stdout + run.stderr
    assert number(r"Tested: (\d+)", run.stdout) == operations > 0, run.stdout
    made, passed = (number(rf"(\d+) {word}\b", run.stdout) for word in ("generated", "passed$"))
    assert made == passed > 10 * operations, run.stdout
    assert demo.request("/health/live").status == 200


def without_the_200(live: dict[str, Any]) -> None:
    live["responses"] = {"503": live["responses"].pop("200")}


def with_another_media_type(live: dict[str, Any]) -> None:
    live["responses"]["200"]["content"] = {"text/csv": {"schema": {"type": "string"}}}


def with_an_unknown_member(live: dict[str, Any]) -> None:
    for content in live["responses"]["200"]["content"].values():
        content["schema"] = {"type": "object", "required": ["unknown_member"]}


@pytest.mark.parametrize(
    ("falsify", "finding"),
    [
        (without_the_200, "Undocumented status code"),
        (with_another_media_type, "Undocumented Content-Type"),
        (with_an_unknown_member, "Response violates schema"),
    ],
)
def test_a_wrong_document_fails_the_run(
    demo: Server, tmp_path: Path, falsify: Callable[[dict[str, Any]], None], finding: str
) -> None:
    document = demo.request("/openapi.json").json()
    falsify(document["paths"]["/v1/trends"]["get"])

    run = schemathesis(demo, document, tmp_path, "--phases", "coverage", "--include-path", "/v1/trends")

    assert run.returncode == 1, run.stdout + run.stderr
    assert finding in run.stdout


def schemathesis(
    demo: Server, document: dict[str, Any], folder: Path, *options: str
) -> subprocess.CompletedProcess[str]:
    """Send the server valid and invalid requests of a document."""
    file = folder / "openapi.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    return subprocess.run(
        [
            Path(sys.executable).with_name("schemathesis"), "run", file, "--url", f"http://127.0.0.1:{demo.port}",
            "--checks", CHECKS, "--max-examples", "10", "--seed", "7", "--max-time", str(SECONDS),
            "--request-timeout", "15", "--generation-database", "none", "--no-color", *options,
        ],
        capture_output=True, text=True, timeout=10 * SECONDS, check=False, cwd=folder,
    )  # fmt: skip


def number(pattern: str, text: str) -> int:
    """Return the last number that matches in the report, else 0."""
    found = re.findall(pattern, text, re.MULTILINE)
    return int(found[-1]) if found else 0
