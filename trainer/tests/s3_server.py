"""A real S3 server for tests: VersityGW, a process of its own on a free port and a folder of the test."""

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parents[2] / ".cache" / "bin" / "versitygw"
ACCESS_KEY, SECRET_KEY = "tester", "tester-secret"
LOOKS = 600


@contextmanager
def s3_server(folder: Path) -> Iterator[str]:
    """Starts a server with the bucket `models` and gives its endpoint; skips the test where it was not built."""
    if not os.access(PROGRAM, os.X_OK):
        pytest.skip("no S3 server to test with: `make .cache/bin/versitygw` builds it")
    (folder / "data" / "models").mkdir(parents=True)
    (folder / "meta").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    listen = f"127.0.0.1:{port}"
    command = [str(PROGRAM), "-q", "--port", listen, "posix", "--sidecar", str(folder / "meta"), str(folder / "data")]
    environment = os.environ | {
        "ROOT_ACCESS_KEY": ACCESS_KEY,
        "ROOT_SECRET_KEY": SECRET_KEY,
        "VGW_HEALTH": "/health",
    }
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)  # noqa: S603
    try:
        _await(f"http://127.0.0.1:{port}/health", server, folder / "server.log")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()
        server.wait()


def _await(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(LOOKS):
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own process
                return
        except urllib.error.URLError:
            time.sleep(0.05)
    raise AssertionError(f"the S3 server did not start: {log.read_text(encoding='utf-8')}")


def environment(endpoint: str, secret: str = SECRET_KEY) -> dict[str, str]:
    """What tools of AWS read."""
    return {
        "AWS_ENDPOINT_URL_S3": endpoint,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": secret,
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
