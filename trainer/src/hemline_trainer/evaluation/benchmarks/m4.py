"""Benchmark on the 359 weekly series of the M4 competition, 13 weeks ahead; most are economic, none is fashion.

MASE = mean |error| ÷ mean |y[t] - y[t-1]| over all training weeks, sMAPE = mean 200 |error| ÷ (|y| + |forecast|). The
scorer first reproduces the published scores of the last value: sMAPE 9.161 and MASE 2.777.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from hemline_trainer.contract import CONTEXT, EMBEDDING, HORIZON, QUANTILES, VARIABLES, VOCABULARIES, YEAR
from hemline_trainer.data.batch import MONDAY, Batch
from hemline_trainer.errors import DataError
from hemline_trainer.evaluation.backtest import Answerer, padded
from hemline_trainer.evaluation.baselines import last_value, naive_combination
from hemline_trainer.files.csv_rows import rows
from hemline_trainer.files.decimals import number

Array = npt.NDArray[np.float64]

FOLDER: Final = "m4_weekly"
NAIVE: Final = {"smape": 9.161, "mase": 2.777}


@dataclass(frozen=True)
class Weekly:
    """Training series of different lengths, and the test weeks (S, 13). Immutable."""

    training: tuple[Array, ...]
    test: Array

    def recent(self) -> Array:
        """The last 208 weeks of each series, NaN before it begins: (S, 208)."""
        values = np.full((len(self.training), CONTEXT), np.nan)
        for row, series in enumerate(self.training):
            kept = series[-CONTEXT:]
            values[row, CONTEXT - len(kept) :] = kept
        return values


def as_batch(weekly: Weekly, back: int = 0) -> tuple[Batch, Array]:
    """Rows and denominators of MASE, with the origin `back` weeks before the test weeks.

    For `back` > 0, series with less than five quarters of weeks before the origin are omitted.
    """
    known = [series[: len(series) - back] for series in weekly.training]
    kept = [row for row, series in enumerate(known) if back == 0 or len(series) >= YEAR + HORIZON]
    recent = Weekly(tuple(known[row] for row in kept), weekly.test[kept])
    rows, denominator = _rows(recent), _mase_denominator(recent)
    if back == 0:
        return rows, denominator
    future = [weekly.training[row][len(known[row]) : len(known[row]) + HORIZON] for row in kept]
    return replace(rows, future=np.array(future, dtype=np.float32)), denominator


def read_weekly(data: Path) -> Weekly:
    """Reads the series below the data folder."""
    training, test = _values(data, "Weekly-train.csv"), _values(data, "Weekly-test.csv")
    if len(training) != len(test) or {len(series) for series in test} != {HORIZON}:
        raise DataError(
            f"{data / FOLDER}: Weekly-test.csv must hold {HORIZON} weeks of each series of Weekly-train.csv"
        )
    if min(map(len, training)) <= 1:
        raise DataError(f"{data / FOLDER / 'Weekly-train.csv'}: a series has fewer than two weeks")
    return Weekly(tuple(training), np.array(test))


def scores(forecast: Array, weekly: Weekly) -> dict[str, float]:
    """sMAPE, MASE and OWA of forecasts (S, 13)."""
    error = np.abs(forecast - weekly.test)
    smape = float(200 * (error / (np.abs(forecast) + np.abs(weekly.test))).mean())
    mase = float((error.mean(1) / _mase_denominator(weekly)).mean())
    return {
        "smape": smape,
        "mase": mase,
        "owa": (smape / NAIVE["smape"] + mase / NAIVE["mase"]) / 2,
    }


def check_scorer(weekly: Weekly) -> dict[str, float]:
    """Scores of the last value; raises if they differ from the published figures."""
    found = scores(last_value(weekly.recent()), weekly)
    for name, known in NAIVE.items():
        if round(found[name], 3) != known:
            raise DataError(f"M4 weekly: {name} of the last value is {found[name]:.3f}, known is {known}")
    return found


def score(ask: Answerer, weekly: Weekly) -> dict[str, dict[str, float]]:
    """Scores of a network or graph with the coverage of its band, of the last value, and of the naive combination."""
    quantiles = ask(_rows(weekly).inputs())["quantiles"].astype(np.float64)
    inside = (weekly.test >= quantiles[..., 0]) & (weekly.test <= quantiles[..., -1])
    return {
        "hemline": scores(quantiles[..., QUANTILES.index(0.5)], weekly) | {"coverage": float(inside.mean())},
        "last_value": check_scorer(weekly),
        "three_lines": scores(naive_combination(weekly.recent(), HORIZON), weekly),
    }


def format_scores(found: dict[str, dict[str, float]]) -> str:
    """One line per forecaster."""
    lines = ["M4 weekly, 359 series, 13 weeks (scorer: the last value gives 9.161 and 2.777)"]
    lines += [
        f"  {name:16} " + "  ".join(f"{figure} {value:.3f}" for figure, value in figures.items())
        for name, figures in found.items()
    ]
    return "\n".join(lines)


def _mase_denominator(weekly: Weekly) -> Array:
    return np.array([np.abs(np.diff(series)).mean() for series in weekly.training])


def _rows(weekly: Weekly) -> Batch:
    recent = weekly.recent()
    history = np.zeros((len(recent), CONTEXT, len(VARIABLES)), dtype=np.float32)
    observed = np.zeros(history.shape, dtype=bool)
    history[..., 0], observed[..., 0] = padded(recent)
    return Batch(
        history=history,
        observed=observed,
        last_week=np.full(len(recent), MONDAY, dtype=np.int64),
        static_ids=np.zeros((len(recent), len(VOCABULARIES)), dtype=np.int64),
        image_embedding=np.zeros((len(recent), EMBEDDING), dtype=np.float32),
        has_image=np.zeros(len(recent), dtype=bool),
        future=weekly.test.astype(np.float32),
    )


def _values(data: Path, name: str) -> list[Array]:
    """The values of each row but the header, without its name and without empty cells."""
    path = data / FOLDER / name
    lines = rows(path)
    next(lines, None)
    found = []
    for row, cells in lines:
        try:
            found.append(np.array([number(cell) for cell in cells[1:] if cell]))
        except ValueError as error:
            raise DataError(f"{path}: row {row}: a cell {error}") from error
    return found
