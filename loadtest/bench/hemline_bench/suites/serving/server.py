"""Hemline itself, and bare programs with the JVM options that it runs with."""

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
class Door:
    """A running server and where it is asked."""

    child: Child
    base: str
    seconds_to_ready: float = 0.0


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def hemline(
    children: Children, port: int | None = None, told: dict[str, str] | None = None, java: str | None = None
) -> Door:
    """Starts the server on the demo store, told so, with those options of the JVM, and waits until it is ready."""
    port = port or free_port()
    settings: dict[str, object] = {"http.port": port, "admin.port": 0, **(told or {})}
    usage = subprocess.run(["./hemline", "serve", "--help"], cwd=ROOT, capture_output=True, text=True, check=True)
    if "grpc.port" in usage.stdout:
        settings["grpc.port"] = 0
    command = ["./hemline", "serve"]
    for key, value in settings.items():
        command += ["--set", f"{key}={value}"]
    started = time.monotonic()
    child = children.start("hemline", command, cwd=ROOT, env={"HEMLINE_JAVA_OPTS": java} if java else None)
    base = f"http://127.0.0.1:{port}"
    child.wait_until(lambda: answers(f"{base}/health/ready"), "not ready", 60)
    return Door(child, base, time.monotonic() - started)


def bare_command(server: Child, main: str, *arguments: str) -> list[str]:
    """A command line that runs a bare program with the very JVM options of the running server."""
    line = Path(f"/proc/{server.process.pid}/cmdline").read_bytes().split(b"\0")[:-1]
    words = [os.fsdecode(word) for word in line]
    path = words.index("-cp")
    classes = f"{words[path + 1]}:{TARGET / 'test-classes'}"
    return [*words[:path], "-cp", classes, f"{BARE}.{main}", *arguments]


def bare_door(
    children: Children, server: Child, answer: Path, name: str, main: str = "BareDoor", *arguments: str
) -> Door:
    """Starts a bare Vert.x server that answers everything with the bytes of a file."""
    port = free_port()
    child = children.start(name, bare_command(server, main, str(port), str(answer), *arguments), cwd=ROOT)
    child.wait_for(f"http://127.0.0.1:{port}/", 20)
    return Door(child, f"http://127.0.0.1:{port}")
