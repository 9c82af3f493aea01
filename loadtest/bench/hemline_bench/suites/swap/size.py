"""How much is swapped, and how long it is asked."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """Swaps of light and of heavy versions; `settled` is the swap after which memory must not grow any more."""

    swaps: int
    settled: int
    heavy_swaps: int
    heavy_settled: int
    warm_seconds: int
    steady_seconds: int


FULL = Size(swaps=1000, settled=50, heavy_swaps=20, heavy_settled=5, warm_seconds=30, steady_seconds=60)
QUICK = Size(swaps=30, settled=10, heavy_swaps=0, heavy_settled=0, warm_seconds=8, steady_seconds=10)
