"""Pairs of runs: two servers run the same workload one after the other, in alternating order."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

from hemline_bench.closed_loop import ClosedLoopResult

T = TypeVar("T")


@dataclass(frozen=True)
class Pairs:
    """The results pair by pair: of the observed server and of the one without observability."""

    observed: list[ClosedLoopResult]
    without: list[ClosedLoopResult]

    def throughput(self) -> list[float]:
        """The observed server's throughput as a share of the other's."""
        return _ratios(self.observed, self.without, lambda found: found.per_second)

    def processor(self) -> list[float]:
        """The observed server's CPU time per response as a share of the other's."""
        return _ratios(self.observed, self.without, lambda found: found.server_cpu_us)


def measured(observed: Callable[[], ClosedLoopResult], without: Callable[[], ClosedLoopResult], pairs: int) -> Pairs:
    """Measures so many pairs."""
    return Pairs(*_in_turns(observed, without, pairs))


def ratios(one: Callable[[], float], other: Callable[[], float], pairs: int) -> list[float]:
    """The figure of `one` as a share of the figure of `other`, pair by pair."""
    return [reached / base for reached, base in zip(*_in_turns(one, other, pairs), strict=True)]


def _in_turns(one: Callable[[], T], other: Callable[[], T], pairs: int) -> tuple[list[T], list[T]]:
    found: tuple[list[T], list[T]] = ([], [])
    for number in range(pairs):
        turns = [(other, found[1]), (one, found[0])]
        for measure, results in reversed(turns) if number % 2 else turns:
            results.append(measure())
    return found


def summary(found: list[float]) -> str:
    """The median with the minimum and the maximum."""
    return f"{median(found):.3f} ({min(found):.3f} to {max(found):.3f})"


def _ratios(
    ours: list[ClosedLoopResult], theirs: list[ClosedLoopResult], figure: Callable[[ClosedLoopResult], float]
) -> list[float]:
    return [figure(one) / figure(other) for one, other in zip(ours, theirs, strict=True)]
