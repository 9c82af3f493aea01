"""The allocation of a request, by the JVM's counters of the young generation."""

import subprocess
from collections.abc import Callable

from hemline_bench.children import Child
from hemline_bench.closed_loop import ClosedLoopResult


def bytes_per_request(server: Child, load: Callable[[], ClosedLoopResult]) -> float:
    """Runs the load; returns the allocated bytes divided by its requests."""
    subprocess.run(["jcmd", str(server.process.pid), "GC.run"], capture_output=True, check=True)
    before = _young(server)
    requests = load().requests
    return allocated(before, _young(server)) / requests


def allocated(before: dict[str, float], after: dict[str, float]) -> float:
    """Bytes allocated in Eden between two readings: each young collection emptied a full Eden."""
    collections = after["YGC"] - before["YGC"]
    return 1024 * (after["EU"] - before["EU"] + collections * (before["EC"] + after["EC"]) / 2)


def parse(table: str) -> dict[str, float]:
    """Parses the two lines of `jstat -gc`."""
    names, values = (line.split() for line in table.strip().splitlines())
    return {name: float(value) for name, value in zip(names, values, strict=True) if value != "-"}


def _young(server: Child) -> dict[str, float]:
    done = subprocess.run(["jstat", "-gc", str(server.process.pid)], capture_output=True, text=True, check=True)
    return parse(done.stdout)
