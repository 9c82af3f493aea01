"""The rooms together: a real server from the launcher, on free ports and a store of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytest_plugins = ["edge", "worker", "chain"]

ROOT = Path(__file__).resolve().parent.parent
PROMTOOL = ROOT / ".cache" / "bin" / "promtool"
LAUNCHER = ROOT / "hemline"
TRAINER = str(Path(sys.executable).with_name("hemline-trainer"))
DEMO_STORE = ROOT / "model-store" / "demo" / "store"
READY_SECONDS = 30


@dataclass(frozen=True)
class Reply:
    """What came back: status, headers (case-insensitive) and body."""

    status: int
    headers: Any
    body: bytes

    def json(self) -> Any:
        """Return the body read as JSON."""
        return json.loads(self.body)


@dataclass
class Server:
    """A running server and how to ask it."""

    process: subprocess.Popen[bytes]
    port: int
    admin_port: int
    grpc_port: int
    log: Path

    def ask(self, path: str, body: Any = None, *, admin: bool = False, timeout: float = 20) -> Reply:
        """GET the path, or POST the body as JSON; error statuses are replies too."""
        port = self.admin_port if admin else self.port
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}{path}", data, {"Content-Type": "application/json"} if data else {}
        )
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:  # noqa: S310
                return Reply(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Reply(error.code, error.headers, error.read())

    def live_version(self) -> str:
        """Return the version that answers an own series now."""
        reply = self.ask("/v1/forecasts", own_series())
        assert reply.status == 200, reply.body
        version: str = reply.json()["model"]["version"]
        return version

    def wait_for_version(self, version: str, seconds: float) -> float:
        """Wait until the version answers; return the seconds it took."""
        start = time.monotonic()
        while self.live_version() != version:
            assert time.monotonic() - start < seconds, (
                f"version {version} was not live within {seconds} s\n{self.log.read_text()}"
            )
            time.sleep(0.05)
        return time.monotonic() - start

    def wait_until_ready(self, seconds: float, path: str = "/health/ready") -> None:
        """Wait until the server answers the health path with 200."""
        deadline = time.monotonic() + seconds
        while not self._is_well(path):
            assert self.process.poll() is None, (
                f"the server ended with {self.process.returncode}:\n{self.log.read_text()}"
            )
            assert time.monotonic() < deadline, f"{path} was not well within {seconds} s:\n{self.log.read_text()}"
            time.sleep(0.05)

    def wait_until_unready(self, seconds: float) -> None:
        """Wait until the server says that it is not ready."""
        deadline = time.monotonic() + seconds
        while self.ask("/health/ready", timeout=5).status != 503:
            assert time.monotonic() < deadline, f"still ready after {seconds} s:\n{self.log.read_text()}"
            time.sleep(0.05)

    def _is_well(self, path: str) -> bool:
        try:
            return self.ask(path, timeout=5).status == 200
        except OSError:
            return False

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Send the signal and return the exit code."""
        self.process.send_signal(how)
        return self.process.wait(timeout=30)


def own_series(weeks: int = 104, seed: int = 1) -> dict[str, Any]:
    """Return the body of a question with a series of its own, another one for each seed."""
    values = [100 + seed / 1000 + (week * 17) % 23 for week in range(weeks)]
    return {"items": [{"series": values, "last_week": "2026-11-16"}]}


def free_port() -> int:
    """Return a port that nobody listens on."""
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
        # Who runs the tests in the background hands down an ignored Ctrl-C, which a JVM then ignores too.
        heard = signal.signal(signal.SIGINT, signal.default_int_handler)
        environment = {**clean_environment(), "HEMLINE_JAVA_OPTS": java_options}
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=environment)
        signal.signal(signal.SIGINT, heard)
    return Server(process, port, admin_port, grpc_port, log)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return a copy of the demo store, free to be written."""
    return Path(shutil.copytree(DEMO_STORE, tmp_path / "store"))


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Return a function that starts servers; they are killed when the test ends."""
    with launching(tmp_path) as run:
        yield run


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a server over the demo's store, for tests that only ask."""
    with launching(tmp_path_factory.mktemp("demo")) as run:
        yield run()


@contextmanager
def launching(folder: Path) -> Iterator[Callable[..., Server]]:
    """Give a function that starts servers, and kill them at the end."""
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
            if server.process.poll() is None:
                server.process.kill()
                server.process.wait()


def clean_environment() -> dict[str, str]:
    """Return the environment without settings of whoever runs the tests."""
    return {name: value for name, value in os.environ.items() if not name.startswith("HEMLINE_")}


def hemline(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the launcher to its end."""
    return subprocess.run(
        [str(LAUNCHER), *arguments], capture_output=True, text=True, timeout=60, check=False, env=clean_environment()
    )
