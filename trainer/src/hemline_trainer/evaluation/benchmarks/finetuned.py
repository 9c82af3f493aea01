"""Benchmarks of fine-tuning on the training weeks of HERMES and M4; the fine-tuned weights are discarded.

    training weeks ─▶ CSV ─▶ shards ─▶ train, initialised from a run ─▶ score

No scored week is trained on: the shards end at the origin of the earliest scored forecast. S series, H = 13.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import numpy.typing as npt

from hemline_trainer.config import Data
from hemline_trainer.contract import HORIZON, QUANTILES, VOCABULARIES
from hemline_trainer.data.batch import MONDAY
from hemline_trainer.data.embeddings import EmbeddingBank
from hemline_trainer.data.own.shard_write import write_shards
from hemline_trainer.evaluation.backtest import Answerer, answerer
from hemline_trainer.evaluation.benchmarks import hermes, m4
from hemline_trainer.evaluation.rolling import ORIGINS, shortened
from hemline_trainer.ops.tracking import Untracked
from hemline_trainer.training import checkpoint
from hemline_trainer.training.loop import Progress, train

Array = npt.NDArray[np.float64]

SHORT: Final = (26, HORIZON, 8)
"""Lengths of the truncated histories, in weeks."""

FOLDS: Final = 5
MEDIAN: Final = QUANTILES.index(0.5)


@dataclass(frozen=True)
class Tuning:
    """Settings of fine-tuning on own series. Immutable.

    Attributes:
        run: folder of the run with the initial weights.
        bank: embeddings for the synthetic share of the batches.
        steps: optimiser steps.
        learning_rate: peak of the cosine.
        share: share of a batch that comes from the own series.
        seed: of the batches and of dropout.
        mix: share of the own rows with mixup.
        short: share of the own rows truncated to under a year.
    """

    run: Path
    bank: EmbeddingBank | None
    steps: int
    learning_rate: float
    share: float
    seed: int
    mix: float
    short: float = 0.0

    def for_short(self) -> "Tuning":
        """Settings for short histories: three times the steps and learning rate, almost all rows own and mixed up."""
        steps, learning_rate = 3 * self.steps, 3 * self.learning_rate
        return replace(self, steps=steps, learning_rate=learning_rate, share=0.95, mix=0.95, short=0.9)


@dataclass(frozen=True)
class Own:
    """Series to fine-tune on. Immutable.

    Attributes:
        weeks: of each series.
        shares: of influencers in these weeks; NaN = unknown.
        first: the Monday of each first week.
        words: market, gender, category; empty = unknown.
    """

    weeks: Sequence[Array]
    shares: Sequence[Array]
    first: Sequence[date]
    words: Sequence[tuple[str, str, str]]


def hermes_own(series: hermes.Series, chosen: npt.NDArray[np.int64], left_out: int = 0) -> Own:
    """The training weeks of the chosen series without the last `left_out`."""
    kept = slice(0, series.training.shape[1] - left_out)
    known, shares = series.training[chosen, kept], series.shares[chosen, kept]
    first = series.last_week - timedelta(weeks=series.training.shape[1] - 1)
    attributes = series.attributes()
    words = [tuple(attributes[row][name] for name in VOCABULARIES) for row in chosen]
    return Own(list(known), list(shares), [first] * len(known), [(each[0], each[1], each[2]) for each in words])


def m4_own(weekly: m4.Weekly) -> Own:
    """All training weeks; M4 has no dates, so they get those of the benchmark's rows."""
    last = date(1970, 1, 1) + timedelta(days=int(MONDAY))
    first = [last - timedelta(weeks=len(series) - 1) for series in weekly.training]
    unknown = [np.full(len(series), np.nan) for series in weekly.training]
    return Own(weekly.training, unknown, first, [("", "", "")] * len(first))


def tuned(tuning: Tuning, own: Own, progress: Progress) -> Answerer:
    """Fine-tunes the run on own series."""
    with TemporaryDirectory(prefix="hemline-") as scratch:
        folder = Path(scratch)
        _write(own, folder / "own.csv")
        write_shards([folder / "own.csv"], folder / "shards", size=1024, keep_gaps=True)
        _, config = checkpoint.load(tuning.run)
        training = replace(
            config.training,
            begin_from=str(tuning.run),
            steps=tuning.steps,
            learning_rate=tuning.learning_rate,
            warmup=tuning.steps // 20,
            average=0.98,
        )
        data = Data(str(folder / "shards"), tuning.share, mix=tuning.mix, short=tuning.short)
        config = replace(config, training=training, data=data, seed=tuning.seed)
        train(config, tuning.bank, folder / "run", progress, Untracked(), resume=False)
        return answerer(checkpoint.load(folder / "run")[0])


def short_history(tuning: Tuning | None, ask: Answerer, series: hermes.Series, progress: Progress) -> dict[int, Array]:
    """MASE with truncated histories, by their length, over all origins, cross-validated over series.

    Args:
        tuning: fine-tunes one network per fold on the series of the other folds; None scores the run itself.
        ask: the run.
        series: all series.
        progress: receives each report.
    """
    found: dict[int, list[Array]] = {weeks: [] for weeks in SHORT}
    order = np.random.default_rng(0).permutation(len(series.names))
    for fold in range(FOLDS):
        scored = order[fold::FOLDS]
        if tuning is not None:
            rest = np.setdiff1d(order, scored)
            ask = tuned(tuning, hermes_own(series, rest, left_out=max(ORIGINS["hermes-100"])), progress)
        for back in ORIGINS["hermes-100"]:
            rows, denominator = hermes.as_batch(series, back), hermes.mase_denominator(series, back)[scored]
            fold_rows = rows.rows(np.isin(np.arange(len(rows)), scored))
            order_in_fold = np.argsort(np.argsort(scored))
            for weeks in SHORT:
                median = ask(shortened(fold_rows, weeks).inputs())["quantiles"].astype(np.float64)[..., MEDIAN]
                found[weeks].append((np.abs(median - fold_rows.future).mean(1))[order_in_fold] / denominator)
    return {weeks: np.concatenate(each) for weeks, each in found.items()}


def compared(tuning: Tuning, data: Path, stage: Callable[[str], Progress]) -> Iterator[str]:
    """One line per benchmark: MASE of the run before and after fine-tuning."""
    series, weekly = hermes.read_series(data), m4.read_weekly(data)
    hermes.check_scorer(series)
    m4.check_scorer(weekly)
    untuned = answerer(checkpoint.load(tuning.run)[0])

    def fashion(ask: Answerer) -> float:
        return float(hermes.mase(hermes.ask_graph(ask, series).quantiles[..., MEDIAN], series).mean())

    own = hermes_own(series, np.arange(len(series.names)))
    yield _line("HERMES-100, 13 weeks", fashion(untuned), fashion(tuned(tuning, own, stage("HERMES-100"))))
    ask = tuned(tuning, m4_own(weekly), stage("M4 weekly"))
    yield _line("M4 weekly", m4.score(untuned, weekly)["hemline"]["mase"], m4.score(ask, weekly)["hemline"]["mase"])
    before = short_history(None, untuned, series, stage("short histories"))
    after = short_history(tuning.for_short(), untuned, series, stage("short histories"))
    for weeks in SHORT:
        yield _line(
            f"HERMES origins, {weeks} weeks of history", float(before[weeks].mean()), float(after[weeks].mean())
        )


def _line(name: str, before: float, after: float) -> str:
    return f"{name:40} MASE {before:.4f}, fine-tuned {after:.4f}"


def _write(own: Own, path: Path) -> None:
    """Writes own series as a CSV file in the format of `shard`."""
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow(("trend", "market", "gender", "category", "week", "value", "influencer_share"))
        for number, (weeks, shares, first, words) in enumerate(
            zip(own.weeks, own.shares, own.first, own.words, strict=True)
        ):
            for week, (value, share) in enumerate(zip(weeks.tolist(), shares.tolist(), strict=True)):
                known = "" if np.isnan(share) else repr(share)
                lines.writerow((f"own-{number:05}", *words, first + timedelta(weeks=week), repr(value), known))
