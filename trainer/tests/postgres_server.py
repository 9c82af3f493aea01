"""A real PostgreSQL for tests: the binaries that the Java tests start, a process of its own on a free port."""

import os
import platform
import shutil
import socket
import subprocess
import tarfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

JARS = Path(__file__).parents[2] / ".cache" / "servers"
LOOKS = 600


@contextmanager
def postgres_server(folder: Path) -> Iterator[str]:
    """Starts an empty one and gives the address that SQLAlchemy takes; skips the test where it was not fetched."""
    programs = _unpacked(folder / "postgres") / "bin"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    data = folder / "data"
    # PostgreSQL refuses to be root, and in CI everything is: in a user namespace of its own it is nobody.
    nobody = ["unshare", "--user"] if os.geteuid() == 0 else []
    initdb = [
        *nobody,
        str(programs / "initdb"),
        "-D",
        str(data),
        "-U",
        "hemline",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-sync",
    ]
    subprocess.run(initdb, check=True, capture_output=True)  # noqa: S603
    listen = ["-h", "127.0.0.1", "-p", str(port), "-k", "", "-c", "fsync=off", "-c", "dynamic_shared_memory_type=mmap"]
    with (folder / "postgres.log").open("wb") as log:
        server = subprocess.Popen(  # noqa: S603
            [*nobody, str(programs / "postgres"), "-D", str(data), *listen], stdout=log, stderr=log
        )
    try:
        _await(port, server, folder / "postgres.log")
        yield f"postgresql+psycopg://hemline@127.0.0.1:{port}/postgres"
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _unpacked(to: Path) -> Path:
    system = {"Linux": "linux", "Darwin": "darwin"}.get(platform.system(), "none")
    machine = {"x86_64": "amd64", "aarch64": "arm64v8", "arm64": "arm64v8"}.get(platform.machine(), "none")
    jars = sorted(JARS.glob(f"embedded-postgres-binaries-{system}-{machine}-[0-9]*.jar"))
    if not jars or not shutil.which("unshare" if os.geteuid() == 0 else "tar"):
        pytest.skip("no PostgreSQL to test with: `make .cache/servers/whole` fetches it")
    with zipfile.ZipFile(jars[-1]) as jar:
        (archive,) = (name for name in jar.namelist() if name.endswith(".txz"))
        with jar.open(archive) as packed, tarfile.open(fileobj=packed, mode="r:xz") as files:
            files.extractall(to, filter="data")
    return to


def _await(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(LOOKS):
        if server.poll() is not None:
            break
        if b"ready to accept connections" in log.read_bytes():
            return
        time.sleep(0.05)
    raise AssertionError(f"PostgreSQL did not start on port {port}: {log.read_text(encoding='utf-8')}")
