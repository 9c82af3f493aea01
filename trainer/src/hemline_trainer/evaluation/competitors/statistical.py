"""AutoETS, AutoARIMA and AutoTheta of statsforecast on the last 208 weeks with season 52, fitted per series.

statsforecast's ETS supports no season above 24, so it fits level and trend alone. ARIMA searches by approximation, as R
does above 150 weeks. Forecasts are cached in a file, one line per series, since a fit takes seconds.

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
    """Constructors of the models; raises if statsforecast is not installed."""
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
    """Forecasts (R, H) of a history (R, weeks), NaN before its first week; NaN in omitted rows.

    Args:
        name: of the model.
        history: the series.
        folder: of the cached forecasts.
        dataset: names the file, with a digest of the history.
        every: forecasts only each `every`-th row, beginning with the first.
    """
    recent = np.ascontiguousarray(history[:, -CONTEXT:])
    path = folder / f"{dataset}-{name}-{hashlib.sha256(recent.tobytes()).hexdigest()[:12]}.jsonl"
    folder.mkdir(parents=True, exist_ok=True)
    forecast = np.full((len(recent), HORIZON), np.nan)
    for row, values in _cached(path):
        forecast[row] = values
    missing = [row for row in range(0, len(recent), every) if np.isnan(forecast[row]).any()]
    if missing:
        make = models()[name]
        with path.open("a", encoding="utf-8") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # thousands of convergence warnings
            for row in missing:
                known = recent[row][np.isfinite(recent[row])]
                forecast[row] = make().forecast(y=known, h=HORIZON)["mean"]
                if np.isfinite(forecast[row]).all():
                    file.write(dumps([row, forecast[row].tolist()], path.name) + "\n")
                    file.flush()
    asked = np.arange(len(recent)) % every == 0
    return np.where(asked[:, None], forecast, np.nan)


def _cached(path: Path) -> list[tuple[int, list[float]]]:
    """Cached forecasts; truncates an incomplete last line, which a killed process may leave."""
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
