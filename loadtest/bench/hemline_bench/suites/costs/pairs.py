"""Pairs: two servers do the same work one right after the other, and who begins changes each time."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

from hemline_bench.closed import Closed

T = TypeVar("T")


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
    return Pairs(*_in_turns(watched, without, pairs))


def ratios(one: Callable[[], float], other: Callable[[], float], pairs: int) -> list[float]:
    """What `one` reaches as a share of what `other` does, pair by pair."""
    return [reached / base for reached, base in zip(*_in_turns(one, other, pairs), strict=True)]


def _in_turns(one: Callable[[], T], other: Callable[[], T], pairs: int) -> tuple[list[T], list[T]]:
    found: tuple[list[T], list[T]] = ([], [])
    for number in range(pairs):
        turns = [(other, found[1]), (one, found[0])]
        for ask, results in reversed(turns) if number % 2 else turns:
            results.append(ask())
    return found


def said(found: list[float]) -> str:
    """The median with the least and the greatest."""
    return f"{median(found):.3f} ({min(found):.3f} to {max(found):.3f})"


def _ratios(ours: list[Closed], theirs: list[Closed], figure: Callable[[Closed], float]) -> list[float]:
    return [figure(one) / figure(other) for one, other in zip(ours, theirs, strict=True)]
