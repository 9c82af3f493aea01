"""How much garbage a request makes, read from the young generation's counters."""

import subprocess
from collections.abc import Callable

from hemline_bench.children import Child
from hemline_bench.closed import Closed


def bytes_per_request(server: Child, load: Callable[[], Closed]) -> float:
    """Runs the load and divides what was allocated meanwhile by its requests."""
    subprocess.run(["jcmd", str(server.process.pid), "GC.run"], capture_output=True, check=True)
    before = _young(server)
    requests = load().requests
    return allocated(before, _young(server)) / requests


def allocated(before: dict[str, float], after: dict[str, float]) -> float:
    """Bytes put into Eden between two looks: each young collection emptied a full one."""
    collections = after["YGC"] - before["YGC"]
    return 1024 * (after["EU"] - before["EU"] + collections * (before["EC"] + after["EC"]) / 2)


def parse(table: str) -> dict[str, float]:
    """Reads the two lines of `jstat -gc`."""
    names, values = (line.split() for line in table.strip().splitlines())
    return {name: float(value) for name, value in zip(names, values, strict=True) if value != "-"}


def _young(server: Child) -> dict[str, float]:
    done = subprocess.run(["jstat", "-gc", str(server.process.pid)], capture_output=True, text=True, check=True)
    return parse(done.stdout)
