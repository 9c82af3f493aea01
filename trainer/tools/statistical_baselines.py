"""AutoETS, AutoARIMA and AutoTheta of statsforecast on the test weeks of both benchmarks, scored as the forecaster is.

uv run --project trainer --with statsforecast==2.0.3 python trainer/tools/statistical_baselines.py --data DATA

Season 52. AutoETS takes no season longer than 24 weeks, so that statsforecast fits it without one. AutoARIMA with a
season of 52 takes minutes a series, so that by default it searches without one, over Fourier terms of the year.
"""

import argparse
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from statsforecast import models

from hemline_trainer import hermes, m4
from hemline_trainer.vocabulary import CONTEXT, HORIZON, YEAR

Array = npt.NDArray[np.float64]
HARMONICS = 4


def waves(first: int, weeks: int) -> Array:
    """Sines and cosines of the year: (weeks, 2 · HARMONICS)."""
    angle = 2 * np.pi * np.arange(first, first + weeks)[:, None] * np.arange(1, HARMONICS + 1) / YEAR
    return np.concatenate([np.sin(angle), np.cos(angle)], axis=1)


def forecast(model: Any, series: Array, *, fourier: bool) -> Array:
    """13 weeks after a series, from its last 208 weeks."""
    known = series[-CONTEXT:]
    given = {"X": waves(0, len(known)), "X_future": waves(len(known), HORIZON)} if fourier else {}
    return np.asarray(model.forecast(y=known, h=HORIZON, **given)["mean"], dtype=np.float64)


def main() -> None:
    """Prints one line per model and data set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of hermes_f1_100/ and m4_weekly/")
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    series, weekly = hermes.read_series(given.data), m4.read_weekly(given.data)
    hermes.gates(series)
    m4.gates(weekly)
    for name, model, fourier in (
        ("AutoETS", models.AutoETS(season_length=YEAR), False),
        ("AutoTheta", models.AutoTheta(season_length=YEAR), False),
        ("AutoARIMA + Fourier", models.AutoARIMA(season_length=1), True),
    ):
        began = time.monotonic()
        fashion = np.stack([forecast(model, each, fourier=fourier) for each in series.training])
        economy = np.stack([forecast(model, each, fourier=fourier) for each in weekly.training])
        print(
            f"{name:20} HERMES-100 MASE {hermes.mase(fashion, series).mean():.4f}"
            f"  M4 weekly MASE {m4.scores(economy, weekly)['mase']:.3f}"
            f"  {1e3 * (time.monotonic() - began) / (len(fashion) + len(economy)):.0f} ms a series",
            flush=True,
        )


if __name__ == "__main__":
    main()
