"""How sure the forecaster must be before it calls a trend rising or falling, fitted on synthetic trends only."""

from typing import Final

import numpy as np
import numpy.typing as npt
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
        model: its own margin plays no part.
        rows: trends with their futures.
        precision: share of calls that must be right.
        device: where the model is.
    """
    truth = realised_direction(rows)
    certainty = _certainty(model, rows, device)
    best = (float(MARGINS[-1]), 1.0, 0.0)
    for margin in MARGINS[::-1]:
        classes = (certainty > margin).astype(np.int64) - (certainty < -margin).astype(np.int64)
        right, share = calls(classes, truth)
        if right < precision:
            break
        best = (float(margin), right, share)
    return best


def _certainty(model: Forecaster, rows: Batch, device: torch.device | None) -> npt.NDArray[np.float32]:
    said = []
    for start in range(0, len(rows), CHUNK):
        inputs = rows.rows(slice(start, start + CHUNK)).inputs()
        give = {name: torch.from_numpy(array).to(device) for name, array in inputs.items()}
        forecast = model.distribution(
            give["history"], give["observed"], give["static_ids"], give["image_embedding"], give["has_image"]
        )
        said.append(model.certainty(forecast).cpu().numpy())
    return np.concatenate(said)
