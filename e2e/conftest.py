"""A real server from the launcher, on free ports, and the fixtures that start and stop it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from http_exchange import Response, exchange
from polling import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from prometheus_client.samples import Sample

pytest_plugins = ["nginx", "worker", "chain"]

ROOT = Path(__file__).resolve().parent.parent
PROMTOOL = ROOT / ".cache" / "bin" / "promtool"
LAUNCHER = ROOT / "hemline"
TRAINER = str(Path(sys.executable).with_name("hemline-trainer"))
DEMO_STORE = ROOT / "model-store" / "demo" / "store"
READY_SECONDS = 30


@dataclass
class Server:
    """A running server."""

    process: subprocess.Popen[bytes]
    port: int
    admin_port: int
    grpc_port: int
    log: Path

    def request(self, path: str, body: Any = None, *, admin: bool = False, timeout: float = 20) -> Response:
        """GET the path, or POST the body as JSON."""
        connection = HTTPConnection("127.0.0.1", self.admin_port if admin else self.port, timeout=timeout)
        return exchange(connection, path, None if body is None else json.dumps(body).encode())

    def exchange(
        self,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        *,
        method: str | None = None,
    ) -> Response:
        """Send a request with a body of bytes, valid or not."""
        return exchange(HTTPConnection("127.0.0.1", self.port, timeout=20), path, body, headers, method=method)

    def samples(self) -> list[Sample]:
        """Return the samples of a scrape of `/metrics`."""
        scrape = self.request("/metrics", admin=True).body.decode()
        return [sample for family in text_string_to_metric_families(scrape) for sample in family.samples]

    def metric(self, name: str, **labels: str) -> float:
        """Return the sum of the samples with this name and at least these labels."""
        return sum(
            sample.value for sample in self.samples() if sample.name == name and labels.items() <= sample.labels.items()
        )

    def live_version(self) -> str:
        """Return the version that answers a request with an own series."""
        response = self.request("/v1/forecasts", own_series())
        assert response.status == 200, response.body
        version: str = response.json()["model"]["version"]
        return version

    def wait_for_version(self, version: str, seconds: float) -> float:
        """Wait until the version is live; return the seconds that it took."""
        start = time.monotonic()
        wait_until(
            lambda: self.live_version() == version,
            seconds,
            lambda: f"version {version} is not live\n{self.log.read_text()}",
        )
        return time.monotonic() - start

    def wait_until_ready(self, seconds: float, path: str = "/health/ready") -> None:
        """Wait until the health path answers with 200."""

        def is_healthy() -> bool:
            assert self.process.poll() is None, (
                f"the server exited with {self.process.returncode}:\n{self.log.read_text()}"
            )
            try:
                return self.request(path, timeout=5).status == 200
            except OSError:
                return False

        wait_until(is_healthy, seconds, lambda: f"{path} is not healthy:\n{self.log.read_text()}")

    def wait_until_unready(self, seconds: float) -> None:
        """Wait until the server reports that it is not ready."""
        wait_until(
            lambda: self.request("/health/ready", timeout=5).status == 503,
            seconds,
            lambda: f"still ready:\n{self.log.read_text()}",
        )

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Send the signal and return the exit code."""
        self.process.send_signal(how)
        return self.process.wait(timeout=30)

    def kill(self) -> None:
        """Kill the process unless it has exited."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


def own_series(weeks: int = 104, seed: int = 1) -> dict[str, Any]:
    """Return the body of a request with an own series, different for each seed."""
    values = [100 + seed / 1000 + (week * 17) % 23 for week in range(weeks)]
    return {"items": [{"series": values, "last_week": "2026-11-16"}]}


def free_port() -> int:
    """Return an unused port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def launch(
    log: Path, settings: list[str], *, port: int | None = None, config: Path | None = None, java_options: str = ""
) -> Server:
    """Start a server on ports of its own without waiting for it."""
    port, admin_port, grpc_port = port or free_port(), free_port(), free_port()
    settings = [f"http.port={port}", f"admin.port={admin_port}", f"grpc.port={grpc_port}", *settings]
    command = [str(LAUNCHER), "serve", *(["--config", str(config)] if config else [])]
    command += [part for setting in settings for part in ("--set", setting)]
    with log.open("ab") as out:
        # A background shell ignores SIGINT, and a JVM inherits that.
        inherited = signal.signal(signal.SIGINT, signal.default_int_handler)
        environment = {**clean_environment(), "HEMLINE_JAVA_OPTS": java_options}
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=environment)
        signal.signal(signal.SIGINT, inherited)
    return Server(process, port, admin_port, grpc_port, log)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return a writable copy of the demo store."""
    return Path(shutil.copytree(DEMO_STORE, tmp_path / "store"))


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Return a function that starts servers; the test's end kills them."""
    with launching(tmp_path) as run:
        yield run


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a server on the demo store, for tests that only send requests."""
    with launching(tmp_path_factory.mktemp("demo")) as run:
        yield run()


@contextmanager
def launching(folder: Path) -> Iterator[Callable[..., Server]]:
    """Yield a function that starts servers, and kill them at the end."""
    running: list[Server] = []

    def run(
        store: Path | None = DEMO_STORE,
        *options: str,
        config: Path | None = None,
        until: str = "/health/ready",
        java_options: str = "",
    ) -> Server:
        settings = [*options, *([f"store.url={store}"] if store else [])]
        server = launch(folder / f"server-{len(running)}.log", settings, config=config, java_options=java_options)
        running.append(server)
        server.wait_until_ready(READY_SECONDS, until)
        return server

    try:
        yield run
    finally:
        for server in running:
            server.kill()


def clean_environment() -> dict[str, str]:
    """Return the environment without Hemline's settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith("HEMLINE_")}


def hemline(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the launcher to completion."""
    return subprocess.run(
        [str(LAUNCHER), *arguments], capture_output=True, text=True, timeout=60, check=False, env=clean_environment()
    )
