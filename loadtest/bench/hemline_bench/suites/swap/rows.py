"""What must hold while versions are swapped, beside the same server left alone."""

from hemline_bench.results import Row, at_least, at_most
from hemline_bench.suites.swap.phase import Phase

P99_TIMES, P99_MS = 1.5, 8
DIP_POINTS = 5
MEMORY_TIMES = 1.05


def rows(what: str, wanted: int, settled: int, steady: Phase, swapping: Phase, closed: int) -> list[Row]:
    """The rows of one kind of version; `closed` is how many gave their memory back."""
    swapped = swapping.swapped
    swaps = len(swapped.seconds)
    after, last = swapped.around(settled), swapped.around(swaps)
    return [
        at_least(f"{what}: swaps", f"{swaps:,}, {_seconds(swapped.seconds)}", "", swaps, wanted, ""),
        at_most(
            f"{what}: requests lost",
            f"{swapping.lost()} of {swapping.asked.requests:,}",
            f"{steady.lost()} of {steady.asked.requests:,} without swaps",
            swapping.lost(),
            0,
            "",
        ),
        at_most(
            f"{what}: p99",
            _percentiles(swapping),
            f"without swaps {_percentiles(steady)}",
            swapping.asked.p99_ms,
            round(max(P99_MS, P99_TIMES * steady.asked.p99_ms), 2),
            " ms",
        ),
        at_most(
            f"{what}: hits fewer",
            f"{swapping.hit_percent:.1f} %",
            f"without swaps {steady.hit_percent:.1f} %",
            steady.hit_percent - swapping.hit_percent,
            DIP_POINTS,
            " points",
        ),
        at_least(f"{what}: closed, native heap given back", f"{closed:,}", "", closed, swaps, ""),
        at_most(
            f"{what}: memory after the last swap",
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
    asked = phase.asked
    return f"p50 {asked.p50_ms:.2g}, p95 {asked.p95_ms:.2g}, p99 {asked.p99_ms:.3g}, max {asked.max_ms:.3g} ms"
