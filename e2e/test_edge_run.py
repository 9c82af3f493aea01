"""Starting, stopping and reloading nginx by nginx/run.sh, and refreshing Cloudflare's address ranges."""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conftest import ROOT
from nginx import RUN, TREND

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Server
    from nginx import Nginx


def run(*arguments: str, **values: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(RUN), *arguments], capture_output=True, text=True, timeout=60, check=False, env=os.environ | values
    )


def test_stopping_drains_the_current_request(start_nginx: Callable[..., Nginx], replicas: list[Server]) -> None:
    nginx = start_nginx([server.port for server in replicas])
    body = b'{"hashtags": ["wideleg"], "market": "vn"}'
    head = "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    head += f"Content-Length: {len(body)}\r\n\r\n"

    with nginx.connect() as connection:
        connection.sendall(head.encode() + body[:5])
        assert nginx.request(TREND).status == 200  # by now nginx reads the first request
        stopped = run("stop", str(nginx.folder))
        connection.sendall(body[5:])
        answer = connection.recv(65536)

    assert stopped.returncode == 0, stopped.stderr
    assert answer.startswith(b"HTTP/1.1 200")
    assert nginx.process.wait(timeout=20) == 0


def test_a_second_start_in_a_folder_is_refused(nginx: Nginx) -> None:
    second = run("start", str(nginx.folder))

    assert second.returncode == 1
    assert "already running" in second.stderr


def test_the_generated_key_has_mode_600(nginx: Nginx) -> None:
    assert (nginx.folder / "key.pem").stat().st_mode & 0o777 == 0o600
    assert ssl.create_default_context(cafile=str(nginx.folder / "certificate.pem")).cert_store_stats()["x509"] == 1


def test_workers_are_not_root(nginx: Nginx) -> None:
    workers = nginx.children()

    owners = {Path(f"/proc/{process}").stat().st_uid for process in (nginx.process.pid, *workers)}

    assert workers
    assert 0 not in owners


def test_help_lists_the_verbs_and_an_unknown_verb_is_refused() -> None:
    usage, refused, missing = run("--help"), run("restart"), run()

    assert usage.returncode == 0
    assert "reload" in usage.stdout
    assert (refused.returncode, missing.returncode) == (2, 2)
    assert "no such verb: restart" in refused.stderr


def test_a_value_with_configuration_syntax_is_refused(nginx: Nginx) -> None:
    refused = nginx.reload(EDGE_SERVER_NAME="a|b")
    nginx.environment["EDGE_SERVER_NAME"] = "localhost"

    assert refused.returncode == 2
    assert "EDGE_SERVER_NAME" in refused.stderr
    assert nginx.process.poll() is None


V4 = [f"192.0.2.{16 * number}/28" for number in range(11)]
V6 = ["2001:db8::/32", "2a06:98c0::/29"]


def refresh(folder: Path, v4: str | None, v6: str) -> tuple[subprocess.CompletedProcess[str], str]:
    """Run the refresh on a copy of nginx/ with a folder in place of Cloudflare; return the resulting list."""
    copy = shutil.copytree(ROOT / "nginx", folder / "nginx")
    if v4 is not None:
        (folder / "ips-v4").write_text(v4)
    (folder / "ips-v6").write_text(v6)
    done = subprocess.run(
        [str(copy / "cloudflare-ranges.sh")],
        env=os.environ | {"CLOUDFLARE": folder.as_uri()},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done, (copy / "conf/http/cloudflare-ranges.conf").read_text()


def test_a_refresh_writes_cloudflares_ranges(tmp_path: Path) -> None:
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
    ids=["HTML page", "too few ranges", "other text than ranges", "no response"],
)
def test_an_invalid_list_of_ranges_is_not_written(tmp_path: Path, v4: str | None, v6: str) -> None:
    before = (ROOT / "nginx/conf/http/cloudflare-ranges.conf").read_text()

    done, written = refresh(tmp_path, v4, v6)

    assert done.returncode == 1
    assert "is unchanged" in done.stderr
    assert written == before
