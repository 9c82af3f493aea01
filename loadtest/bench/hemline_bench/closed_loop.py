"""Closed-loop load by wrk: each connection sends its next request on the response to the last."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from hemline_bench import tools
from hemline_bench.children import Children
from hemline_bench.places import SCRIPTS

MARK = "BENCH "


class LoadFailed(Exception):
    """The load generator printed no result, or no request succeeded."""


class Server(Protocol):
    """A process or several, whose CPU time counts as the server's."""

    def cpu_seconds(self) -> float:
        """The CPU time so far."""


@dataclass(frozen=True)
class ClosedLoopResult:
    """The result of one run of wrk; CPU in microseconds per request."""

    per_second: float
    p50_ms: float
    p99_ms: float
    errors: int
    requests: int
    generator_cpu_us: float
    server_cpu_us: float


@dataclass(frozen=True)
class Workload:
    """The requests: method, path, files of repeated and of unique requests, the share of repeated ones, headers."""

    method: str
    path: str
    hits: Path
    misses: Path
    hit_share: float
    headers: tuple[str, ...] = ()


def parse(output: str, generator_cpu: float = 0, server_cpu: float = 0) -> ClosedLoopResult:
    """Parses the line that the Lua script prints at the end."""
    lines = [line for line in output.splitlines() if line.startswith(MARK)]
    if not lines:
        raise LoadFailed(f"wrk printed no result:\n{output[-1500:]}")
    result = json.loads(lines[-1].removeprefix(MARK))
    requests = result["requests"]
    if requests == 0:
        raise LoadFailed(f"wrk got no response:\n{output[-1500:]}")
    return ClosedLoopResult(
        per_second=requests / (result["duration_us"] / 1e6),
        p50_ms=result["p50_us"] / 1e3,
        p99_ms=result["p99_us"] / 1e3,
        errors=result["errors"],
        requests=requests,
        generator_cpu_us=generator_cpu * 1e6 / requests,
        server_cpu_us=server_cpu * 1e6 / requests,
    )


def run(
    children: Children, server: Server, base: str, work: Workload, seconds: float, seed: int, connections: int = 64
) -> ClosedLoopResult:
    """Sends requests for so many seconds; the unique requests differ between seeds."""
    command = [tools.wrk(), "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "10s"]
    for header in work.headers:
        command += ["-H", header]
    command += ["-s", str(SCRIPTS / "closed-loop.lua"), base, "--"]
    command += [work.method, work.path, str(work.hits), str(work.misses), str(work.hit_share), str(seed)]
    before = server.cpu_seconds()
    output, generator_cpu = children.run("wrk", command, seconds + 30)
    return parse(output, generator_cpu, server.cpu_seconds() - before)
