"""How nginx is started, stopped and told off."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conftest import ROOT
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


V4 = [f"192.0.2.{16 * number}/28" for number in range(11)]
V6 = ["2001:db8::/32", "2a06:98c0::/29"]


def refresh(folder: Path, v4: str | None, v6: str) -> tuple[subprocess.CompletedProcess[str], str]:
    """Run the refresh on a copy of the room against a folder instead of Cloudflare; return what the list is then."""
    room = shutil.copytree(ROOT / "nginx", folder / "nginx")
    if v4 is not None:
        (folder / "ips-v4").write_text(v4)
    (folder / "ips-v6").write_text(v6)
    done = subprocess.run(
        [str(room / "cloudflare-ranges.sh")],
        env=os.environ | {"CLOUDFLARE": folder.as_uri()},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done, (room / "conf/http/cloudflare-ranges.conf").read_text()


def test_refreshing_cloudflares_ranges_writes_them_as_they_come(tmp_path: Path) -> None:
    # Cloudflare ends neither list with a newline.
    done, written = refresh(tmp_path, "\n".join(V4), "\n".join(V6))

    assert done.returncode == 0, done.stderr
    assert written.splitlines()[1:] == [f"set_real_ip_from {network};" for network in V4 + V6]


@pytest.mark.parametrize(
    ("v4", "v6"),
    [
        ("<html>Sorry</html>", "\n".join(V6)),
        ("\n".join(V4[:3]), ""),
        ("\n".join([*V4, "192.0.2.0/28; include /etc/passwd"]), "\n".join(V6)),
        (None, "\n".join(V6)),
    ],
    ids=["a page of apology", "too few", "more than ranges", "no answer"],
)
def test_what_is_not_a_list_of_ranges_never_becomes_one(tmp_path: Path, v4: str | None, v6: str) -> None:
    before = (ROOT / "nginx/conf/http/cloudflare-ranges.conf").read_text()

    done, written = refresh(tmp_path, v4, v6)

    assert done.returncode == 1
    assert "stays as it is" in done.stderr
    assert written == before
