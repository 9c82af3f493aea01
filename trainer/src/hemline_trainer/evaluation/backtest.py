"""Back-tests against the baselines, and the inference cost per row.

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
"""Maps graph inputs by name to graph outputs by name, for any number of rows."""

CHUNK: Final = 64
COLD_STARTS: Final = (1, 4, 8, 13, 26)
HELD_OUT_SEED: Final = 500_009


@dataclass(frozen=True)
class Backtest:
    """Metrics on one data set.

    Attributes:
        dataset: its name.
        rows: number of rows.
        metrics: of the forecaster.
        baselines: metrics of each baseline.
    """

    dataset: str
    rows: int
    metrics: Mapping[str, float]
    baselines: Mapping[str, Mapping[str, float]]


def answerer(model: Forecaster | ort.InferenceSession) -> Answerer:
    """Wraps a PyTorch network or an ONNX session as one function."""

    def ask(inputs: Mapping[str, npt.NDArray[np.generic]]) -> Answers:
        if isinstance(model, Forecaster):
            with torch.no_grad():
                outputs = [tensor.numpy() for tensor in model(*(torch.from_numpy(each) for each in inputs.values()))]
        else:
            outputs = model.run(list(OUTPUTS), dict(inputs))
        return dict(zip(OUTPUTS, outputs, strict=True))

    def in_chunks(inputs: Mapping[str, npt.NDArray[np.generic]]) -> Answers:
        rows = len(inputs["last_week"])
        parts = [
            ask({name: array[start : start + CHUNK] for name, array in inputs.items()})
            for start in range(0, rows, CHUNK)
        ]
        return {name: np.concatenate([part[name] for part in parts]) for name in OUTPUTS}

    return in_chunks


def evaluate(ask: Answerer, rows: Batch) -> dict[str, float]:
    """Metrics of the forecaster; see `metrics.accuracy`."""
    answers = ask(rows.inputs())
    return accuracy(answers["quantiles"].astype(np.float64), answers["trend_class"].astype(np.int64), rows)


def evaluate_baselines(rows: Batch) -> dict[str, dict[str, float]]:
    """Metrics of each baseline, whose point forecast stands for all three quantiles."""
    history = volumes(rows)
    return {name: accuracy(_degenerate(forecast(history, HORIZON)), None, rows) for name, forecast in BASELINES.items()}


def backtest(ask: Answerer, dataset: str, rows: Batch) -> Backtest:
    """Back-tests forecaster and baselines on one data set."""
    return Backtest(dataset, len(rows), evaluate(ask, rows), evaluate_baselines(rows))


def synthetic_backtests(ask: Answerer, bank: EmbeddingBank | None, rows: int, seed: int) -> list[Backtest]:
    """Back-tests on held-out synthetic data: series, the market, and cold starts with and without their image."""
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
    """Adds the oracle, which knows every latent variable of the market except future shocks: an upper bound."""
    return replace(test, baselines={**test.baselines, "oracle": accuracy(_degenerate(foreseen), None, rows)})


def _degenerate(forecast: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Repeats a point forecast (R, H) as three equal quantiles."""
    return np.repeat(forecast[..., None], len(QUANTILES), axis=2)


def format_table(tests: Sequence[Backtest]) -> str:
    """A text table: one line per data set and forecaster; undefined metrics are blank."""
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
    """Microseconds per row at one batch size: the median over the runs, and the minimum."""

    batch: int
    median: float
    best: float


def costs(ask: ort.InferenceSession, batches: Sequence[int] = (1, 2, 4, 8, 32), runs: int = 200) -> list[Cost]:
    """Measures microseconds per row of a session, by batch size."""
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
    """Left-pads or truncates (R, weeks), NaN = unobserved, to the history of one variable (R, T) and its mask."""
    kept = series[:, -CONTEXT:]
    values = np.full((len(series), CONTEXT), np.nan)
    values[:, CONTEXT - kept.shape[1] :] = kept
    observed = np.isfinite(values)
    return np.where(observed, values, 0).astype(np.float32), observed


def format_costs(found: Sequence[Cost]) -> str:
    """Microseconds per row by batch size, in one line."""
    return "us/row: " + ", ".join(f"{each.median:.0f} (best {each.best:.0f}) at batch {each.batch}" for each in found)
