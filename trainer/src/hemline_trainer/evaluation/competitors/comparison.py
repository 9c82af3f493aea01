"""The forecaster minus each rival on the same rows, by a paired bootstrap over series.

R rows, H = 13 steps.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from hemline_trainer.data.batch import Batch
from hemline_trainer.errors import CheckpointError
from hemline_trainer.evaluation.competitors import statistical
from hemline_trainer.evaluation.competitors.nets import BODIES, Rival, medians
from hemline_trainer.evaluation.competitors.training import load

Array = npt.NDArray[np.float64]

RESAMPLES: Final = 10_000


class Compared(NamedTuple):
    """A rival beside the forecaster on `rows` series: both MASE, and the 95 % interval of ours - the rival's."""

    name: str
    rows: int
    ours: float
    rival: float
    low: float
    high: float


def rivals(folder: Path, dataset: str, history: Array, rows: Batch, every: int) -> dict[str, Array]:
    """Forecasts (R, H) of every rival; AutoARIMA is asked each `every`-th row, and is NaN in the others."""
    said = {name: medians(net, rows) for name, net in _nets(folder).items()}
    for name in statistical.NAMES:
        said[name] = statistical.forecasts(name, history, folder, dataset, every if name == "AutoARIMA" else 1)
    return said


def compare(ours: Array, theirs: Mapping[str, Array], seed: int = 0) -> list[Compared]:
    """Figures of each rival, best first; MASE (R) of ours and of theirs, NaN in rows that a rival was not asked."""
    found = []
    for name, each in theirs.items():
        known = np.isfinite(each)
        gap = ours[known] - each[known]
        picks = np.random.default_rng(seed).integers(0, len(gap), (RESAMPLES, len(gap)))
        low, high = np.quantile(gap[picks].mean(1), [0.025, 0.975])
        found.append(
            Compared(name, len(gap), float(ours[known].mean()), float(each[known].mean()), float(low), float(high))
        )
    return sorted(found, key=lambda each: each.rival)


def format_nets(folder: Path) -> str:
    """One line per net: its size, and what it learned from."""
    lines = []
    for name, net in _nets(folder).items():
        size, (steps, batch) = sum(each.numel() for each in net.parameters()), net.learned.tolist()
        lines.append(f"{name:16}  {size:,} parameters, learned for {steps:,} steps of {batch:,} synthetic rows")
    return "\n".join(lines)


def format_compared(found: list[Compared]) -> str:
    """One line per rival."""
    lines = ["rival             rows  hemline    rival   hemline - rival (95 %, paired bootstrap over series)"]
    lines += [
        f"{each.name:16}  {each.rows:4}  {each.ours:7.4f}  {each.rival:7.4f}   {each.low:+.3f} .. {each.high:+.3f}"
        for each in found
    ]
    return "\n".join(lines)


def _nets(folder: Path) -> dict[str, Rival]:
    """The nets that `benchmark rivals` trained."""
    found = {}
    for name in BODIES:
        path = folder / f"{name}.pt"
        if not path.is_file():
            raise CheckpointError(f"{path}: there is no such net; train it with: benchmark rivals --out {folder}")
        found[name] = load(name, path)
    return found
