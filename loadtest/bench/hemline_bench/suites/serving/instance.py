"""Starts Hemline, and bare programs with Hemline's JVM options."""

import os
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from hemline_bench.children import Child, Children, answers
from hemline_bench.places import ROOT, TARGET

BARE = "io.hemline.serving.bench"


@dataclass(frozen=True)
class Instance:
    """A running server and its base URL."""

    child: Child
    base: str
    seconds_to_ready: float = 0.0


def free_port() -> int:
    """An unused port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def hemline(
    children: Children, port: int | None = None, settings: dict[str, str] | None = None, java: str | None = None
) -> Instance:
    """Starts the server on the demo store with these settings and JVM options, and waits until it is ready."""
    port = port or free_port()
    all_settings: dict[str, object] = {"http.port": port, "admin.port": 0, "grpc.port": 0, **(settings or {})}
    command = ["./hemline", "serve"]
    for key, value in all_settings.items():
        command += ["--set", f"{key}={value}"]
    started = time.monotonic()
    child = children.start("hemline", command, cwd=ROOT, env={"HEMLINE_JAVA_OPTS": java} if java else None)
    base = f"http://127.0.0.1:{port}"
    child.wait_until(lambda: answers(f"{base}/health/ready"), "not ready", 60)
    return Instance(child, base, time.monotonic() - started)


def start_with_api_keys(children: Children) -> tuple[Instance, str]:
    """Starts a server with API keys and one client; returns it and the client's header."""
    keys = children.folder / "keys.txt"
    made = subprocess.run(
        ["./hemline", "keys", "new", "--client", "bench", "--file", str(keys)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    instance = hemline(children, settings={"auth.mode": "api-key", "auth.api-keys-file": str(keys)})
    return instance, f"X-API-Key: {made.stdout.strip()}"


def bare_command(server: Child, main: str, *arguments: str) -> list[str]:
    """The command of a bare program with the JVM options of the running server."""
    line = Path(f"/proc/{server.process.pid}/cmdline").read_bytes().split(b"\0")[:-1]
    words = [os.fsdecode(word) for word in line]
    path = words.index("-cp")
    classes = f"{words[path + 1]}:{TARGET / 'test-classes'}"
    return [*words[:path], "-cp", classes, f"{BARE}.{main}", *arguments]


def bare_instance(
    children: Children, server: Child, answer: Path, name: str, main: str = "BareServer", *arguments: str
) -> Instance:
    """Starts a bare Vert.x server that answers every request with the bytes of a file."""
    port = free_port()
    child = children.start(name, bare_command(server, main, str(port), str(answer), *arguments), cwd=ROOT)
    child.wait_for(f"http://127.0.0.1:{port}/", 20)
    return Instance(child, f"http://127.0.0.1:{port}")
