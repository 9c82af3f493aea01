"""The whole chain: the Worker, nginx and two servers, each with its own store."""

from __future__ import annotations

import base64
import hashlib
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from conftest import DEMO_STORE, READY_SECONDS, Server, free_port
from nginx import replica_pair
from polling import wait_until
from worker import SECRET

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nginx import Nginx
    from worker import Worker

KEY = "the Worker's own key"


@dataclass
class Chain:
    """The parts, from the origin to the client."""

    servers: list[Server]
    nginx: Nginx
    worker: Worker

    def promote(self, server: Server, version: str) -> None:
        """Promote the version at one server and wait until it is live."""
        moved = server.request("/models/trend/promote", {"version": version, "channel": "stable"}, admin=True)
        assert moved.status == 200, moved.body
        server.wait_for_version(version, 20)


@pytest.fixture(scope="session")
def chain(
    tmp_path_factory: pytest.TempPathFactory,
    start_nginx: Callable[..., Nginx],
    start_worker: Callable[..., Worker],
) -> Iterator[Chain]:
    """Return one chain for all tests."""
    folder = tmp_path_factory.mktemp("chain")
    secret, port = folder / "purge-secret", free_port()
    secret.write_text(SECRET)
    settings = [f"edge.purge-url=http://127.0.0.1:{port}/__purge", f"edge.purge-secret-file={secret}"]
    stores = [shutil.copytree(DEMO_STORE, folder / name) for name in ("one", "two")]
    with replica_pair(folder, stores, *settings) as servers:
        nginx = start_nginx([server.port for server in servers], EDGE_KEY_MD5=key_md5(KEY))
        certificate = nginx.folder / "certificate.pem"
        worker = start_worker(f"https://localhost:{nginx.port}", certificate, KEY, port=port)
        for server in servers:
            wait_until_purged(server)
        yield Chain(servers, nginx, worker)


def key_md5(key: str) -> str:
    """Return the value of EDGE_KEY_MD5 for an API key."""
    digest = hashlib.md5(key.encode(), usedforsecurity=False).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def wait_until_purged(server: Server) -> None:
    """Wait until the Worker, which starts after the server, has accepted the server's first purge."""
    wait_until(
        lambda: server.metric("edge_purge_total", outcome="done") > 0,
        2 * READY_SECONDS,
        lambda: f"the Worker accepted no purge\n{server.log.read_text()}",
        interval=0.1,
    )
