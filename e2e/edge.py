"""A real nginx from nginx/run.sh before real servers, in a folder that it may enter, and how to ask it."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pytest

from conftest import DEMO_STORE, READY_SECONDS, ROOT, Reply, Server, free_port, launch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RUN = ROOT / "nginx" / "run.sh"
TREND = "/predict?hashtags=wideleg&market=vn"


@dataclass
class Edge:
    """A running nginx."""

    process: subprocess.Popen[bytes]
    port: int
    folder: Path
    environment: dict[str, str]

    def tls(self) -> ssl.SSLContext:
        """Return a context that trusts this nginx's certificate and no other."""
        return ssl.create_default_context(cafile=str(self.folder / "certificate.pem"))

    def ask(
        self,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        *,
        method: str | None = None,
        source: str = "127.0.0.1",
    ) -> Reply:
        """Ask on a connection of its own."""
        connection = http.client.HTTPSConnection(
            "localhost", self.port, timeout=20, context=self.tls(), source_address=(source, 0)
        )
        try:
            known = {"Content-Type": "application/json"} if body is not None else {}
            connection.request(method or ("GET" if body is None else "POST"), path, body, known | (headers or {}))
            answer = connection.getresponse()
            return Reply(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def say(self, text: bytes, *, context: ssl.SSLContext | None = None, name: str = "localhost") -> bytes:
        """Send the bytes as they are and return all that comes back until the connection closes."""
        with (
            socket.create_connection(("127.0.0.1", self.port), timeout=10) as plain,
            (context or self.tls()).wrap_socket(plain, server_hostname=name) as connection,
        ):
            connection.sendall(text)
            received = b""
            while chunk := connection.recv(65536):
                received += chunk
            return received

    def log(self) -> list[dict[str, Any]]:
        """Return the access log; it is written out once a second."""
        return [json.loads(line) for line in (self.folder / "logs" / "access.log").read_text().splitlines()]

    def logged(self, request_id: str) -> dict[str, Any]:
        """Wait for the line of the request and return it."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            lines = [line for line in self.log() if line["request_id"] == request_id]
            if lines:
                return lines[0]
            time.sleep(0.1)
        raise AssertionError(f"no line of {request_id} in the access log")

    def reload(self, **changes: str) -> subprocess.CompletedProcess[str]:
        """Change the running configuration."""
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
        """Return its worker processes."""
        master = self.process.pid
        return [int(process) for process in Path(f"/proc/{master}/task/{master}/children").read_text().split()]

    def wait_until_open(self) -> None:
        """Wait until it answers by itself; checking its configuration, nginx opens the port for a moment too."""
        deadline = time.monotonic() + 30
        with warnings.catch_warnings():
            # Python leaves the socket to the collector when the peer hangs up between connecting and the handshake.
            warnings.simplefilter("ignore", ResourceWarning)
            while True:
                assert self.process.poll() is None, (self.folder / "out.log").read_text()
                try:
                    assert self.ask("/metrics").status == 404
                except OSError:
                    assert time.monotonic() < deadline, "nginx did not answer"
                    time.sleep(0.02)
                else:
                    return


@dataclass
class Load:
    """Clients that ask as fast as they are answered, each on a new connection, until told to stop."""

    edge: Edge
    question: Callable[[int], tuple[str, bytes | None]]
    clients: int = 4
    statuses: list[int] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make the clients, not yet started."""
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(client,)) for client in range(self.clients)]

    def __enter__(self) -> Self:
        """Start the clients."""
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop them and wait."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, answers: int) -> None:
        """Wait until so many more have been answered."""
        goal, deadline = len(self.statuses) + answers, time.monotonic() + 60
        while len(self.statuses) < goal and time.monotonic() < deadline:
            time.sleep(0.01)
        assert len(self.statuses) >= goal, (
            f"{len(self.statuses)} of {goal} answers within a minute: {self.failures[:3]}"
        )

    def _run(self, client: int) -> None:
        number = client
        while not self._stop.is_set():
            path, body = self.question(number)
            number += self.clients
            try:
                reply = self.edge.ask(path, body)
            except OSError as error:
                self.failures.append(repr(error))
                continue
            self.statuses.append(reply.status)
            if reply.status != 200:
                self.failures.append(f"{reply.status} {reply.body!r}")


def served(server: Server, route: str, method: str = "GET") -> int:
    """Return how many requests the server itself has counted for the route."""
    metrics = server.ask("/metrics", admin=True).body.decode()
    lines = [
        line
        for line in metrics.splitlines()
        if line.startswith("http_request_duration_seconds_count")
        and f'route="{route}"' in line
        and f'method="{method}"' in line
    ]
    return int(sum(float(line.rsplit(" ", 1)[1]) for line in lines))


def start_server(log: Path, *, port: int | None = None, options: tuple[str, ...] = ()) -> Server:
    """Start a server over the demo store without waiting for it."""
    return launch(log, [f"store.url={DEMO_STORE}", *options], port=port)


@pytest.fixture(scope="session")
def replicas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Server]]:
    """Two servers for all tests that leave them alive."""
    folder = tmp_path_factory.mktemp("replicas")
    servers = [start_server(folder / f"server-{number}.log") for number in range(2)]
    try:
        for server in servers:
            server.wait_until_ready(2 * READY_SECONDS)
        yield servers
    finally:
        for server in servers:
            server.process.kill()
            server.process.wait()


@pytest.fixture(scope="session")
def start_edge() -> Iterator[Callable[..., Edge]]:
    """Return a function that starts an nginx before upstream ports; all end with the session."""
    running: list[Edge] = []

    def run(upstreams: list[int], **values: str) -> Edge:
        folder = Path(tempfile.mkdtemp(prefix="hemline-nginx-"))
        folder.chmod(0o755)  # as root, nginx runs as nobody
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
        edge = Edge(process, port, folder, environment)
        running.append(edge)
        edge.wait_until_open()
        return edge

    yield run
    for edge in running:
        edge.process.send_signal(signal.SIGTERM)
        edge.process.wait(timeout=20)
        shutil.rmtree(edge.folder, ignore_errors=True)


@pytest.fixture(scope="session")
def edge(start_edge: Callable[..., Edge], replicas: list[Server]) -> Edge:
    """One nginx before the two servers, without limits."""
    return start_edge([server.port for server in replicas])
