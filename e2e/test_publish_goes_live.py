"""The way of an artifact: trained, published, live within seconds, rolled back; bad ones stay out."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import threading
import time
from typing import TYPE_CHECKING, Self

import pytest

from conftest import ROOT, TRAINER, Server, hemline, own_series

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

LIVE_SECONDS = 5
# The encoder that made the snapshot's embeddings: a version of another one would be kept out.
ENCODER = ROOT / "model-store/demo/store/trend/versions/2/image_encoder.onnx"


@pytest.fixture(scope="module")
def smoke_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Train the smallest model that is one."""
    run = tmp_path_factory.mktemp("trained") / "smoke"
    smoke = str(ROOT / "trainer/configs/smoke.toml")
    trainer("train", "--config", smoke, "--out", str(run), "--image-encoder", str(ENCODER))
    return run


def test_a_published_version_goes_live_without_a_failed_request_and_rolls_back(
    start: Callable[..., Server], store: Path, smoke_run: Path
) -> None:
    server = start(store)
    before = server.live_version()

    with Asking(server) as asking:
        trainer("publish", "--run", str(smoke_run), "--store", str(store), "--force", "a rehearsal of the swap")
        published = (store / "trend/channels/stable").read_text().strip()
        seconds = server.wait_for_version(published, LIVE_SECONDS)
        rollback = hemline("store", "rollback", "--store", str(store))
        server.wait_for_version(before, LIVE_SECONDS)

    assert published != before
    assert rollback.returncode == 0, rollback.stderr
    assert asking.failures == []
    assert asking.answered > 20
    assert asking.versions == {before, published}
    print(f"live {seconds:.2f} s after publishing; {asking.answered} requests answered meanwhile, 0 failed")


@pytest.mark.parametrize("damage", ["torn", "corrupt", "other schema", "wrong golden answers"])
def test_a_damaged_version_never_goes_live_and_the_server_says_why(
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


def torn(version: Path) -> None:
    """Lose a file."""
    (version / "forecaster.onnx").unlink()


def corrupt(version: Path) -> None:
    """Flip one byte in the middle."""
    graph = version / "forecaster.onnx"
    data = bytearray(graph.read_bytes())
    data[len(data) // 2] ^= 1
    graph.write_bytes(data)


def other_schema(version: Path) -> None:
    """Lose a member of the manifest."""
    edit_manifest(version, lambda manifest: manifest.pop("horizon"))


def wrong_golden(version: Path) -> None:
    """Expect other answers than the graph gives, under right digests."""
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
    """Change the manifest in place."""
    path = version / "manifest.json"
    manifest = json.loads(path.read_text())
    edit(manifest)
    path.write_text(json.dumps(manifest))


DAMAGES = {"torn": torn, "corrupt": corrupt, "other schema": other_schema, "wrong golden answers": wrong_golden}


def wait_for_reason(server: Server, version: str) -> str:
    """Wait until the list of models says why the version failed."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        for listed in versions(server.ask("/models", admin=True).json()):
            if listed.get("version") == version and listed.get("state") == "failed":
                return str(listed["reason"])
        time.sleep(0.1)
    pytest.fail(f"/models never said why version {version} failed:\n{server.ask('/models', admin=True).body!r}")


def versions(models: object) -> Iterator[dict[str, object]]:
    """Yield every object that has a version, wherever it stands."""
    if isinstance(models, dict):
        if "version" in models:
            yield models
        for value in models.values():
            yield from versions(value)
    if isinstance(models, list):
        for value in models:
            yield from versions(value)


class Asking:
    """Asks uncached questions from a thread of its own and keeps what went wrong."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.failures: list[str] = []
        self.versions: set[str] = set()
        self.answered = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._ask, name="asking")

    def _ask(self) -> None:
        seed = 0
        while not self._stop.is_set():
            seed += 1
            try:
                reply = self.server.ask("/v1/forecasts", own_series(seed=seed))
            except OSError as error:
                self.failures.append(repr(error))
                continue
            if reply.status != 200:
                self.failures.append(f"{reply.status} {reply.body!r}")
                continue
            self.answered += 1
            self.versions.add(reply.json()["model"]["version"])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(timeout=30)


def trainer(*arguments: str) -> str:
    """Run a command of the trainer and return what it printed."""
    run = subprocess.run(
        [TRAINER, *arguments],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert run.returncode == 0, f"hemline-trainer {' '.join(arguments)}\n{run.stdout}\n{run.stderr}"
    return run.stdout
