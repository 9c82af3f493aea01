"""Child processes that never outlive the benchmark."""

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from hemline_bench import guard

TICKS = os.sysconf("SC_CLK_TCK")
STOP_SECONDS = 8


class ChildFailed(Exception):
    """A child process failed; the message has the end of its log."""


@dataclass(frozen=True)
class Child:
    """A process with its descendants, which share a mark in their environment."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    mark: str

    def cpu_seconds(self) -> float:
        """CPU time of its running processes."""
        ticks = 0
        for pid in guard.members(self.mark):
            try:
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            ticks += int(fields[11]) + int(fields[12])
        return ticks / TICKS

    def failed(self, reason: str) -> ChildFailed:
        """An exception with the reason and the end of the log."""
        tail = self.log.read_text(errors="replace")[-1500:]
        return ChildFailed(f"{self.name}: {reason}\n{tail}")

    def wait_for(self, url: str, seconds: float) -> float:
        """Waits until the URL answers 200; returns the seconds that it took."""
        return self.wait_until(lambda: answers(url), f"no 200 from {url}", seconds)

    def wait_until(self, ready: Callable[[], bool], failure: str, seconds: float) -> float:
        """Waits for a condition; fails when the process exits or the time is over."""
        started = time.monotonic()
        while not ready():
            if self.process.poll() is not None:
                raise self.failed(f"exited with {self.process.returncode}")
            if time.monotonic() - started > seconds:
                raise self.failed(f"{failure} within {seconds:.0f} s")
            time.sleep(0.01)
        return time.monotonic() - started


def answers(url: str) -> bool:
    """Whether the URL answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


class Children:
    """Starts processes and stops them all at the end; a guard process does so if the benchmark is killed."""

    def __init__(self) -> None:
        self._running: list[Child] = []
        self._folder = tempfile.TemporaryDirectory(prefix="hemline-bench-")
        self.folder = Path(self._folder.name)
        self._guard = subprocess.Popen(
            [sys.executable, guard.__file__], stdin=subprocess.PIPE, text=True, start_new_session=True
        )

    def __enter__(self) -> "Children":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child in reversed(list(self._running)):
            self.stop(child)
        assert self._guard.stdin is not None
        self._guard.stdin.close()
        self._guard.wait()
        self._folder.cleanup()

    def start(self, name: str, command: list[str], cwd: Path | None = None, env: dict[str, str] | None = None) -> Child:
        """Starts a process whose output goes into its own log."""
        mark = f"{os.getpid()}-{time.monotonic_ns()}"
        log = self.folder / f"{name}-{mark}.log"
        self._send(f"+{mark}")
        with log.open("wb") as out:
            process = subprocess.Popen(
                command,
                cwd=cwd,
                env=os.environ | (env or {}) | {guard.NAME: mark},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        child = Child(name, process, log, mark)
        self._running.append(child)
        return child

    def named(self, name: str) -> list[Child]:
        """The running processes with this name."""
        return [child for child in self._running if child.name == name]

    def run(
        self, name: str, command: list[str], seconds: float, cwd: Path | None = None, env: dict[str, str] | None = None
    ) -> tuple[str, float]:
        """Runs a process to completion; returns its output and its CPU seconds."""
        child = self.start(name, command, cwd, env)
        try:
            deadline = time.monotonic() + seconds
            while True:
                pid, status, usage = os.wait4(child.process.pid, os.WNOHANG)
                if pid:
                    break
                if time.monotonic() > deadline:
                    raise child.failed(f"not done after {seconds:.0f} s")
                time.sleep(0.01)
            child.process.returncode = os.waitstatus_to_exitcode(status)
            if child.process.returncode:
                raise child.failed(f"exited with {child.process.returncode}")
            return child.log.read_text(errors="replace"), usage.ru_utime + usage.ru_stime
        finally:
            self.stop(child)

    def stop(self, child: Child) -> None:
        """Stops a process and its descendants: first by SIGTERM, then by SIGKILL."""
        if child.process.poll() is None:
            child.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while child.process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        guard.kill(child.mark, signal.SIGKILL)
        if child.process.poll() is None:
            child.process.wait()
        self._send(f"-{child.mark}")
        self._running.remove(child)

    def _send(self, line: str) -> None:
        assert self._guard.stdin is not None
        self._guard.stdin.write(line + "\n")
        self._guard.stdin.flush()
