"""The open-loop rows: latencies at fixed rates, with images in parallel, and right after a start."""

from hemline_bench import open_loop
from hemline_bench.children import Children
from hemline_bench.closed_loop import Workload
from hemline_bench.open_loop import OpenLoopResult
from hemline_bench.progress import say
from hemline_bench.results import Row, at_most
from hemline_bench.suites.serving.instance import Instance, hemline
from hemline_bench.suites.serving.request_files import RequestFiles
from hemline_bench.suites.serving.rounds import Size

IMAGES_PER_SECOND = 5


def measure(children: Children, server: Instance, files: RequestFiles, size: Size) -> list[Row]:
    """Measures the rows at fixed rates."""

    def at(rate: int, hit_share: float, seed: int, images: tuple[int, str] = (0, "")) -> OpenLoopResult:
        work = Workload("POST", "/v1/forecasts", files.known, files.fresh, hit_share)
        found = open_loop.run(children, server.base, work, rate, size.open_seconds, size.seed + seed, images)
        say(f"open loop {rate}/s, {hit_share:.0%} hits, {images[0]} images/s: {found}")
        return found

    at(500, 0.85, 401)  # fills the cache with every known request
    fresh, mixed = at(500, 0, 402), at(500, 0.85, 403)
    alone, with_images = at(300, 0, 404), at(300, 0, 405, (IMAGES_PER_SECOND, str(files.images)))
    return [
        at_most("open loop, 500/s, 0 % hits: p95", summary(fresh), "", fresh.p95_ms, 10, " ms"),
        at_most("open loop, 500/s, 85 % hits: p95", summary(mixed), "", mixed.p95_ms, 3, " ms"),
        at_most("open loop, 500/s, 85 % hits: p99", summary(mixed), "", mixed.p99_ms, 10, " ms"),
        at_most(
            f"300/s uncached with {IMAGES_PER_SECOND} images/s: p95",
            summary(with_images),
            f"without images {summary(alone)}",
            with_images.p95_ms,
            max(10, round(2 * alone.p95_ms, 2)),
            " ms",
        ),
    ]


def measure_start(children: Children, port: int, work: Workload, size: Size) -> list[Row]:
    """Starts a server and sends 1,000 requests a second from the first ready one."""
    server = hemline(children, port)
    found = open_loop.run(children, server.base, work, 1000, 10, size.seed + 500, ready=f"{server.base}/health/ready")
    say(f"ready after {server.seconds_to_ready:.2f} s; then 1,000/s: {found}")
    return [
        at_most(
            "start to ready (second start)", f"{server.seconds_to_ready:.2f} s", "", server.seconds_to_ready, 4, " s"
        ),
        at_most("1,000/s of `/predict` for 10 s from the start: p95", summary(found), "", found.p95_ms, 20, " ms"),
    ]


def summary(found: OpenLoopResult) -> str:
    """The percentiles, and the failures if there were any."""
    wrong = "" if found.clean() else f", {found.failed} failed, {found.dropped} dropped"
    tail = f"p95 {found.p95_ms:.2g}, p99 {found.p99_ms:.3g}, max {found.max_ms:.3g} ms"
    return f"p50 {found.p50_ms:.2g}, {tail} of {found.requests:,}{wrong}"
