"""Closed loop by wrk: so many connections, each asks again as soon as it was answered."""

import json
from dataclasses import dataclass
from pathlib import Path

from hemline_bench import tools
from hemline_bench.children import Child, Children
from hemline_bench.places import SCRIPTS

MARK = "BENCH "


class NoLoad(Exception):
    """The generator's output says nothing usable, or answers failed."""


@dataclass(frozen=True)
class Closed:
    """What one run of wrk found; CPU in microseconds for each request."""

    per_second: float
    p50_ms: float
    p99_ms: float
    errors: int
    requests: int
    generator_cpu_us: float
    server_cpu_us: float


@dataclass(frozen=True)
class Work:
    """What is asked: a file of questions for hits, one for misses, the share of hits, verb, path, headers."""

    method: str
    path: str
    hits: Path
    misses: Path
    hit_share: float
    headers: tuple[str, ...] = ()


def parse(output: str, generator_cpu: float = 0, server_cpu: float = 0) -> Closed:
    """Reads the line that our Lua script prints at the end."""
    lines = [line for line in output.splitlines() if line.startswith(MARK)]
    if not lines:
        raise NoLoad(f"wrk printed no result:\n{output[-1500:]}")
    said = json.loads(lines[-1].removeprefix(MARK))
    requests = said["requests"]
    if requests == 0:
        raise NoLoad(f"wrk got no answer at all:\n{output[-1500:]}")
    return Closed(
        per_second=requests / (said["duration_us"] / 1e6),
        p50_ms=said["p50_us"] / 1e3,
        p99_ms=said["p99_us"] / 1e3,
        errors=said["errors"],
        requests=requests,
        generator_cpu_us=generator_cpu * 1e6 / requests,
        server_cpu_us=server_cpu * 1e6 / requests,
    )


def ask(
    children: Children, server: Child, base: str, work: Work, seconds: float, seed: int, connections: int = 64
) -> Closed:
    """Asks for so many seconds; `seed` makes the misses of each run different from those of all others."""
    command = [tools.wrk(), "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "10s"]
    for header in work.headers:
        command += ["-H", header]
    command += ["-s", str(SCRIPTS / "ask.lua"), base, "--"]
    command += [work.method, work.path, str(work.hits), str(work.misses), str(work.hit_share), str(seed)]
    before = server.cpu_seconds()
    output, generator_cpu = children.run("wrk", command, seconds + 30)
    return parse(output, generator_cpu, server.cpu_seconds() - before)
