"""Pruning rule of the search; Optuna's pruners support a single objective only.

Each trial is evaluated at a quarter, a half and three quarters of its steps: its averaged network forecasts the
validation rows. It is pruned if its MASE is above the median of other trials at the same step, among those with no
higher cost per row. A cheap trial is therefore never pruned for being less accurate than expensive ones, and a pruned
trial would hardly have reached the Pareto front. No trial is pruned before `FEWEST` others were evaluated at that step;
a MASE that is not finite prunes at once.

The median rule is that of Golovin et al., "Google Vizier: A Service for Black-Box Optimization", KDD 2017, with the
current MASE in place of the running average, and with peers selected by cost.
"""

import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

RUNGS: Final = 4
"""Parts of a trial; it is evaluated after each but the last."""

FEWEST: Final = 4
SAME_COST: Final = 1.05
"""Costs within this factor count as equal, since they are measured."""


@dataclass(frozen=True)
class Evaluation:
    """MASE and cost of a trial at one step. Immutable."""

    mase: float
    cost: float


def evaluation_interval(steps: int) -> int:
    """Steps between two evaluations."""
    return max(1, steps // RUNGS)


def should_prune(ours: Evaluation, others: Iterable[Evaluation]) -> bool:
    """Whether a trial is pruned at this evaluation."""
    if not math.isfinite(ours.mase):
        return True
    peers = [each.mase for each in others if each.cost <= SAME_COST * ours.cost and math.isfinite(each.mase)]
    return len(peers) >= FEWEST and ours.mase > statistics.median(peers)
