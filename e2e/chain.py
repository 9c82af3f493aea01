"""The whole chain: two servers, each on a store of its own, nginx before them, the Worker before nginx."""

from __future__ import annotations

import base64
import hashlib
import shutil
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from conftest import DEMO_STORE, READY_SECONDS, Server, free_port, launch
from worker import SECRET

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from edge import Edge
    from worker import Worker

KEY = "the Worker's own key"


@dataclass
class Chain:
    """The parts, from the inside out."""

    servers: list[Server]
    edge: Edge
    worker: Worker

    def promote(self, server: Server, version: str) -> None:
        """Make the version live at one server and wait for it."""
        moved = server.ask("/models/trend/promote", {"version": version, "channel": "stable"}, admin=True)
        assert moved.status == 200, moved.body
        server.wait_for_version(version, 20)


@pytest.fixture(scope="session")
def chain(
    tmp_path_factory: pytest.TempPathFactory,
    start_edge: Callable[..., Edge],
    start_worker: Callable[..., Worker],
) -> Iterator[Chain]:
    """One chain for all tests."""
    folder = tmp_path_factory.mktemp("chain")
    secret, port = folder / "purge-secret", free_port()
    secret.write_text(SECRET)
    purging = [f"edge.purge-url=http://127.0.0.1:{port}/__purge", f"edge.purge-secret-file={secret}"]
    servers = []
    for name in ("one", "two"):
        store = shutil.copytree(DEMO_STORE, folder / name)
        servers.append(launch(folder / f"{name}.log", [f"store.url={store}", *purging]))
    try:
        for server in servers:
            server.wait_until_ready(2 * READY_SECONDS)
        digest = base64.urlsafe_b64encode(hashlib.md5(KEY.encode(), usedforsecurity=False).digest()).rstrip(b"=")
        edge = start_edge([server.port for server in servers], EDGE_KEY_MD5=digest.decode())
        certificate = edge.folder / "certificate.pem"
        worker = start_worker(f"https://localhost:{edge.port}", certificate, KEY, port=port)
        for server in servers:
            wait_until_heard(server)
        yield Chain(servers, edge, worker)
    finally:
        for server in servers:
            server.process.kill()
            server.process.wait()


def wait_until_heard(server: Server) -> None:
    """Wait until the Worker, which started later, has taken what the server said of itself."""
    deadline = time.monotonic() + 2 * READY_SECONDS
    while b'edge_purge_total{outcome="done"} 0' in server.ask("/metrics", admin=True).body:
        assert time.monotonic() < deadline, f"the Worker took no purge\n{server.log.read_text()}"
        time.sleep(0.1)
