"""How sure the forecaster must be before it calls a trend rising or falling, fitted on synthetic trends only."""

from typing import Final

import numpy as np
import torch

from hemline_trainer.batches import Batch
from hemline_trainer.forecaster import Forecaster
from hemline_trainer.metrics import calls, realised_direction

MARGINS: Final = np.round(np.arange(0.0, 2.01, 0.05), 2)
CHUNK: Final = 512


def fit_call_margin(
    model: Forecaster, rows: Batch, precision: float, device: torch.device | None = None
) -> tuple[float, float, float]:
    """The smallest margin from which on calls are right often enough, with its precision and its share of calls.

    Args:
        model: its own margin is left as it was.
        rows: trends with their futures.
        precision: share of calls that must be right.
        device: where the model is.
    """
    truth = realised_direction(rows)
    kept = float(model.call_margin)
    best = (float(MARGINS[-1]), 0.0, 0.0)
    try:
        for margin in MARGINS[::-1]:
            model.call_margin.fill_(float(margin))
            right, share = calls(_classes(model, rows, device), truth)
            if right < precision:
                break
            best = (float(margin), right, share)
    finally:
        model.call_margin.fill_(kept)
    return best


def _classes(model: Forecaster, rows: Batch, device: torch.device | None) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    said = []
    for start in range(0, len(rows), CHUNK):
        inputs = rows.rows(slice(start, start + CHUNK)).inputs()
        said.append(model(*(torch.from_numpy(array).to(device) for array in inputs.values()))[1].cpu().numpy())
    return np.concatenate(said)
