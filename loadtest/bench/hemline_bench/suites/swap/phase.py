"""One measured stretch: the load runs, and versions come and go meanwhile or not."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median
from time import sleep

from hemline_bench import opened
from hemline_bench.children import Children
from hemline_bench.closed import Work
from hemline_bench.opened import Opened
from hemline_bench.suites.swap.asked import RATE
from hemline_bench.suites.swap.shelf import Shelf
from hemline_bench.suites.swap.watched import Watched

K6_STARTS_SECONDS = 2
READINGS = 5


@dataclass(frozen=True)
class Swapped:
    """What the swaps of a stretch took, and the memory after each, in MB."""

    seconds: list[float]
    resident: list[float]

    def around(self, swap: int) -> float:
        """The memory after a swap: the median of it and the few before."""
        return median(self.resident[max(0, swap - READINGS) : swap])


@dataclass(frozen=True)
class Phase:
    """What was measured in a stretch."""

    asked: Opened
    hit_percent: float
    swapped: Swapped

    def lost(self) -> int:
        """Requests that failed or could not be sent in time."""
        return self.asked.failed + self.asked.dropped

    def followed_by(self, other: "Phase") -> "Phase":
        """Both stretches as one: what can be added is added, of all else the worse counts."""
        one, two = self.asked, other.asked
        joined = Opened(
            requests=one.requests + two.requests,
            failed=one.failed + two.failed,
            dropped=one.dropped + two.dropped,
            p50_ms=max(one.p50_ms, two.p50_ms),
            p95_ms=max(one.p95_ms, two.p95_ms),
            p99_ms=max(one.p99_ms, two.p99_ms),
            max_ms=max(one.max_ms, two.max_ms),
        )
        swapped = Swapped(self.swapped.seconds + other.swapped.seconds, self.swapped.resident + other.swapped.resident)
        return Phase(joined, min(self.hit_percent, other.hit_percent), swapped)


def measure(
    children: Children,
    server: Watched,
    work: Work,
    seconds: int,
    seed: int,
    shelf: Shelf | None = None,
    settled: int = READINGS,
) -> Phase:
    """Asks for so many seconds; with a shelf, swaps one version after the other until the load ends.

    Garbage is collected before the last readings of memory up to the swap `settled`, and before those at the end, for
    which some more versions are swapped: what waits for its collection holds native memory, and is no leak.
    """
    before = server.hits()
    swapped = Swapped([], [])
    with ThreadPoolExecutor(1) as beside:
        load = beside.submit(opened.ask, children, server.base, work, RATE, seconds, seed)
        if shelf is not None:
            sleep(K6_STARTS_SECONDS)
        while shelf is not None and not load.done():
            if len(swapped.seconds) == settled - READINGS:
                server.collect_garbage()
            _swap(server, shelf, swapped)
        found = load.result()
    hits = server.hits().since(before)
    if shelf is not None:
        server.collect_garbage()
        for _ in range(READINGS):
            _swap(server, shelf, swapped)
    return Phase(found, hits, swapped)


def _swap(server: Watched, shelf: Shelf, swapped: Swapped) -> None:
    swapped.seconds.append(server.wait_live(shelf.publish()))
    swapped.resident.append(server.resident_mb())
