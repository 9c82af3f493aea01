"""An artifact from training to live within seconds, and back; a damaged version never goes live."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from background_clients import BackgroundClients
from conftest import ROOT, TRAINER, Server, hemline, own_series
from polling import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from http_exchange import Response

LIVE_SECONDS = 5
# The encoder of the snapshot's embeddings; the server refuses a version with another one.
ENCODER = ROOT / "model-store/demo/store/trend/versions/2/image_encoder.onnx"


@pytest.fixture(scope="module")
def smoke_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Train a minimal model."""
    run = tmp_path_factory.mktemp("trained") / "smoke"
    smoke = str(ROOT / "trainer/configs/smoke.toml")
    trainer("train", "--config", smoke, "--out", str(run), "--image-encoder", str(ENCODER))
    return run


def test_a_published_version_goes_live_without_a_failed_request_and_rolls_back(
    start: Callable[..., Server], store: Path, smoke_run: Path
) -> None:
    server = start(store)
    before = server.live_version()

    def send(number: int) -> Response:
        return server.request("/v1/forecasts", own_series(seed=number + 1))  # no request is in the cache

    with BackgroundClients(send, clients=1) as clients:
        trainer("publish", "--run", str(smoke_run), "--store", str(store), "--force", "a test of the swap")
        published = (store / "trend/channels/stable").read_text().strip()
        seconds = server.wait_for_version(published, LIVE_SECONDS)
        rollback = hemline("store", "rollback", "--store", str(store))
        server.wait_for_version(before, LIVE_SECONDS)

    assert published != before
    assert rollback.returncode == 0, rollback.stderr
    assert clients.failures == []
    assert len(clients.completed) > 20
    versions = {completed.response.json()["model"]["version"] for completed in clients.completed}
    assert versions == {before, published}
    print(f"live {seconds:.2f} s after publishing; {len(clients.completed)} requests meanwhile, 0 failed")


@pytest.mark.parametrize("damage", ["missing file", "corrupt", "other schema", "wrong golden answers"])
def test_a_damaged_version_never_goes_live_and_the_server_reports_the_reason(
    start: Callable[..., Server], store: Path, damage: str
) -> None:
    server = start(store)
    before = server.live_version()
    bad = shutil.copytree(store / "trend/versions/1", store / "trend/versions/9")
    DAMAGES[damage](bad)

    (store / "trend/channels/stable").write_text("9\n")
    reason = wait_for_reason(server, "9")

    assert reason
    assert server.live_version() == before
    assert "9" in server.log.read_text()
    refused = hemline("store", "promote", "trend", "9", "--store", str(store))
    assert refused.returncode == (0 if damage == "wrong golden answers" else 1)


def missing_file(version: Path) -> None:
    """Remove a file."""
    (version / "forecaster.onnx").unlink()


def corrupt(version: Path) -> None:
    """Flip one byte in the middle."""
    graph = version / "forecaster.onnx"
    data = bytearray(graph.read_bytes())
    data[len(data) // 2] ^= 1
    graph.write_bytes(data)


def other_schema(version: Path) -> None:
    """Remove a member of the manifest."""
    edit_manifest(version, lambda manifest: manifest.pop("horizon"))


def wrong_golden(version: Path) -> None:
    """Change an expected answer, under correct digests."""
    golden = version / "golden.json"
    cases = json.loads(golden.read_text())
    data = cases["forecaster"][0]["response"]["outputs"][0]["data"]
    data[0] = data[0] * 2 + 1
    golden.write_text(json.dumps(cases))

    def relist(manifest: dict[str, list[dict[str, object]]]) -> None:
        for file in manifest["files"]:
            if file["path"] == "golden.json":
                file["size"] = golden.stat().st_size
                file["sha256"] = hashlib.sha256(golden.read_bytes()).hexdigest()

    edit_manifest(version, relist)


def edit_manifest(version: Path, edit: Callable[[dict[str, list[dict[str, object]]]], object]) -> None:
    """Edit the manifest in place."""
    path = version / "manifest.json"
    manifest = json.loads(path.read_text())
    edit(manifest)
    path.write_text(json.dumps(manifest))


DAMAGES = {
    "missing file": missing_file,
    "corrupt": corrupt,
    "other schema": other_schema,
    "wrong golden answers": wrong_golden,
}


def wait_for_reason(server: Server, version: str) -> str:
    """Wait until `/models` has the reason of the version's failure."""

    def reasons() -> list[str]:
        models = server.request("/models", admin=True).json()
        return [
            str(listed["reason"])
            for listed in versions(models)
            if listed.get("version") == version and listed.get("state") == "failed"
        ]

    return wait_until(reasons, 10, lambda: server.request("/models", admin=True).body)[0]


def versions(models: object) -> Iterator[dict[str, object]]:
    """Yield every object with a version, at any depth."""
    if isinstance(models, dict):
        if "version" in models:
            yield models
        for value in models.values():
            yield from versions(value)
    if isinstance(models, list):
        for value in models:
            yield from versions(value)


def trainer(*arguments: str) -> str:
    """Run a command of the trainer and return its output."""
    run = subprocess.run(
        [TRAINER, *arguments],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert run.returncode == 0, f"hemline-trainer {' '.join(arguments)}\n{run.stdout}\n{run.stderr}"
    return run.stdout
