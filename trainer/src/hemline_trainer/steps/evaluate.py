"""Step `evaluate`: figures of the exported graph on rows that no training step has seen, beside those of baselines."""

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import onnxruntime

from hemline_trainer.artifact import manifest
from hemline_trainer.artifact.equivalence import session
from hemline_trainer.data.dataset import HoldOut
from hemline_trainer.data.embeddings import EmbeddingBank
from hemline_trainer.evaluation.backtest import Backtest, answerer, backtest, synthetic_backtests
from hemline_trainer.evaluation.benchmarks import hermes
from hemline_trainer.files.digest import sha256, sha256_of
from hemline_trainer.files.durable import write_text
from hemline_trainer.files.strict_json import dumps
from hemline_trainer.steps.dataset import trained_dataset
from hemline_trainer.steps.run_folder import RunFolder
from hemline_trainer.training import checkpoint

VERSION: Final = 1
"""Raised when equal inputs give other figures."""

ROWS: Final = 512


@dataclass(frozen=True)
class Evaluation:
    """What a graph is evaluated on, beside the hold-out of its data set. Immutable.

    Attributes:
        rows: of each synthetic data set, and at most of the hold-out.
        data: folder with HERMES-100, if it is at hand.
        shards: folder of the own series, where they moved since training.
    """

    rows: int = ROWS
    data: Path | None = None
    shards: Path | None = None


def evaluate(run: RunFolder, wanted: Evaluation, *, keep: bool = False) -> list[Backtest]:
    """Back-tests the exported graph and keeps the figures for the model card.

    Args:
        run: with an exported graph.
        wanted: the data.
        keep: keeps figures of this graph on another number of rows, or on public data too.
    """
    config = checkpoint.read(run.path).config
    inputs: dict[str, str | int | None] = {
        "version": VERSION,
        "forecaster": sha256(run.forecaster),
        "bank": sha256(run.bank),
        "own_series": checkpoint.read(run.path).shards,
        "seed": config.seed,
        "onnxruntime": onnxruntime.__version__,
        "rows": wanted.rows,
        "hermes": hermes_digest(wanted.data),
    }
    recorded = run.recorded("evaluate")
    expected = dict(inputs)
    if keep and recorded is not None:
        expected |= {name: recorded.inputs.get(name) for name in ("rows", "hermes")}
    record = run.current("evaluate", expected)
    if record is not None:
        return [Backtest(**each) for each in record.result]
    dataset = trained_dataset(run, wanted.shards)
    hold_outs = dataset.hold_outs(wanted.rows)
    tests = backtests(run.forecaster, dataset.bank, wanted.rows, config.seed, wanted.data, hold_outs)
    figures = [asdict(described(test)) for test in tests]
    write_text(run.backtest, dumps(figures, run.backtest.name, indent=2) + "\n")
    run.record("evaluate", inputs, [run.backtest], [asdict(_finite(test)) for test in tests])
    return tests


def backtests(
    forecaster: Path,
    bank: EmbeddingBank | None,
    rows: int,
    seed: int,
    data: Path | None,
    hold_outs: Sequence[HoldOut] = (),
) -> list[Backtest]:
    """Figures of a graph on hold-outs, then on synthetic draws, then on HERMES-100 where `data` is given."""
    ask = answerer(session(forecaster))
    tests = [backtest(ask, each.dataset, each.rows) for each in hold_outs if len(each.rows)]
    with warnings.catch_warnings():
        # Histories of one week have no MASE; the figure becomes NaN and `described` leaves it out.
        warnings.filterwarnings("ignore", "Mean of empty slice|All-NaN", RuntimeWarning)
        tests += synthetic_backtests(ask, bank, rows, seed)
    if data is not None:
        series = hermes.read_series(data)
        report = hermes.score(hermes.ask_graph(ask, series), series)
        baselines = {name: {"mase": mase} for name, mase in report.baselines.items()}
        tests.append(Backtest("hermes-100", len(series.names), report.metrics, baselines))
    return tests


def hermes_digest(data: Path | None) -> str | None:
    """SHA-256 of the HERMES-100 series in a data folder; None without a folder."""
    if data is None:
        return None
    files = [data / hermes.FOLDER / name for name in (hermes.MAIN, hermes.INFLUENCERS)]
    return sha256_of("".join(sha256(file) for file in files if file.is_file()).encode())


def described(test: Backtest) -> manifest.Backtest:
    """A back-test as the manifest holds it: six digits, and without figures that could not be measured."""
    return manifest.Backtest(
        dataset=test.dataset,
        metrics=_rounded(test.metrics),
        baselines={name: _rounded(figures) for name, figures in test.baselines.items()},
    )


def _rounded(figures: Mapping[str, float]) -> dict[str, float]:
    return {name: float(f"{value:.6g}") for name, value in figures.items() if math.isfinite(value)}


def _finite(test: Backtest) -> Backtest:
    def finite(figures: Mapping[str, float]) -> dict[str, float]:
        return {name: float(value) for name, value in figures.items() if math.isfinite(value)}

    return Backtest(
        test.dataset, test.rows, finite(test.metrics), {name: finite(each) for name, each in test.baselines.items()}
    )
