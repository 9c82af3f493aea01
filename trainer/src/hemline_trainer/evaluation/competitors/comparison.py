"""Compares the forecaster with each competitor on the same rows, by paired bootstrap over series.

R rows, H = 13 steps.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from hemline_trainer.data.batch import Batch
from hemline_trainer.errors import CheckpointError
from hemline_trainer.evaluation.competitors import statistical
from hemline_trainer.evaluation.competitors.nets import BODIES, Competitor, medians
from hemline_trainer.evaluation.competitors.training import load
from hemline_trainer.evaluation.intervals import mean_interval

Array = npt.NDArray[np.float64]


class Compared(NamedTuple):
    """MASE of the forecaster and a competitor on `rows` series, and the 95 % interval of their difference."""

    name: str
    rows: int
    ours: float
    theirs: float
    low: float
    high: float


def competitor_forecasts(folder: Path, dataset: str, history: Array, rows: Batch, every: int) -> dict[str, Array]:
    """Forecasts (R, H) of every competitor; AutoARIMA forecasts each `every`-th row and is NaN in the others."""
    forecasts = {name: medians(net, rows) for name, net in _nets(folder).items()}
    for name in statistical.NAMES:
        forecasts[name] = statistical.forecasts(name, history, folder, dataset, every if name == "AutoARIMA" else 1)
    return forecasts


def compare(ours: Array, theirs: Mapping[str, Array], seed: int = 0) -> list[Compared]:
    """Compares MASE (R) of ours and of each competitor, NaN where there is no forecast; best competitor first."""
    found = []
    for name, each in theirs.items():
        known = np.isfinite(each)
        low, high = mean_interval([ours[known] - each[known]], np.random.default_rng(seed))
        found.append(Compared(name, int(known.sum()), float(ours[known].mean()), float(each[known].mean()), low, high))
    return sorted(found, key=lambda each: each.theirs)


def format_nets(folder: Path) -> str:
    """One line per network: its size and its training."""
    lines = []
    for name, net in _nets(folder).items():
        size, (steps, batch) = sum(each.numel() for each in net.parameters()), net.learned.tolist()
        lines.append(f"{name:16}  {size:,} parameters, trained for {steps:,} steps of {batch:,} synthetic rows")
    return "\n".join(lines)


def format_compared(found: list[Compared]) -> str:
    """One line per competitor."""
    lines = ["competitor        rows  hemline   theirs   hemline - theirs (95 %, paired bootstrap over series)"]
    lines += [
        f"{each.name:16}  {each.rows:4}  {each.ours:7.4f}  {each.theirs:7.4f}   {each.low:+.3f} .. {each.high:+.3f}"
        for each in found
    ]
    return "\n".join(lines)


def _nets(folder: Path) -> dict[str, Competitor]:
    """The networks that `benchmark rivals` trained."""
    found = {}
    for name in BODIES:
        path = folder / f"{name}.pt"
        if not path.is_file():
            raise CheckpointError(f"{path}: there is no such net; train it with: benchmark rivals --out {folder}")
        found[name] = load(name, path)
    return found
