"""A real nginx, started by nginx/run.sh in front of real servers."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPSConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conftest import DEMO_STORE, READY_SECONDS, ROOT, Server, free_port, launch
from http_exchange import Response, exchange
from polling import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RUN = ROOT / "nginx" / "run.sh"
TREND = "/predict?hashtags=wideleg&market=vn"
CLOSE = b"Host: localhost\r\nConnection: close\r\n"
"""The header lines of a raw request after which nginx closes the connection."""


@dataclass
class Nginx:
    """A running nginx."""

    process: subprocess.Popen[bytes]
    port: int
    folder: Path
    environment: dict[str, str]

    def tls(self) -> ssl.SSLContext:
        """Return a context that trusts this nginx's certificate and no other."""
        return ssl.create_default_context(cafile=str(self.folder / "certificate.pem"))

    def request(
        self,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        *,
        method: str | None = None,
        source: str = "127.0.0.1",
    ) -> Response:
        """Send one request from a source address."""
        connection = HTTPSConnection("localhost", self.port, timeout=20, context=self.tls(), source_address=(source, 0))
        return exchange(connection, path, body, headers, method=method)

    def send_raw(self, text: bytes, *, context: ssl.SSLContext | None = None, name: str = "localhost") -> bytes:
        """Send bytes over TLS and return everything received until the connection closes."""
        with self.connect(context=context, name=name) as connection:
            connection.sendall(text)
            received = b""
            while chunk := connection.recv(65536):
                received += chunk
            return received

    @contextmanager
    def connect(self, *, context: ssl.SSLContext | None = None, name: str = "localhost") -> Iterator[ssl.SSLSocket]:
        """Open a TLS connection."""
        with (
            socket.create_connection(("127.0.0.1", self.port), timeout=20) as plain,
            (context or self.tls()).wrap_socket(plain, server_hostname=name) as connection,
        ):
            yield connection

    def log(self) -> list[dict[str, Any]]:
        """Return the access log, which nginx flushes once a second."""
        return [json.loads(line) for line in (self.folder / "logs" / "access.log").read_text().splitlines()]

    def logged(self, request_id: str) -> dict[str, Any]:
        """Wait for the request's line in the access log."""
        lines = wait_until(
            lambda: [line for line in self.log() if line["request_id"] == request_id],
            10,
            lambda: f"no line of {request_id} in the access log",
            interval=0.1,
        )
        return lines[0]

    def reload(self, **changes: str) -> subprocess.CompletedProcess[str]:
        """Reload nginx with changed values."""
        self.environment.update(changes)
        return subprocess.run(
            [str(RUN), "reload", str(self.folder)],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def children(self) -> list[int]:
        """Return the ids of the worker processes."""
        master = self.process.pid
        return [int(process) for process in Path(f"/proc/{master}/task/{master}/children").read_text().split()]

    def wait_until_open(self) -> None:
        """Wait until nginx serves; while it checks its configuration, nginx opens the port for a moment too."""

        def serves() -> bool:
            assert self.process.poll() is None, (self.folder / "out.log").read_text()
            try:
                assert self.request("/metrics").status == 404
            except OSError:
                return False
            return True

        with warnings.catch_warnings():
            # Python leaves the socket to the garbage collector when the peer closes before the handshake.
            warnings.simplefilter("ignore", ResourceWarning)
            wait_until(serves, 30, lambda: "nginx does not respond", interval=0.02)


def status_of(raw: bytes) -> int:
    """Return the status of a raw HTTP/1.1 response."""
    return int(raw.split(b" ", 2)[1])


def assert_problem(response: Response, status: int) -> None:
    """Assert that the response is a problem document with all of nginx's headers."""
    assert response.status == status
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert list(problem) == ["type", "title", "status", "detail", "error", "errors"]
    assert problem["status"] == status
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Strict-Transport-Security"] == "max-age=63072000"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Request-Id"]


def cache_status(response: Response) -> str:
    """Return nginx's member of Cache-Status, the last one."""
    return (response.headers.get_all("Cache-Status") or [])[-1]


@pytest.fixture(scope="session")
def replicas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Server]]:
    """Return two servers on the demo store, for tests that do not stop them."""
    folder = tmp_path_factory.mktemp("replicas")
    with replica_pair(folder, [DEMO_STORE, DEMO_STORE]) as servers:
        yield servers


@contextmanager
def replica_pair(folder: Path, stores: list[Path], *settings: str) -> Iterator[list[Server]]:
    """Start one server per store, wait until all are ready, and kill them at the end."""
    servers = [
        launch(folder / f"server-{number}.log", [f"store.url={store}", *settings])
        for number, store in enumerate(stores)
    ]
    try:
        for server in servers:
            server.wait_until_ready(2 * READY_SECONDS)
        yield servers
    finally:
        for server in servers:
            server.kill()


@pytest.fixture(scope="session")
def start_nginx() -> Iterator[Callable[..., Nginx]]:
    """Return a function that starts an nginx in front of upstream ports; the session's end stops them."""
    running: list[Nginx] = []

    def run(upstreams: list[int], **values: str) -> Nginx:
        folder = Path(tempfile.mkdtemp(prefix="hemline-nginx-"))
        folder.chmod(0o755)  # started by root, nginx runs as the user nobody
        port = free_port()
        environment = {name: value for name, value in os.environ.items() if not name.startswith("EDGE_")} | {
            "EDGE_LISTEN": f"127.0.0.1:{port}",
            "EDGE_UPSTREAMS": " ".join(f"127.0.0.1:{upstream}" for upstream in upstreams),
            "EDGE_RATE": "100000",
            "EDGE_BURST": "100000",
            "EDGE_CONNECTIONS": "1000",
            **values,
        }
        with (folder / "out.log").open("wb") as out:
            process = subprocess.Popen(
                [str(RUN), "start", str(folder)], stdout=out, stderr=subprocess.STDOUT, env=environment
            )
        nginx = Nginx(process, port, folder, environment)
        running.append(nginx)
        nginx.wait_until_open()
        return nginx

    yield run
    for nginx in running:
        nginx.process.send_signal(signal.SIGTERM)
        nginx.process.wait(timeout=20)
        shutil.rmtree(nginx.folder, ignore_errors=True)


@pytest.fixture(scope="session")
def nginx(start_nginx: Callable[..., Nginx], replicas: list[Server]) -> Nginx:
    """Return one nginx in front of the two servers, without limits."""
    return start_nginx([server.port for server in replicas])
