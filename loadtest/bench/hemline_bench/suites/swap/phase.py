"""One phase of the measurement: the load with or without concurrent swaps."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median
from time import sleep

from hemline_bench import open_loop
from hemline_bench.children import Children
from hemline_bench.closed_loop import Workload
from hemline_bench.open_loop import OpenLoopResult
from hemline_bench.suites.swap.probe import ServerProbe
from hemline_bench.suites.swap.version_store import VersionStore
from hemline_bench.suites.swap.workload import RATE

K6_STARTS_SECONDS = 2
READINGS = 5


@dataclass(frozen=True)
class Swapped:
    """The seconds of each swap of a phase and the memory after it in MB."""

    seconds: list[float]
    resident: list[float]

    def around(self, swap: int) -> float:
        """The memory after a swap: the median of it and the few before it."""
        return median(self.resident[max(0, swap - READINGS) : swap])


@dataclass(frozen=True)
class Phase:
    """The measurements of a phase."""

    load: OpenLoopResult
    hit_percent: float
    swapped: Swapped

    def lost(self) -> int:
        """Requests that failed or did not start on schedule."""
        return self.load.failed + self.load.dropped

    def followed_by(self, other: "Phase") -> "Phase":
        """Both phases as one: the sums of counts and the worse of all other figures."""
        one, two = self.load, other.load
        joined = OpenLoopResult(
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
    server: ServerProbe,
    work: Workload,
    seconds: int,
    seed: int,
    store: VersionStore | None = None,
    settled: int = READINGS,
) -> Phase:
    """Runs the load for so many seconds; with a store, swaps versions until the load ends.

    A garbage collection precedes the last readings of memory before the swap `settled` and those at the end, which
    come from some further swaps: objects that await collection hold native memory and are no leak.
    """
    before = server.hits()
    swapped = Swapped([], [])
    with ThreadPoolExecutor(1) as background:
        load = background.submit(open_loop.run, children, server.base, work, RATE, seconds, seed)
        if store is not None:
            sleep(K6_STARTS_SECONDS)
        while store is not None and not load.done():
            if len(swapped.seconds) == settled - READINGS:
                server.collect_garbage()
            _swap(server, store, swapped)
        found = load.result()
    hits = server.hits().since(before)
    if store is not None:
        server.collect_garbage()
        for _ in range(READINGS):
            _swap(server, store, swapped)
    return Phase(found, hits, swapped)


def _swap(server: ServerProbe, store: VersionStore, swapped: Swapped) -> None:
    swapped.seconds.append(server.wait_live(store.publish()))
    swapped.resident.append(server.resident_mb())
