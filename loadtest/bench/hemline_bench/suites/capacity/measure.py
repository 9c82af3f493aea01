"""Closed loop at rising concurrency for the scalability law, open loop at rising rates for the latency objective."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hemline_bench import tools
from hemline_bench.children import Child, ChildFailed, Children
from hemline_bench.closed_loop import Workload, run
from hemline_bench.places import ROOT
from hemline_bench.progress import say

CONTRACT_MS = 150


@dataclass(frozen=True)
class Size:
    """Connections and seconds of the closed loop, rates and seconds of the open loop."""

    connections: tuple[int, ...]
    closed_seconds: int
    rates: tuple[int, ...]
    open_seconds: int


FULL = Size((1, 2, 4, 8, 16, 32, 64, 128), 3, (500, 1000, 2000, 3000, 4000, 5000, 6000), 8)
QUICK = Size((1, 4, 16), 1, (100, 200), 2)


@dataclass(frozen=True)
class Step:
    """One rate of the open loop."""

    rate: int
    answered: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    failed: int
    dropped: int
    server_cpu_us: float

    def met(self) -> bool:
        """Whether all requests started on schedule and succeeded, 95 % of them within the objective."""
        return self.failed == 0 and self.dropped <= 0.001 * self.rate and self.p95_ms <= CONTRACT_MS


@dataclass(frozen=True)
class Target:
    """The URL under load and the processes whose CPU counts."""

    name: str
    url: str
    certificate: str
    children: tuple[Child, ...]

    def cpu_seconds(self) -> float:
        """The CPU time of its processes."""
        return sum(child.cpu_seconds() for child in self.children)


def closed_loop(children: Children, target: Target, paths: Path, size: Size) -> list[tuple[int, float]]:
    """Responses a second by number of connections, for known trends by GET."""
    workload = Workload("GET", "-", paths, paths, 1)
    points = []
    for connections in size.connections:
        result = run(children, target, target.url, workload, size.closed_seconds, seed=1, connections=connections)
        points.append((connections, result.per_second))
        say(f"{target.name}, {connections} connections: {result.per_second:,.0f}/s, p99 {result.p99_ms:.3g} ms")
    return points


def open_loop(children: Children, target: Target, size: Size) -> list[Step]:
    """The realistic mix at rising rates, until the objective is missed."""
    steps = []
    for rate in size.rates:
        steps.append(_step(children, target, rate, size.open_seconds))
        say(f"{target.name}: {steps[-1]}")
        if not steps[-1].met():
            break
    return steps


def _step(children: Children, target: Target, rate: int, seconds: int) -> Step:
    out = children.folder / f"{target.name}-{rate}"
    out.mkdir()
    env = {
        "TARGET": target.url,
        "OUT": str(out),
        "RATE": str(rate),
        "DURATION": f"{seconds}s",
        "SEED": str(rate),
        "ADMIN": "",
    }
    if target.certificate:
        env["SSL_CERT_FILE"] = target.certificate
    command = [tools.k6(), "run", "--quiet", "--no-usage-report", str(ROOT / "loadtest" / "steady.js")]
    before = target.cpu_seconds()
    try:
        children.run("k6", command, seconds + 90, env=env)
    except ChildFailed:
        if not (out / "steady.json").exists():
            raise  # else k6 failed because a threshold was crossed, which ends the measurement
    metrics: dict[str, Any] = json.loads((out / "steady.json").read_text())["metrics"]
    times = metrics["http_req_duration{scenario:asking}"]["values"]
    failed = metrics["http_req_failed{scenario:asking}"]["values"]["passes"]
    dropped = metrics.get("dropped_iterations{scenario:asking}", {}).get("values", {}).get("count", 0)
    cpu = (target.cpu_seconds() - before) * 1e6 / max(1, times["count"])
    return Step(rate, times["count"] / seconds, times["med"], times["p(95)"], times["p(99)"], failed, dropped, cpu)
