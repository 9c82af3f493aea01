"""Strange requests made from the OpenAPI: nothing breaks, and every answer is one that the document tells of."""

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
LEFT_OUT = "/openapi.yaml"
"""It takes YAML apart before it compares it with a schema that says text."""


def test_every_answer_is_one_that_the_document_tells_of(demo: Server, tmp_path: Path) -> None:
    document = demo.ask("/openapi.json").json()
    operations = sum(len(METHODS & path.keys()) for name, path in document["paths"].items() if name != LEFT_OUT)

    run = asked(demo, document, tmp_path, "--phases", "examples,coverage,fuzzing", "--exclude-path", LEFT_OUT)

    assert run.returncode == 0, run.stdout + run.stderr
    assert number(r"Tested: (\d+)", run.stdout) == operations > 0, run.stdout
    made, passed = (number(rf"(\d+) {word}\b", run.stdout) for word in ("generated", "passed$"))
    assert made == passed > 10 * operations, run.stdout
    assert demo.ask("/health/live").status == 200


def without_its_answer(live: dict[str, Any]) -> None:
    live["responses"] = {"503": live["responses"].pop("200")}


def with_another_type(live: dict[str, Any]) -> None:
    live["responses"]["200"]["content"] = {"text/csv": {"schema": {"type": "string"}}}


def with_a_member_that_nobody_sends(live: dict[str, Any]) -> None:
    for content in live["responses"]["200"]["content"].values():
        content["schema"] = {"type": "object", "required": ["nobody_sends_this"]}


@pytest.mark.parametrize(
    ("lie", "found"),
    [
        (without_its_answer, "Undocumented status code"),
        (with_another_type, "Undocumented Content-Type"),
        (with_a_member_that_nobody_sends, "Response violates schema"),
    ],
)
def test_a_document_that_lies_is_found_out(
    demo: Server, tmp_path: Path, lie: Callable[[dict[str, Any]], None], found: str
) -> None:
    document = demo.ask("/openapi.json").json()
    lie(document["paths"]["/v1/trends"]["get"])

    run = asked(demo, document, tmp_path, "--phases", "coverage", "--include-path", "/v1/trends")

    assert run.returncode == 1, run.stdout + run.stderr
    assert found in run.stdout


def asked(demo: Server, document: dict[str, Any], folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Ask the server what a document allows and forbids."""
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
    """Return the number that a line of the report tells, 0 where none does."""
    found = re.findall(pattern, text, re.MULTILINE)
    return int(found[-1]) if found else 0
