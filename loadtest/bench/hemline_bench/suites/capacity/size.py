"""How much is measured."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """Concurrencies and seconds of the closed loop, rates and seconds of the open one."""

    connections: tuple[int, ...]
    closed_seconds: int
    rates: tuple[int, ...]
    open_seconds: int


FULL = Size((1, 2, 4, 8, 16, 32, 64, 128), 3, (500, 1000, 2000, 3000, 4000, 5000, 6000), 8)
QUICK = Size((1, 4, 16), 1, (100, 200), 2)
