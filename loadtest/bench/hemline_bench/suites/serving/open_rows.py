"""The rows of the open loop: latencies at fixed rates, beside images, and right after a start."""

from hemline_bench import opened
from hemline_bench.children import Children
from hemline_bench.closed import Work
from hemline_bench.opened import Opened
from hemline_bench.progress import say
from hemline_bench.results import Row, at_most
from hemline_bench.suites.serving.questions import Questions
from hemline_bench.suites.serving.server import Door, hemline
from hemline_bench.suites.serving.size import Size

IMAGES_PER_SECOND = 5


def measure(children: Children, server: Door, asked: Questions, size: Size) -> list[Row]:
    """The rows at fixed rates."""

    def at(rate: int, hit_share: float, seed: int, images: tuple[int, str] = (0, "")) -> Opened:
        work = Work("POST", "/v1/forecasts", asked.known, asked.fresh, hit_share)
        found = opened.ask(children, server.base, work, rate, size.open_seconds, size.seed + seed, images)
        say(f"open loop {rate}/s, {hit_share:.0%} hits, {images[0]} images/s: {found}")
        return found

    at(500, 0.85, 401)  # every known question is cached from here on
    fresh, mixed = at(500, 0, 402), at(500, 0.85, 403)
    alone, beside = at(300, 0, 404), at(300, 0, 405, (IMAGES_PER_SECOND, str(asked.pictures)))
    return [
        at_most("open loop, 500/s, 0 % hits: p95", said(fresh), "", fresh.p95_ms, 10, " ms"),
        at_most("open loop, 500/s, 85 % hits: p95", said(mixed), "", mixed.p95_ms, 3, " ms"),
        at_most("open loop, 500/s, 85 % hits: p99", said(mixed), "", mixed.p99_ms, 10, " ms"),
        at_most(
            f"300/s uncached beside {IMAGES_PER_SECOND} images/s: p95",
            said(beside),
            f"without images {said(alone)}",
            beside.p95_ms,
            max(10, round(2 * alone.p95_ms, 2)),
            " ms",
        ),
    ]


def measure_start(children: Children, port: int, work: Work, size: Size) -> list[Row]:
    """Starts a server and at once asks it 1,000 times a second."""
    server = hemline(children, port)
    found = opened.ask(children, server.base, work, 1000, 10, size.seed + 500, ready=f"{server.base}/health/ready")
    say(f"ready after {server.seconds_to_ready:.2f} s; at once 1,000/s: {found}")
    return [
        at_most(
            "start to ready (second start)", f"{server.seconds_to_ready:.2f} s", "", server.seconds_to_ready, 4, " s"
        ),
        at_most("at once 1,000/s of `/predict` for 10 s: p95", said(found), "", found.p95_ms, 20, " ms"),
    ]


def said(found: Opened) -> str:
    """The percentiles, and what went wrong."""
    wrong = "" if found.clean() else f", {found.failed} failed, {found.dropped} not sent"
    tail = f"p95 {found.p95_ms:.2g}, p99 {found.p99_ms:.3g}, max {found.max_ms:.3g} ms"
    return f"p50 {found.p50_ms:.2g}, {tail} of {found.requests:,}{wrong}"
