"""The objectives under swaps, relative to the same server without swaps."""

from hemline_bench.results import Row, at_least, at_most
from hemline_bench.suites.swap.phase import Phase

P99_TIMES, P99_MS = 1.5, 8
DIP_POINTS = 5
MEMORY_TIMES = 1.05


def rows(kind: str, wanted: int, settled: int, steady: Phase, swapping: Phase, closed: int) -> list[Row]:
    """The rows of one kind of version; `closed` is the number of versions that released their memory."""
    swapped = swapping.swapped
    swaps = len(swapped.seconds)
    after, last = swapped.around(settled), swapped.around(swaps)
    return [
        at_least(f"{kind}: swaps", f"{swaps:,}, {_seconds(swapped.seconds)}", "", swaps, wanted, ""),
        at_most(
            f"{kind}: requests lost",
            f"{swapping.lost()} of {swapping.load.requests:,}",
            f"{steady.lost()} of {steady.load.requests:,} without swaps",
            swapping.lost(),
            0,
            "",
        ),
        at_most(
            f"{kind}: p99",
            _percentiles(swapping),
            f"without swaps {_percentiles(steady)}",
            swapping.load.p99_ms,
            round(max(P99_MS, P99_TIMES * steady.load.p99_ms), 2),
            " ms",
        ),
        at_most(
            f"{kind}: drop of the hit rate",
            f"{swapping.hit_percent:.1f} %",
            f"without swaps {steady.hit_percent:.1f} %",
            steady.hit_percent - swapping.hit_percent,
            DIP_POINTS,
            " points",
        ),
        at_least(f"{kind}: closed, native heap released", f"{closed:,}", "", closed, swaps, ""),
        at_most(
            f"{kind}: memory after the last swap",
            f"{last:,.0f} MB",
            f"{after:,.0f} MB after swap {settled}, at most {max(swapped.resident):,.0f} MB",
            last / after,
            MEMORY_TIMES,
        ),
    ]


def _seconds(took: list[float]) -> str:
    in_order = sorted(took)
    return f"median {in_order[len(in_order) // 2]:.2f} s, max {in_order[-1]:.2f} s from pointer to live"


def _percentiles(phase: Phase) -> str:
    load = phase.load
    return f"p50 {load.p50_ms:.2g}, p95 {load.p95_ms:.2g}, p99 {load.p99_ms:.3g}, max {load.max_ms:.3g} ms"
