"""Benchmark on the 100 public weekly fashion series of HERMES (Heuritech), which no forecaster is trained on.

261 weeks; the last 52 are the test year 2019. MASE of a series = mean |error| over the horizon ÷ mean |y[t] - y[t-52]|
over all 209 training weeks; the benchmark is its mean over series. The scorer first reproduces the published MASE of
seasonal naive: 0.8763 over 52 weeks and 0.8461 over 13.

S = 100 series.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from hemline_trainer.contract import CONTEXT, EMBEDDING, HORIZON, QUANTILES, VARIABLES, VOCABULARIES, YEAR, word_id
from hemline_trainer.data.batch import Batch
from hemline_trainer.data.mondays import monday
from hemline_trainer.errors import DataError
from hemline_trainer.evaluation.backtest import Answerer, padded
from hemline_trainer.evaluation.baselines import BASELINES, seasonal_naive
from hemline_trainer.evaluation.intervals import mean_interval
from hemline_trainer.evaluation.metrics import calls, trend_score, weighted_quantile_loss
from hemline_trainer.files.csv_rows import rows
from hemline_trainer.files.decimals import number

Array = npt.NDArray[np.float64]

FOLDER: Final = "hermes_f1_100"
MAIN: Final = "f1_main_100_sequences.csv"
INFLUENCERS: Final = "f1_fashion_forward_100_sequences.csv"
TEST_WEEKS: Final = 52
NAIVE: Final = {TEST_WEEKS: 0.8763, HORIZON: 0.8461}
"""Published MASE of seasonal naive, by weeks."""


@dataclass(frozen=True)
class Series:
    """The benchmark's series.

    Attributes:
        names: market_gender_category_number.
        values: (S, 261).
        last_week: Monday of the last training week.
        shares: (S, 209) influencer share of the training weeks, 0..1: influencers ÷ (all users + influencers), 0.5
            where both are 0; NaN = unknown. The test year has none.
    """

    names: tuple[str, ...]
    values: Array
    last_week: date
    shares: Array

    @property
    def training(self) -> Array:
        """All weeks before the test year."""
        return self.values[:, :-TEST_WEEKS]

    @property
    def test(self) -> Array:
        """The test year."""
        return self.values[:, -TEST_WEEKS:]

    def alone(self) -> "Series":
        """The series without influencer shares."""
        return replace(self, shares=np.full_like(self.shares, np.nan))

    def attributes(self) -> list[dict[str, str]]:
        """Market, gender and category of each series, from its name."""
        return [dict(zip(VOCABULARIES, name.split("_")[:3], strict=True)) for name in self.names]


@dataclass(frozen=True)
class Forecasts:
    """Forecasts of the S series: quantiles (S, H, 3) and trend classes (S)."""

    quantiles: Array
    classes: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Report:
    """Metrics on the first 13 weeks of the test year.

    Attributes:
        seasonal_naive: MASE of seasonal naive by weeks, as computed by this scorer.
        metrics: of the forecaster.
        baselines: MASE of each baseline.
        difference: 95 % interval of forecaster - naive combination, by bootstrap over series.
    """

    seasonal_naive: Mapping[int, float]
    metrics: Mapping[str, float]
    baselines: Mapping[str, float]
    difference: tuple[float, float]


def read_series(data: Path) -> Series:
    """Reads the series and their influencers below the data folder."""
    names, weeks, values = _read(data / FOLDER / MAIN)
    same, _, influencers = _read(data / FOLDER / INFLUENCERS)
    if same != names or influencers.shape != values.shape:
        raise DataError(f"{data / FOLDER / INFLUENCERS}: has other series or weeks than {MAIN}")
    if values.shape[0] < 1 or len(weeks) <= TEST_WEEKS + YEAR:
        raise DataError(
            f"{data / FOLDER / MAIN}: holds {len(names)} series of {len(weeks)} weeks, too few to be scored"
        )
    both = (values + influencers)[:, :-TEST_WEEKS]
    shares = np.divide(influencers[:, :-TEST_WEEKS], both, out=np.full_like(both, 0.5), where=both > 0)
    try:
        last_week = monday(weeks[-TEST_WEEKS - 1])
    except ValueError as error:
        raise DataError(f"{data / FOLDER / MAIN}: {error}") from error
    return Series(names, values, last_week, shares)


def _read(path: Path) -> tuple[tuple[str, ...], list[str], Array]:
    """Names of the series, weeks, and values (S, weeks)."""
    lines = rows(path)
    _, head = next(lines, (1, [""]))
    weeks, values = [], []
    for row, cells in lines:
        if len(cells) != len(head):
            raise DataError(f"{path}: row {row}: has {len(cells)} columns, the header has {len(head)}")
        try:
            weeks.append(cells[0])
            values.append([number(cell) for cell in cells[1:]])
        except ValueError as error:
            raise DataError(f"{path}: row {row}: a cell {error}") from error
    for name in head[1:]:
        if name.count("_") < len(VOCABULARIES):
            raise DataError(f"{path}: row 1: {name!r} is not market_gender_category_number")
    return tuple(head[1:]), weeks, np.array(values).T


def mase_denominator(series: Series, back: int = 0) -> Array:
    """Denominator of MASE (S): mean absolute change over a year in the training weeks before an origin."""
    known = series.training[:, : series.training.shape[1] - back]
    return np.asarray(np.abs(known[:, YEAR:] - known[:, :-YEAR]).mean(1))


def mase(forecast: Array, series: Series) -> Array:
    """MASE of each series over the first weeks of the test year: (S, weeks) gives (S)."""
    actual = series.test[:, : forecast.shape[1]]
    return np.asarray(np.abs(actual - forecast).mean(1) / mase_denominator(series))


def check_scorer(series: Series) -> dict[int, float]:
    """MASE of seasonal naive by weeks; raises if it differs from the published figure."""
    found = {weeks: float(mase(seasonal_naive(series.training, weeks), series).mean()) for weeks in NAIVE}
    for weeks, known in NAIVE.items():
        if round(found[weeks], 4) != known:
            raise DataError(f"HERMES: seasonal naive over {weeks} weeks is {found[weeks]:.4f}, known is {known}")
    return found


def as_batch(series: Series, back: int = 0) -> Batch:
    """Rows with the origin at the test year, or `back` weeks earlier within the training weeks."""
    whole = series.values[:, : series.values.shape[1] - TEST_WEEKS + HORIZON - back]
    return replace(after(series, whole[:, :-HORIZON]), future=whole[:, -HORIZON:].astype(np.float32))


def after(series: Series, known: Array) -> Batch:
    """Rows without a future whose history is `known` (S, weeks), from the first week of the series on."""
    rows, weeks = known.shape
    all_history = np.zeros((rows, CONTEXT, len(VARIABLES)), dtype=np.float32)
    all_observed = np.zeros(all_history.shape, dtype=bool)
    shares = np.full(known.shape, np.nan)  # forecast weeks have none
    shares[:, : series.shares.shape[1]] = series.shares[:, :weeks]
    for variable, values in (("volume", known), ("influencer_share", shares)):
        index = VARIABLES.index(variable)
        all_history[..., index], all_observed[..., index] = padded(values)
    ids = [[word_id(attribute, word) for attribute, word in each.items()] for each in series.attributes()]
    later = known.shape[1] - series.training.shape[1]
    week = (series.last_week + timedelta(weeks=later) - date(1970, 1, 1)).days
    return Batch(
        history=all_history,
        observed=all_observed,
        last_week=np.full(rows, week, dtype=np.int64),
        static_ids=np.array(ids, dtype=np.int64),
        image_embedding=np.zeros((rows, EMBEDDING), dtype=np.float32),
        has_image=np.zeros(rows, dtype=bool),
        future=np.zeros((rows, HORIZON), dtype=np.float32),
    )


def ask_graph(ask: Answerer, series: Series) -> Forecasts:
    """Forecasts of a network or graph."""
    answers = ask(as_batch(series).inputs())
    return Forecasts(answers["quantiles"].astype(np.float64), answers["trend_class"].astype(np.int64))


def score(forecasts: Forecasts, series: Series, seed: int = 0) -> Report:
    """Metrics on the first 13 weeks of the test year."""
    actual = series.test[:, :HORIZON]
    quantiles = forecasts.quantiles
    median = quantiles[..., QUANTILES.index(0.5)]
    level = series.training[:, -HORIZON:].mean(1)
    realised, predicted = trend_score(actual, level), trend_score(median, level)
    precision, share = calls(forecasts.classes, np.sign(realised))
    ours = mase(median, series)
    baselines = {name: mase(forecast(series.training, HORIZON), series) for name, forecast in BASELINES.items()}
    difference = mean_interval([ours - baselines["three_lines"]], np.random.default_rng(seed))
    return Report(
        seasonal_naive=check_scorer(series),
        metrics={
            "mase": float(ours.mean()),
            "mae_trend_score": float(np.nanmean(np.abs(predicted - realised))),
            "precision_called": precision,
            "called_share": share,
            "coverage": float(((actual >= quantiles[..., 0]) & (actual <= quantiles[..., -1])).mean()),
            "wql": weighted_quantile_loss(quantiles, actual),
        },
        baselines={name: float(each.mean()) for name, each in baselines.items()},
        difference=difference,
    )


def format_report(report: Report) -> str:
    """The report as text."""
    naive = ", ".join(
        f"{value:.4f} over {weeks} weeks (known {NAIVE[weeks]})" for weeks, value in report.seasonal_naive.items()
    )
    lines = [f"scorer: seasonal naive {naive}", "", "HERMES-100, first 13 weeks of the test year, MASE"]
    table = {"hemline": report.metrics["mase"], **report.baselines}
    lines += [f"  {name:16} {value:.4f}" for name, value in sorted(table.items(), key=lambda each: each[1])]
    low, high = report.difference
    lines.append(f"  hemline - three lines: {low:+.3f} .. {high:+.3f} (95 %, paired bootstrap over series)")
    lines += [f"{name:18} {_figure(value)}" for name, value in report.metrics.items() if name != "mase"]
    return "\n".join(lines)


def _figure(value: float) -> str:
    return f"{value:.4f}" if math.isfinite(value) else "none"
