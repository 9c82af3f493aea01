"""AutoETS, AutoARIMA and AutoTheta of statsforecast on the last 208 weeks, season 52; none needs training.

statsforecast's ETS knows no season above 24 and fits none at 52: it smooths level and trend alone. ARIMA searches by
approximation, as R does above 150 weeks. Each forecast is appended to a file as it comes, so that none is paid twice.

R rows, H = 13 steps.
"""

import hashlib
import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from hemline_trainer.contract import CONTEXT, HORIZON, YEAR
from hemline_trainer.errors import DataError
from hemline_trainer.files.strict_json import dumps, loads

Array = npt.NDArray[np.float64]

NAMES: Final = ("AutoTheta", "AutoETS", "AutoARIMA")


def models() -> dict[str, Callable[[], Any]]:
    """How each model is made; raises where statsforecast is not installed."""
    try:
        from statsforecast.models import AutoARIMA, AutoETS, AutoTheta  # noqa: PLC0415 - seconds, and not always there
    except ImportError as error:
        raise DataError(
            "statsforecast is not installed: uv sync --project trainer --locked --group rivals brings it"
        ) from error
    return {
        "AutoTheta": lambda: AutoTheta(season_length=YEAR),
        "AutoETS": lambda: AutoETS(season_length=YEAR),
        "AutoARIMA": lambda: AutoARIMA(season_length=YEAR, approximation=True),
    }


def forecasts(name: str, history: Array, folder: Path, dataset: str, every: int = 1) -> Array:
    """Forecasts (R, H) of a history (R, weeks) that is NaN before it begins; NaN in rows that were not asked.

    Args:
        name: of the model.
        history: the series.
        folder: where forecasts are kept.
        dataset: names the file, with a digest of the history.
        every: asks only each so-manieth row, from the first on.
    """
    recent = np.ascontiguousarray(history[:, -CONTEXT:])
    path = folder / f"{dataset}-{name}-{hashlib.sha256(recent.tobytes()).hexdigest()[:12]}.jsonl"
    folder.mkdir(parents=True, exist_ok=True)
    said = np.full((len(recent), HORIZON), np.nan)
    for row, values in _kept(path):
        said[row] = values
    missing = [row for row in range(0, len(recent), every) if np.isnan(said[row]).any()]
    if missing:
        make = models()[name]
        with path.open("a", encoding="utf-8") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of convergence, thousands of them
            for row in missing:
                known = recent[row][np.isfinite(recent[row])]
                said[row] = make().forecast(y=known, h=HORIZON)["mean"]
                if np.isfinite(said[row]).all():
                    file.write(dumps([row, said[row].tolist()], path.name) + "\n")
                    file.flush()
    asked = np.arange(len(recent)) % every == 0
    return np.where(asked[:, None], said, np.nan)


def _kept(path: Path) -> list[tuple[int, list[float]]]:
    """Forecasts kept in a file; cuts off a last line that a killed process left torn, so that the next begins anew."""
    if not path.is_file():
        return []
    text = path.read_bytes()
    whole = text.rfind(b"\n") + 1
    if whole < len(text):
        os.truncate(path, whole)
    try:
        found = [loads(line) for line in text[:whole].decode().splitlines()]
        return [(int(row), [float(value) for value in values]) for row, values in found]
    except (ValueError, TypeError) as error:
        raise DataError(f"{path}: holds no forecasts ({error}); delete it, and they are made anew") from error
