"""Back-tests on rows whose future is known, beside forecasts that need no training; and what an answer costs.

R rows, T = 208 weeks, H = 13 steps.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite, nan
from typing import Final

import numpy as np
import numpy.typing as npt
import onnxruntime as ort
import torch

from hemline_trainer.contract import CONTEXT, HORIZON, OUTPUTS, QUANTILES
from hemline_trainer.data.batch import Batch, market_batch, market_foreseen, series_batch
from hemline_trainer.data.embeddings import EmbeddingBank
from hemline_trainer.evaluation.baselines import BASELINES
from hemline_trainer.evaluation.metrics import accuracy, volumes
from hemline_trainer.model.forecaster import Forecaster

Answers = dict[str, npt.NDArray[np.generic]]
Answerer = Callable[[Mapping[str, npt.NDArray[np.generic]]], Answers]
"""Graph inputs by name to graph outputs by name, for any number of rows."""

CHUNK: Final = 64
COLD_STARTS: Final = (1, 4, 8, 13, 26)
HELD_OUT_SEED: Final = 500_009


@dataclass(frozen=True)
class Backtest:
    """Figures on one data set.

    Attributes:
        dataset: its name.
        rows: how many.
        metrics: of the forecaster.
        baselines: of each baseline.
    """

    dataset: str
    rows: int
    metrics: Mapping[str, float]
    baselines: Mapping[str, Mapping[str, float]]


def answerer(model: Forecaster | ort.InferenceSession) -> Answerer:
    """A PyTorch net or an ONNX session as one function."""

    def ask(inputs: Mapping[str, npt.NDArray[np.generic]]) -> Answers:
        if isinstance(model, Forecaster):
            with torch.no_grad():
                said = [tensor.numpy() for tensor in model(*(torch.from_numpy(each) for each in inputs.values()))]
        else:
            said = model.run(list(OUTPUTS), dict(inputs))
        return dict(zip(OUTPUTS, said, strict=True))

    def in_chunks(inputs: Mapping[str, npt.NDArray[np.generic]]) -> Answers:
        rows = len(inputs["last_week"])
        parts = [
            ask({name: array[start : start + CHUNK] for name, array in inputs.items()})
            for start in range(0, rows, CHUNK)
        ]
        return {name: np.concatenate([part[name] for part in parts]) for name in OUTPUTS}

    return in_chunks


def evaluate(ask: Answerer, rows: Batch) -> dict[str, float]:
    """The forecaster's figures on some rows; see `metrics.accuracy`."""
    said = ask(rows.inputs())
    return accuracy(said["quantiles"].astype(np.float64), said["trend_class"].astype(np.int64), rows)


def evaluate_baselines(rows: Batch) -> dict[str, dict[str, float]]:
    """The same figures of each baseline; they give no band, so their three quantiles are one line."""
    history = volumes(rows)
    figures = {}
    for name, forecast in BASELINES.items():
        figures[name] = accuracy(_line(forecast(history, HORIZON)), None, rows)
    return figures


def backtest(ask: Answerer, dataset: str, rows: Batch) -> Backtest:
    """Forecaster and baselines on one data set."""
    return Backtest(dataset, len(rows), evaluate(ask, rows), evaluate_baselines(rows))


def synthetic_backtests(ask: Answerer, bank: EmbeddingBank | None, rows: int, seed: int) -> list[Backtest]:
    """Back-tests on unseen draws: plain series, the market, and cold starts with and without their image."""
    rng = np.random.default_rng([seed, HELD_OUT_SEED])
    tests = [backtest(ask, "synthetic-series", series_batch(rows, rng))]
    trends, foreseen = market_foreseen(rows, bank, rng)
    tests.append(_with_oracle(backtest(ask, "synthetic-market", trends), trends, foreseen))
    for weeks in COLD_STARTS:
        cold, foreseen = market_foreseen(2 * rows, bank, rng, weeks=weeks)
        if bank is not None:
            shown, foreseen = cold.rows(cold.has_image), foreseen[cold.has_image]
            test = backtest(ask, f"synthetic-cold-{weeks}w-with-image", shown)
            tests.append(_with_oracle(test, shown, foreseen))
            cold = shown.without_images()
        test = backtest(ask, f"synthetic-cold-{weeks}w-without-image", cold)
        tests.append(_with_oracle(test, cold, foreseen))
    return tests


def _with_oracle(test: Backtest, rows: Batch, foreseen: npt.NDArray[np.float64]) -> Backtest:
    """The same beside who knows all of the market but its coming shocks; nobody who sees weeks alone can be as good."""
    return replace(test, baselines={**test.baselines, "oracle": accuracy(_line(foreseen), None, rows)})


def _line(forecast: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(R, H) to three quantiles that are one line."""
    return np.repeat(forecast[..., None], len(QUANTILES), axis=2)


def format_table(tests: Sequence[Backtest]) -> str:
    """A plain table: one line per data set and forecaster; a figure that could not be measured is left blank."""
    columns = ("mase", "mae_trend_score", "precision_called", "called_share", "coverage", "wql", "smape", "mape")
    width = max(len(test.dataset) for test in tests)
    lines = [f"{'data set':{width}}  {'forecaster':14}  {'rows':>5}  " + "  ".join(f"{each:>16}" for each in columns)]
    for test in tests:
        for name, figures in {"hemline": test.metrics, **test.baselines}.items():
            known = [figures.get(each, nan) for each in columns]
            cells = "  ".join(f"{value:16.4f}" if isfinite(value) else f"{'':16}" for value in known)
            lines.append(f"{test.dataset:{width}}  {name:14}  {test.rows:5}  {cells}")
    return "\n".join(lines)


@dataclass(frozen=True)
class Cost:
    """Microseconds per row at one batch size: the median of the runs, and the best."""

    batch: int
    median: float
    best: float


def costs(ask: ort.InferenceSession, batches: Sequence[int] = (1, 2, 4, 8, 32), runs: int = 200) -> list[Cost]:
    """What a row costs in a session, on whatever threads it was given."""
    rows = market_batch(max(batches), None, np.random.default_rng(1))
    found = []
    for size in batches:
        inputs = rows.rows(slice(0, size)).inputs()
        taken = []
        for _ in range(runs + 20):
            began = time.perf_counter()
            ask.run(list(OUTPUTS), inputs)
            taken.append(1e6 * (time.perf_counter() - began) / size)
        found.append(Cost(size, float(np.median(taken[20:])), float(np.min(taken[20:]))))
    return found


def padded(series: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
    """The last 208 of (R, weeks) with NaN = unobserved, left-padded: history of one variable (R, T) and its mask."""
    kept = series[:, -CONTEXT:]
    values = np.full((len(series), CONTEXT), np.nan)
    values[:, CONTEXT - kept.shape[1] :] = kept
    observed = np.isfinite(values)
    return np.where(observed, values, 0).astype(np.float32), observed


def format_costs(found: Sequence[Cost]) -> str:
    """Microseconds per row by batch size, in one line."""
    return "us/row: " + ", ".join(f"{each.median:.0f} (best {each.best:.0f}) at batch {each.batch}" for each in found)
