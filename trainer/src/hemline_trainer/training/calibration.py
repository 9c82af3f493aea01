"""How wide the band must be, and how sure a call, so that both keep their promise on rows never learned from.

The band: split conformal prediction (Romano, Patterson and Candès 2019), where both outer quantiles are moved away from
the median by a factor of their own for each length of history. The calls: the margin is lowered as long as the share of
right calls is above the wished one beyond chance (fixed-sequence testing: Angelopoulos et al. 2021). It begins at the
first margin with calls enough to prove anything; their number is known before any of them is compared with what came,
so that the order of the tests stays fixed ahead of their outcome.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from hemline_trainer.data.batch import Batch
from hemline_trainer.evaluation.metrics import Calls, count_calls, realised_direction
from hemline_trainer.model.distribution import MIDDLE, Distribution
from hemline_trainer.model.forecaster import LENGTHS, SMALLEST_BAND, Forecaster

MARGINS: Final = np.round(np.arange(0.0, 2.01, 0.05), 2)
CHUNK: Final = 512
BEYOND_CHANCE: Final = 1.28
"""Standard errors of Wilson's interval that a precision must be above the wished one: 90 %, one-sided."""

CHANCE: Final = 0.1
"""The same as a share: how often calls that are no better than wished may pass for better."""

STEADY: Final = 4
"""Times the fewest calls of a proof that the first test takes, where there are as many: fewer may fail by bad luck."""

NEVER: Final = 1e6
"""A margin beyond every certainty, of a model that may make no calls."""

FEWEST: Final = 20
"""Rows of a length of history that can move its band."""

STRETCH_LIMITS: Final = (0.5, 2.0)


@dataclass(frozen=True)
class CallMargin:
    """A margin and what its calls were worth. Immutable.

    Attributes:
        margin: what a certainty must be above; `NEVER` where no margin was proven.
        calls: that it makes on the rows it was fitted on.
        failed: the calls at the first margin that was not proven; None where every one was, or none had calls enough.
        fewest: calls that a proof takes.
    """

    margin: float
    calls: Calls
    failed: Calls | None
    fewest: int

    def warning(self, precision: float) -> str:
        """Why there are no calls, in a sentence; empty where there are some."""
        if self.margin != NEVER:
            return ""
        if self.failed is None:
            why = f"of {self.calls.judged} rows no margin calls {self.fewest}; raise calibration.rows"
        else:
            why = f"at the first margin with calls enough {self.failed.right} of {self.failed.called} were right"
        return f"makes no calls, every trend is stable: not shown to be right in {precision:.0%} of them, since {why}"


def fewest_calls(precision: float) -> int:
    """Calls of which all must be right, so that a lower precision would have given them by chance one time in ten."""
    return math.ceil(math.log(CHANCE) / math.log(precision))


def fit_call_margin(model: Forecaster, rows: Batch, precision: float, device: torch.device | None = None) -> CallMargin:
    """The smallest margin from which on calls are right often enough.

    Args:
        model: its own margin plays no part.
        rows: trends with their futures.
        precision: share of calls that must be right.
        device: where the model is.
    """
    certainty = np.concatenate([model.certainty(said).cpu().numpy() for said in _asked(model, rows, device)])
    return margin_of(certainty, realised_direction(rows), precision)


def margin_of(certainty: npt.NDArray[np.floating], truth: npt.NDArray[np.float64], precision: float) -> CallMargin:
    """The same of certainties (R) and realised signs (R), NaN where there is none."""
    fewest = fewest_calls(precision)
    most = int((np.isfinite(truth) & (certainty != 0)).sum())
    enough = STEADY * fewest if most >= STEADY * fewest else fewest
    best, proven = NEVER, Calls(0, 0, int(np.isfinite(truth).sum()))
    for margin in MARGINS[::-1]:
        classes = (certainty > margin).astype(np.int64) - (certainty < -margin).astype(np.int64)
        counted = count_calls(classes, truth)
        if counted.called < enough:
            continue
        if counted.wilson(BEYOND_CHANCE)[0] < precision:
            return CallMargin(best, proven, counted, fewest)
        best, proven = float(margin), counted
    return CallMargin(best, proven, None, fewest)


def fit_stretch(model: Forecaster, rows: Batch, coverage: float, device: torch.device | None = None) -> Tensor:
    """Factors of the distance from the median to the outer quantiles: (lengths of history, 2), below and above.

    Args:
        model: its own factors play no part.
        rows: trends with their futures.
        coverage: share of the weeks that must lie in the band; as many of the others below it as above.
        device: where the model is.
    """
    scores = [
        _scores(said, rows.future[CHUNK * part :][:CHUNK]) for part, said in enumerate(_asked(model, rows, device))
    ]
    lengths = np.concatenate([length for length, _ in scores])
    missed = np.concatenate([miss for _, miss in scores])  # (R, H, 2)
    stretch = torch.ones(len(LENGTHS) + 1, 2)
    for place in range(len(LENGTHS) + 1):
        here = missed[lengths == place]
        if len(here) < FEWEST:
            continue
        weeks = here.reshape(-1, 2)
        level = min(1.0, np.ceil((len(weeks) + 1) * (1 + coverage) / 2) / len(weeks))
        stretch[place] = torch.from_numpy(np.quantile(weeks, level, axis=0, method="higher"))
    return stretch.clamp(*STRETCH_LIMITS)


def _scores(
    said: Distribution, future: npt.NDArray[np.float32]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Length of history of each row (R), and how many distances of the band its weeks lie below and above (R, H, 2)."""
    alive = said.scaled.factor[:, 0] > 0
    levels = said.levels[alive]
    actual = torch.from_numpy(future).to(levels.device)[alive] / said.scaled.factor[alive]
    middle = levels[..., MIDDLE]
    below = (middle - actual) / (middle - levels[..., 0]).clamp(min=SMALLEST_BAND)
    above = (actual - middle) / (levels[..., -1] - middle).clamp(min=SMALLEST_BAND)
    return said.place[alive].cpu().numpy(), torch.stack([below, above], dim=-1).double().cpu().numpy()


@torch.no_grad()
def _asked(model: Forecaster, rows: Batch, device: torch.device | None) -> list[Distribution]:
    said = []
    for start in range(0, len(rows), CHUNK):
        inputs = rows.rows(slice(start, start + CHUNK)).inputs()
        said.append(model.distribution(*(torch.from_numpy(array).to(device) for array in inputs.values())))
    return said
