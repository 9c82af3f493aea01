"""How nginx is started, stopped and told off."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from edge import RUN, TREND

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Server
    from edge import Edge


def run(*arguments: str, **values: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(RUN), *arguments], capture_output=True, text=True, timeout=60, check=False, env=os.environ | values
    )


def test_stopping_lets_the_running_request_finish(start_edge: Callable[..., Edge], replicas: list[Server]) -> None:
    edge = start_edge([server.port for server in replicas])
    body = b'{"hashtags": ["wideleg"], "market": "vn"}'
    head = "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    head += f"Content-Length: {len(body)}\r\n\r\n"

    with (
        socket.create_connection(("127.0.0.1", edge.port), timeout=20) as plain,
        edge.tls().wrap_socket(plain, server_hostname="localhost") as connection,
    ):
        connection.sendall(head.encode() + body[:5])
        assert edge.ask(TREND).status == 200  # by now the first request is being read
        stopped = run("stop", str(edge.folder))
        connection.sendall(body[5:])
        answer = connection.recv(65536)

    assert stopped.returncode == 0, stopped.stderr
    assert answer.startswith(b"HTTP/1.1 200")
    assert edge.process.wait(timeout=20) == 0


def test_a_folder_has_one_nginx_and_a_second_start_says_so(edge: Edge) -> None:
    second = run("start", str(edge.folder))

    assert second.returncode == 1
    assert "already running" in second.stderr


def test_a_key_of_mode_600_and_no_more_is_written(edge: Edge) -> None:
    assert (edge.folder / "key.pem").stat().st_mode & 0o777 == 0o600
    assert ssl.create_default_context(cafile=str(edge.folder / "certificate.pem")).cert_store_stats()["x509"] == 1


def test_workers_are_not_root(edge: Edge) -> None:
    master = edge.process.pid
    workers = Path(f"/proc/{master}/task/{master}/children").read_text().split()

    owners = {Path(f"/proc/{process}").stat().st_uid for process in (master, *workers)}

    assert workers
    assert 0 not in owners


def test_help_teaches_and_unknown_verbs_are_refused() -> None:
    told, refused, silent = run("--help"), run("restart"), run()

    assert told.returncode == 0
    assert "reload" in told.stdout
    assert (refused.returncode, silent.returncode) == (2, 2)
    assert "no such verb: restart" in refused.stderr


def test_a_value_that_would_break_out_of_its_place_is_refused(edge: Edge) -> None:
    refused = edge.reload(EDGE_SERVER_NAME="a|b")
    edge.environment["EDGE_SERVER_NAME"] = "localhost"

    assert refused.returncode == 2
    assert "EDGE_SERVER_NAME" in refused.stderr
    assert edge.process.poll() is None
