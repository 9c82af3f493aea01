"""The suite: a server is asked at a steady rate, first left alone, then swapped as fast as versions become live."""

import math
import time
from pathlib import Path
from statistics import median

from hemline_bench.children import Children
from hemline_bench.places import ARTIFACT
from hemline_bench.progress import say
from hemline_bench.results import Bar, Row
from hemline_bench.suites.serving.server import free_port, hemline
from hemline_bench.suites.swap import asked, heavy, phase
from hemline_bench.suites.swap.rows import rows
from hemline_bench.suites.swap.shelf import Shelf
from hemline_bench.suites.swap.size import FULL, QUICK, Size
from hemline_bench.suites.swap.watched import Watched

# A heap that stays as it is: what grows then is native memory, which is where sessions live.
JAVA = "-Xms512m -Xmx512m -XX:+AlwaysPreTouch"
# Looked at often and measured shortly, so that a thousand swaps fit into a quarter of an hour.
# An encoder of random weights made none of the snapshot's embeddings; that this keeps a version out is shown elsewhere.
SETTINGS = {"store.poll": "20ms", "batch.calibration": "50ms", "features.max-embedding-mismatch": "1"}
MARGIN = 1.15


def main(children: Children, *, quick: bool, peers: bool) -> tuple[list[Row], list[str], list[Bar]]:
    """Measures light versions, then heavy ones; there are no peers here."""
    del peers
    size = QUICK if quick else FULL
    demo = [ARTIFACT.with_name("1"), ARTIFACT]
    found = _swaps(children, "demo", demo, size.swaps, size.settled, size)
    if size.heavy_swaps:
        made = heavy.make(children)
        found += _swaps(children, "ViT-B/16", [made], size.heavy_swaps, size.heavy_settled, size)
    return found, _notes(size), []


def _swaps(children: Children, what: str, artifacts: list[Path], wanted: int, settled: int, size: Size) -> list[Row]:
    folder = children.folder / what.replace("/", "-")
    folder.mkdir()
    shelf = Shelf(folder, artifacts)
    admin = free_port()
    told = {**SETTINGS, "admin.port": str(admin), "store.url": str(shelf.url)}
    door = hemline(children, told=told, java=JAVA)
    server = Watched(door.child, door.base, f"http://127.0.0.1:{admin}")
    work = asked.work(folder, server.base)
    seed = int(time.time()) % 800
    say(f"{what}: warming for twice {size.warm_seconds} s, the second time with swaps")
    phase.measure(children, server, work, size.warm_seconds, seed)
    trial = phase.measure(children, server, work, size.warm_seconds, seed + 1, shelf)
    steady = phase.measure(children, server, work, size.steady_seconds, seed + 2)
    say(f"{what}, left alone: {steady.asked}, {steady.hit_percent:.1f} % hits")
    closed_before = _all_closed(server, shelf)
    settled_pace = median(trial.swapped.seconds[len(trial.swapped.seconds) // 2 :])
    seconds = math.ceil(wanted * settled_pace * MARGIN) + phase.K6_STARTS_SECONDS
    say(f"{what}: {wanted} swaps in about {seconds} s")
    swapping = phase.measure(children, server, work, seconds, seed + 3, shelf, settled)
    while len(swapping.swapped.seconds) < wanted:
        seed += 1
        missing = 1 - len(swapping.swapped.seconds) / wanted
        say(f"{what}: {missing:.0%} of the swaps are missing")
        swapping = swapping.followed_by(
            phase.measure(children, server, work, math.ceil(seconds * missing) + 5, seed + 3, shelf)
        )
    say(f"{what}, swapped {len(swapping.swapped.seconds)} times: {swapping.asked}, {swapping.hit_percent:.1f} % hits")
    closed = _all_closed(server, shelf) - closed_before
    children.stop(door.child)
    return rows(what, wanted, settled, steady, swapping, closed)


def _all_closed(server: Watched, shelf: Shelf) -> int:
    """Waits a little for all versions but the live one to be closed; returns how many are."""
    deadline = time.monotonic() + 20
    while server.closed() < shelf.newest - 1 and time.monotonic() < deadline:
        time.sleep(0.1)
    return server.closed()


def _notes(size: Size) -> list[str]:
    told = " ".join(f"{key}={value}" for key, value in SETTINGS.items())
    return [
        f"Open loop by k6, {asked.RATE}/s: {asked.HIT_SHARE:.0%} single known trends by Zipf's law over all that the "
        "demo knows, the rest own series of 104 weeks that nobody asked before. No pictures are asked.",
        f"Each kind of version has a server of its own: {size.warm_seconds} s of the load alone and "
        f"{size.warm_seconds} s with swaps to warm it, {size.steady_seconds} s left alone, then swaps.",
        "A swap publishes a version under a new number, its files hard links to those of the artifacts in turn, moves "
        "the pointer, and waits until `/v2/models/trend/versions/N/ready` says yes; then comes the next. Of the older "
        "versions four stay in the store. There are swaps until the load ends, which is planned by those of the "
        "warm-up; where too few fit, it is asked again, and the worst percentiles count.",
        f"The server ran with {told}, all else by default, and `{JAVA}`. Memory is VmRSS, the median after five swaps "
        "behind a collection of garbage.",
        "Lost: answered with an error, not answered, or not sent in time. Hits: by `forecast_cache_requests_total`.",
    ]
