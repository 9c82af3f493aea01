"""When a trial is not worth finishing. Optuna's pruners know one objective only, so this one is ours.

Each trial is looked at when a quarter, a half and three quarters of its steps are done. Its averaged net is asked the
validation rows. It is stopped when its MASE is above the median of what other trials had at the same look, among those
that cost no more microseconds per row; so a net that is poorer than its peers because it is cheaper than they are is
left alone, and what is stopped would hardly have come onto the front. Nobody is stopped before `FEWEST` peers were
looked at; a MASE that is no number is stopped at once.

The median rule is that of Golovin et al., "Google Vizier: A Service for Black-Box Optimization", KDD 2017, with MASE
at the look in place of the running average, and with peers chosen by cost.
"""

import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

LOOKS: Final = 4
"""A trial is looked at after each of so many parts of its steps, but the last."""

FEWEST: Final = 4
SAME_COST: Final = 1.05
"""Costs this near to each other are the same: they are measured."""


@dataclass(frozen=True)
class Looked:
    """What a trial had at one look. Immutable."""

    mase: float
    cost: float


def look_every(steps: int) -> int:
    """Steps between two looks."""
    return max(1, steps // LOOKS)


def hopeless(ours: Looked, others: Iterable[Looked]) -> bool:
    """Whether a trial is stopped at this look."""
    if not math.isfinite(ours.mase):
        return True
    peers = [each.mase for each in others if each.cost <= SAME_COST * ours.cost and math.isfinite(each.mase)]
    return len(peers) >= FEWEST and ours.mase > statistics.median(peers)
