"""Open-loop load by k6: requests start on schedule, independent of earlier responses.

A stall therefore delays every request that falls into it, and requests that k6 could not start count as dropped.
"""

import json
import time
from dataclasses import dataclass
from typing import Any

from hemline_bench import tools
from hemline_bench.children import Children
from hemline_bench.closed_loop import LoadFailed, Workload
from hemline_bench.places import SCRIPTS


@dataclass(frozen=True)
class OpenLoopResult:
    """The result of one run of k6."""

    requests: int
    failed: int
    dropped: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float

    def clean(self) -> bool:
        """Whether every request started on schedule and got 200."""
        return self.failed == 0 and self.dropped == 0


def parse(metrics: dict[str, Any]) -> OpenLoopResult:
    """Parses the metrics of k6's summary."""
    try:
        times = metrics["http_req_duration{scenario:requests}"]["values"]
        failed = metrics["http_req_failed{scenario:requests}"]["values"]["passes"]
        requests = metrics["http_reqs{scenario:requests}"]["values"]["count"]
    except KeyError as missing:
        raise LoadFailed(f"k6's summary has no {missing}") from missing
    dropped = metrics.get("dropped_iterations", {}).get("values", {}).get("count", 0)
    return OpenLoopResult(requests, failed, dropped, times["med"], times["p(95)"], times["p(99)"], times["max"])


def run(
    children: Children,
    base: str,
    work: Workload,
    rate: int,
    seconds: int,
    seed: int,
    images: tuple[int, str] = (0, ""),
    ready: str = "",
    after: tuple[int, int] = (0, 0),
) -> OpenLoopResult:
    """Sends requests at a rate per second; `images` is a rate and a file of requests with images in parallel.

    One second later it continues at the rate and for the seconds of `after`, which the result does not include.
    """
    summary = children.folder / f"k6-{time.monotonic_ns()}.json"
    env = {
        "BASE_URL": base,
        "METHOD": work.method,
        "REQUEST_PATH": work.path,
        "HITS_FILE": str(work.hits),
        "MISSES_FILE": str(work.misses),
        "HITS": str(work.hit_share),
        "RATE": str(rate),
        "SECONDS": str(seconds),
        "SEED": str(seed),
        "IMAGES": str(images[0]),
        "IMAGES_FILE": images[1],
        "SUMMARY": str(summary),
        "READY": ready,
        "AFTER": str(after[0]),
        "AFTER_SECONDS": str(after[1]),
    }
    children.run(
        "k6",
        [tools.k6(), "run", "--quiet", "--no-usage-report", str(SCRIPTS / "open-loop.js")],
        seconds + after[1] + 60,
        env=env,
    )
    return parse(json.loads(summary.read_text()))
