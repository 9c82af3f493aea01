"""Pairs: two servers do the same work one right after the other, and who begins changes each time."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from hemline_bench.closed import Closed


@dataclass(frozen=True)
class Pairs:
    """What both found, pair by pair: the watched one and the one without."""

    watched: list[Closed]
    without: list[Closed]

    def throughput(self) -> list[float]:
        """The watched one's answers a second as a share of the other's."""
        return _ratios(self.watched, self.without, lambda found: found.per_second)

    def processor(self) -> list[float]:
        """The processor time that an answer takes of the watched server, as a share of the other's."""
        return _ratios(self.watched, self.without, lambda found: found.server_cpu_us)


def measured(watched: Callable[[], Closed], without: Callable[[], Closed], pairs: int) -> Pairs:
    """Measures so many pairs."""
    found = Pairs([], [])
    for number in range(pairs):
        turns = [(without, found.without), (watched, found.watched)]
        for ask, results in reversed(turns) if number % 2 else turns:
            results.append(ask())
    return found


def ratios(one: Callable[[], float], other: Callable[[], float], pairs: int) -> list[float]:
    """What `one` reaches as a share of what `other` does, pair by pair."""
    found = []
    for number in range(pairs):
        if number % 2:
            reached, base = one(), other()
        else:
            base, reached = other(), one()
        found.append(reached / base)
    return found


def said(found: list[float]) -> str:
    """The median with the least and the greatest."""
    return f"{median(found):.3f} ({min(found):.3f} to {max(found):.3f})"


def _ratios(ours: list[Closed], theirs: list[Closed], figure: Callable[[Closed], float]) -> list[float]:
    return [figure(one) / figure(other) for one, other in zip(ours, theirs, strict=True)]
