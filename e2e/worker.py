"""The real Worker in workerd, started by `wrangler dev`."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conftest import ROOT, free_port
from http_exchange import Response, exchange
from polling import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WORKER_FOLDER = ROOT / "cloudflare-worker"
SECRET = "a secret of the tests"  # noqa: S105
READY_SECONDS = 60


@dataclass
class Worker:
    """A running Worker."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def url(self) -> str:
        """Return the Worker's URL."""
        return f"http://127.0.0.1:{self.port}"

    def request(
        self, path: str, body: bytes | None = None, headers: dict[str, str] | None = None, *, method: str | None = None
    ) -> Response:
        """Send one request."""
        return exchange(HTTPConnection("127.0.0.1", self.port, timeout=20), path, body, headers, method=method)

    def purge(self, *versions: str, mode: str = "soft", since: float | None = None) -> None:
        """Send a purge with the live versions since a time (default: now), as a server does after a swap."""
        now = int(time.time())
        live = {"versions": versions, "since": int(1000 * (since or time.time()))}
        body = json.dumps({"tags": ["model:trend"], "mode": mode} | live).encode()
        signature = hmac.new(SECRET.encode(), f"{now}.".encode() + body, hashlib.sha256).hexdigest()
        response = self.request("/__purge", body, {"X-Hemline-Signature": f"t={now},v1={signature}"})
        assert response.status == 200, response.body

    def wait_until_ready(self) -> None:
        """Wait until the Worker forwards the origin's readiness."""

        def is_ready() -> bool:
            assert self.process.poll() is None, self.log.read_text()
            try:
                return self.request("/health/ready").status == 200
            except OSError:
                return False

        wait_until(is_ready, READY_SECONDS, lambda: f"the Worker is not ready\n{self.log.read_text()}", interval=0.1)


@pytest.fixture(scope="session")
def start_worker() -> Iterator[Callable[..., Worker]]:
    """Return a function that starts a Worker in front of an origin; the session's end stops them."""
    if not (WORKER_FOLDER / "node_modules").is_dir():
        pytest.fail(
            "cloudflare-worker/node_modules is missing: `npm --prefix cloudflare-worker ci`, or `make check-edge`"
        )
    running: list[Worker] = []
    folders: list[tempfile.TemporaryDirectory[str]] = []

    def run(origin: str, certificate: Path, key: str, *, port: int) -> Worker:
        folder = tempfile.TemporaryDirectory(prefix="hemline-worker-")
        folders.append(folder)
        log = Path(folder.name) / "out.log"
        values = {
            "ORIGIN": origin,
            "ORIGIN_KEY": key,
            "ORIGIN_TIMEOUT_MS": "5000",
            "PURGE_SECRET": SECRET,
            "AUTH_MODE": "none",
            "RATE_LIMIT": "off",
            "API_KEYS": "{}",
        }
        command = ["npm", "--prefix", str(WORKER_FOLDER), "run", "dev", "--", "--ip", "127.0.0.1", "--port", str(port)]
        command += ["--inspector-port", str(free_port()), "--persist-to", f"{folder.name}/state"]
        command += [part for name, value in values.items() for part in ("--var", f"{name}:{value}")]
        with log.open("wb") as out:
            process = subprocess.Popen(
                command,
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # one process group of npm, wrangler and workerd
                env=os.environ | {"NODE_EXTRA_CA_CERTS": str(certificate), "WRANGLER_SEND_METRICS": "false"},
            )
        worker = Worker(process, port, log)
        running.append(worker)
        worker.wait_until_ready()
        return worker

    yield run
    for worker in running:
        os.killpg(worker.process.pid, signal.SIGKILL)
        worker.process.wait()
    for folder in folders:
        folder.cleanup()
