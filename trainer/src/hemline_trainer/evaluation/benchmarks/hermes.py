"""Benchmark on real weekly fashion series that the forecaster never saw: the 100 public series of HERMES (Heuritech).

261 weeks; the last 52 are the test year 2019. MASE of a series = mean |error| over the horizon ÷ mean |y[t] - y[t-52]|
over all 209 training weeks, then the plain mean. The scorer proves itself first: seasonal naive must give 0.8763 over
52 weeks and 0.8461 over 13. The forecaster is a PyTorch net, an ONNX graph, or a running server.

S = 100 series.
"""

import http.client
import math
import urllib.error
import urllib.request
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
from hemline_trainer.evaluation.metrics import calls, trend_score, weighted_quantile_loss
from hemline_trainer.files.csv_rows import rows
from hemline_trainer.files.decimals import number
from hemline_trainer.files.strict_json import dumps, loads

Array = npt.NDArray[np.float64]

FOLDER: Final = "hermes_f1_100"
MAIN: Final = "f1_main_100_sequences.csv"
INFLUENCERS: Final = "f1_fashion_forward_100_sequences.csv"
TEST_WEEKS: Final = 52
GATES: Final = {TEST_WEEKS: 0.8763, HORIZON: 0.8461}
"""MASE of seasonal naive, published and recomputed; a scorer that misses it is wrong."""

ITEMS: Final = 64
RESAMPLES: Final = 10_000


@dataclass(frozen=True)
class Series:
    """The benchmark's series.

    Attributes:
        names: market_gender_category_number.
        values: (S, 261).
        last_week: Monday of the last training week.
        shares: (S, 209) how much of each training week's visibility is that among influencers, 0..1, as HERMES feeds
            it: theirs ÷ (the crowd's + theirs), half where neither shows anything; NaN = unknown. Those of the test
            year are left out.
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
        """The same without influencers."""
        return replace(self, shares=np.full_like(self.shares, np.nan))

    def attributes(self) -> list[dict[str, str]]:
        """Market, gender and category of each series, from its name."""
        return [dict(zip(VOCABULARIES, name.split("_")[:3], strict=True)) for name in self.names]


@dataclass(frozen=True)
class Forecasts:
    """What a forecaster said of the S series: quantiles (S, H, 3) and classes (S)."""

    quantiles: Array
    classes: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Report:
    """Figures on the first 13 weeks of the test year.

    Attributes:
        gates: weeks to MASE of seasonal naive, as this scorer finds it.
        metrics: of the forecaster.
        baselines: MASE of each baseline.
        difference: 95 % interval of forecaster - three lines, by bootstrap over series.
    """

    gates: Mapping[int, float]
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


def ordinary_error(series: Series, back: int = 0) -> Array:
    """Denominator of MASE (S): mean change over a year in the training weeks before an origin."""
    known = series.training[:, : series.training.shape[1] - back]
    return np.asarray(np.abs(known[:, YEAR:] - known[:, :-YEAR]).mean(1))


def mase(forecast: Array, series: Series) -> Array:
    """MASE of each series over the first weeks of the test year: (S, weeks) gives (S)."""
    actual = series.test[:, : forecast.shape[1]]
    return np.asarray(np.abs(actual - forecast).mean(1) / ordinary_error(series))


def gates(series: Series) -> dict[int, float]:
    """MASE of seasonal naive; raises where the scorer misses the known figure."""
    found = {weeks: float(mase(seasonal_naive(series.training, weeks), series).mean()) for weeks in GATES}
    for weeks, known in GATES.items():
        if round(found[weeks], 4) != known:
            raise DataError(f"HERMES: seasonal naive over {weeks} weeks is {found[weeks]:.4f}, known is {known}")
    return found


def as_batch(series: Series, back: int = 0) -> Batch:
    """The question as graph inputs; `back` > 0 asks that many weeks earlier, within the training weeks."""
    whole = series.values[:, : series.values.shape[1] - TEST_WEEKS + HORIZON - back]
    return replace(after(series, whole[:, :-HORIZON]), future=whole[:, -HORIZON:].astype(np.float32))


def after(series: Series, known: Array) -> Batch:
    """The question after the known weeks (S, weeks), which begin with the first week of the series; no future."""
    rows, weeks = known.shape
    all_history = np.zeros((rows, CONTEXT, len(VARIABLES)), dtype=np.float32)
    all_observed = np.zeros(all_history.shape, dtype=bool)
    shares = np.full(known.shape, np.nan)  # a week that is itself a forecast has none
    shares[:, : series.shares.shape[1]] = series.shares[:, :weeks]
    for variable, values in (("volume", known), ("influencer_share", shares)):
        place = VARIABLES.index(variable)
        all_history[..., place], all_observed[..., place] = padded(values)
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
    """Asks a net or a graph."""
    said = ask(as_batch(series).inputs())
    return Forecasts(said["quantiles"].astype(np.float64), said["trend_class"].astype(np.int64))


def ask_server(url: str, series: Series, timeout: float = 30.0) -> Forecasts:
    """Asks a running server, 64 series at a time, through POST /v1/forecasts."""
    items = [
        {
            "id": name,
            "series": [float(value) for value in training[-CONTEXT:]],
            "influencer_share": [None if np.isnan(share) else float(share) for share in shares[-CONTEXT:]],
            "last_week": series.last_week.isoformat(),
            "attributes": attributes,
        }
        for name, training, shares, attributes in zip(
            series.names, series.training, series.shares, series.attributes(), strict=True
        )
    ]
    given: list[dict[str, object]] = []
    for start in range(0, len(items), ITEMS):
        given += _post(f"{url.rstrip('/')}/v1/forecasts", {"items": items[start : start + ITEMS]}, timeout)
    try:
        said = {str(forecast["id"]): forecast for forecast in given}
        quantiles = np.array(
            [np.array([said[name]["quantiles"][str(level)] for level in QUANTILES]).T for name in series.names]  # type: ignore[index]
        )
        classes = [("falling", "stable", "rising").index(str(said[name]["trend_class"])) - 1 for name in series.names]
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise DataError(f"{url}: an answer is missing or incomplete ({error})") from error
    return Forecasts(quantiles.astype(np.float64), np.array(classes, dtype=np.int64))


def score(forecasts: Forecasts, series: Series, seed: int = 0) -> Report:
    """All figures; nothing here is fitted on the test year."""
    actual = series.test[:, :HORIZON]
    quantiles = forecasts.quantiles
    middle = quantiles[..., QUANTILES.index(0.5)]
    level = series.training[:, -HORIZON:].mean(1)
    realised, said = trend_score(actual, level), trend_score(middle, level)
    precision, share = calls(forecasts.classes, np.sign(realised))
    ours = mase(middle, series)
    lines = {name: mase(forecast(series.training, HORIZON), series) for name, forecast in BASELINES.items()}
    difference = ours - lines["three_lines"]
    picks = np.random.default_rng(seed).integers(0, len(ours), (RESAMPLES, len(ours)))
    low, high = np.quantile(difference[picks].mean(1), [0.025, 0.975])
    return Report(
        gates=gates(series),
        metrics={
            "mase": float(ours.mean()),
            "mae_trend_score": float(np.nanmean(np.abs(said - realised))),
            "precision_called": precision,
            "called_share": share,
            "coverage": float(((actual >= quantiles[..., 0]) & (actual <= quantiles[..., -1])).mean()),
            "wql": weighted_quantile_loss(quantiles, actual),
        },
        baselines={name: float(each.mean()) for name, each in lines.items()},
        difference=(float(low), float(high)),
    )


def format_report(report: Report) -> str:
    """The report in a few lines."""
    gate = ", ".join(f"{value:.4f} over {weeks} weeks (known {GATES[weeks]})" for weeks, value in report.gates.items())
    lines = [f"scorer: seasonal naive {gate}", "", "HERMES-100, first 13 weeks of the test year, MASE"]
    table = {"hemline": report.metrics["mase"], **report.baselines}
    lines += [f"  {name:16} {value:.4f}" for name, value in sorted(table.items(), key=lambda each: each[1])]
    low, high = report.difference
    lines.append(f"  hemline - three lines: {low:+.3f} .. {high:+.3f} (95 %, paired bootstrap over series)")
    lines += [f"{name:18} {_figure(value)}" for name, value in report.metrics.items() if name != "mase"]
    return "\n".join(lines)


def _figure(value: float) -> str:
    return f"{value:.4f}" if math.isfinite(value) else "none"


def _post(url: str, question: object, timeout: float) -> list[dict[str, object]]:
    if not url.startswith(("http://", "https://")):
        raise DataError(f"{url}: not an http address")
    request = urllib.request.Request(  # noqa: S310 - the scheme was checked
        url, dumps(question, "the question").encode(), {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:  # noqa: S310 - as above
            forecasts = list(loads(answer.read().decode())["forecasts"])
    except urllib.error.HTTPError as error:
        raise DataError(f"{url}: answered {error.code} {error.read(300).decode(errors='replace')}") from error
    except (OSError, ValueError, KeyError, TypeError, http.client.HTTPException) as error:
        raise DataError(f"{url}: no forecasts ({error})") from error
    return forecasts
