"""Pairs: two servers do the same work one right after the other, and who begins changes each time."""

from collections.abc import Callable
from statistics import median


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
