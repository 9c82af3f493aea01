"""Strange requests made from the OpenAPI: nothing breaks, and every answer is one that the document tells of."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Server

SECONDS = 25
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


def test_every_answer_is_one_that_the_document_tells_of(demo: Server, tmp_path: Path) -> None:
    document = tmp_path / "openapi.json"
    document.write_bytes(demo.ask("/openapi.json").body)

    run = subprocess.run(
        [
            Path(sys.executable).with_name("schemathesis"), "run", document, "--url", f"http://127.0.0.1:{demo.port}",
            "--phases", "examples,coverage,fuzzing", "--checks", CHECKS, "--max-examples", "10", "--seed", "7",
            "--max-time", str(SECONDS), "--request-timeout", "15", "--generation-database", "none", "--no-color",
            # It takes YAML apart before it compares it with a schema that says text.
            "--exclude-path", "/openapi.yaml",
        ],
        capture_output=True, text=True, timeout=10 * SECONDS, check=False, cwd=tmp_path,
    )  # fmt: skip

    assert run.returncode == 0, run.stdout + run.stderr
    assert "No issues found" in run.stdout or "generated" in run.stdout, run.stdout
    assert demo.ask("/health/live").status == 200
