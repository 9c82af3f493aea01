"""Open loop by k6: requests start on time whether or not earlier ones were answered.

So a stall is met by all requests that fall into it, and what k6 could not send in time is counted as not sent.
"""

import json
import time
from dataclasses import dataclass
from typing import Any

from hemline_bench import tools
from hemline_bench.children import Children
from hemline_bench.closed import NoLoad, Work
from hemline_bench.places import SCRIPTS


@dataclass(frozen=True)
class Opened:
    """What one run of k6 found."""

    requests: int
    failed: int
    dropped: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float

    def clean(self) -> bool:
        """Whether every request was sent on time and answered 200."""
        return self.failed == 0 and self.dropped == 0


def parse(metrics: dict[str, Any]) -> Opened:
    """Reads the metrics of k6's summary."""
    try:
        times = metrics["http_req_duration{scenario:questions}"]["values"]
        failed = metrics["http_req_failed{scenario:questions}"]["values"]["passes"]
        requests = metrics["http_reqs{scenario:questions}"]["values"]["count"]
    except KeyError as missing:
        raise NoLoad(f"k6's summary has no {missing}") from missing
    dropped = metrics.get("dropped_iterations", {}).get("values", {}).get("count", 0)
    return Opened(requests, failed, dropped, times["med"], times["p(95)"], times["p(99)"], times["max"])


def ask(
    children: Children,
    base: str,
    work: Work,
    rate: int,
    seconds: int,
    seed: int,
    images: tuple[int, str] = (0, ""),
    ready: str = "",
    after: tuple[int, int] = (0, 0),
) -> Opened:
    """Asks at a rate for so many seconds; `images` is a rate and a file of its own.

    A second after that it asks again, at the rate and for the seconds of `after`; what comes of it is not told.
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
        [tools.k6(), "run", "--quiet", "--no-usage-report", str(SCRIPTS / "open.js")],
        seconds + after[1] + 60,
        env=env,
    )
    return parse(json.loads(summary.read_text()))
