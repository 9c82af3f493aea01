"""What fine-tuning on a benchmark's own training weeks brings; such weights are scored and thrown away.

    training weeks ─▶ CSV ─▶ shards ─▶ train, beginning from a run ─▶ score

Nothing of the weeks that are scored is seen: a shard ends where the earliest scored forecast begins. S series, H = 13.
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
"""Weeks of history that count as short."""

FOLDS: Final = 5
MEDIAN: Final = QUANTILES.index(0.5)


@dataclass(frozen=True)
class Tuning:
    """How a run is tuned on own series. Immutable.

    Attributes:
        run: the run folder that is begun from.
        bank: embeddings for the synthetic share of the batches.
        steps: optimiser steps.
        learning_rate: peak of the cosine.
        share: share of a batch that comes from the own series.
        seed: of the batches and of dropout.
        mix: share of the own rows that are blended with another series.
        short: share of the own rows that are cut to under a year.
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
        """The same for short histories, of which a run knows less: longer, harder, of little else, mostly blended."""
        longer, harder = 3 * self.steps, 3 * self.learning_rate
        return replace(self, steps=longer, learning_rate=harder, share=0.95, mix=0.95, short=0.9)


@dataclass(frozen=True)
class Own:
    """Series to learn from.

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
    """The training weeks of some of the series without the last `left_out`."""
    kept = slice(0, series.training.shape[1] - left_out)
    known, shares = series.training[chosen, kept], series.shares[chosen, kept]
    first = series.last_week - timedelta(weeks=series.training.shape[1] - 1)
    attributes = series.attributes()
    words = [tuple(attributes[row][name] for name in VOCABULARIES) for row in chosen]
    return Own(list(known), list(shares), [first] * len(known), [(each[0], each[1], each[2]) for each in words])


def m4_own(weekly: m4.Weekly) -> Own:
    """All training weeks; their dates are made up, as those of the questions are."""
    last = date(1970, 1, 1) + timedelta(days=int(MONDAY))
    first = [last - timedelta(weeks=len(series) - 1) for series in weekly.training]
    unknown = [np.full(len(series), np.nan) for series in weekly.training]
    return Own(weekly.training, unknown, first, [("", "", "")] * len(first))


def tuned(tuning: Tuning, own: Own, progress: Progress) -> Answerer:
    """A net that began from the run and learned from the own series."""
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
    """MASE of series with a short history, by its weeks, over origins, each series scored by a net that never saw it.

    Args:
        tuning: five nets are tuned on four fifths of the series each; None asks the run itself.
        ask: the run.
        series: all; their attributes are given.
        progress: told of each step.
    """
    found: dict[int, list[Array]] = {weeks: [] for weeks in SHORT}
    order = np.random.default_rng(0).permutation(len(series.names))
    for fold in range(FOLDS):
        scored = order[fold::FOLDS]
        if tuning is not None:
            rest = np.setdiff1d(order, scored)
            ask = tuned(tuning, hermes_own(series, rest, left_out=max(ORIGINS["hermes-100"])), progress)
        for back in ORIGINS["hermes-100"]:
            rows, ordinary = hermes.as_batch(series, back), hermes.ordinary_error(series, back)[scored]
            mine = rows.rows(np.isin(np.arange(len(rows)), scored))
            places = np.argsort(np.argsort(scored))
            for weeks in SHORT:
                middle = ask(shortened(mine, weeks).inputs())["quantiles"].astype(np.float64)[..., MEDIAN]
                found[weeks].append((np.abs(middle - mine.future).mean(1))[places] / ordinary)
    return {weeks: np.concatenate(each) for weeks, each in found.items()}


def compared(tuning: Tuning, data: Path, stage: Callable[[str], Progress]) -> Iterator[str]:
    """One line per benchmark: the run, and what tuning makes of it."""
    series, weekly = hermes.read_series(data), m4.read_weekly(data)
    hermes.gates(series)
    m4.gates(weekly)
    plain = answerer(checkpoint.load(tuning.run)[0])

    def fashion(ask: Answerer) -> float:
        return float(hermes.mase(hermes.ask_graph(ask, series).quantiles[..., MEDIAN], series).mean())

    own = hermes_own(series, np.arange(len(series.names)))
    yield _line("HERMES-100, 13 weeks", fashion(plain), fashion(tuned(tuning, own, stage("HERMES-100"))))
    ask = tuned(tuning, m4_own(weekly), stage("M4 weekly"))
    yield _line("M4 weekly", m4.score(plain, weekly)["hemline"]["mase"], m4.score(ask, weekly)["hemline"]["mase"])
    before = short_history(None, plain, series, stage("short histories"))
    after = short_history(tuning.for_short(), plain, series, stage("short histories"))
    for weeks in SHORT:
        yield _line(
            f"HERMES origins, {weeks} weeks of history", float(before[weeks].mean()), float(after[weeks].mean())
        )


def _line(name: str, before: float, after: float) -> str:
    return f"{name:40} MASE {before:.4f}, fine-tuned {after:.4f}"


def _write(own: Own, path: Path) -> None:
    """A CSV file of own series, as `shard` reads them."""
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow(("trend", "market", "gender", "category", "week", "value", "influencer_share"))
        for number, (weeks, shares, first, words) in enumerate(
            zip(own.weeks, own.shares, own.first, own.words, strict=True)
        ):
            for week, (value, share) in enumerate(zip(weeks.tolist(), shares.tolist(), strict=True)):
                known = "" if np.isnan(share) else repr(share)
                lines.writerow((f"own-{number:05}", *words, first + timedelta(weeks=week), repr(value), known))
