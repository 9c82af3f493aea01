"""Back-tests at several origins of observed series and with histories of several lengths.

Origins before the test weeks lie within the training weeks of a benchmark; no forecaster is trained on either. Calls of
all origins are pooled, so that their precision rests on hundreds of calls. Neighbouring origins share no forecast weeks
but do share series, so the interval is slightly narrow.

S series, H = 13 steps, T = 208 weeks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Final

import numpy as np
import numpy.typing as npt

from hemline_trainer.contract import CONTEXT, HORIZON, QUANTILES, YEAR
from hemline_trainer.data.batch import Batch
from hemline_trainer.evaluation.backtest import Answerer
from hemline_trainer.evaluation.benchmarks import hermes, m4
from hemline_trainer.evaluation.metrics import Calls, count_calls, realised_direction, trend_score_errors

Array = npt.NDArray[np.float64]

ORIGINS: Final[Mapping[str, tuple[int, ...]]] = {"hermes-100": (0, 13, 26, 39, 52), "m4-weekly": (0, 13, 26, 39)}
"""Weeks before the benchmark's own origin; 0 is its test period."""

ROUGHNESS: Final = 0.5
"""Share of last year's roughness that is added to a rolled history; chosen on the year before the test year."""

CONTEXTS: Final = (CONTEXT, 2 * YEAR, YEAR, 26, HORIZON, 8)


@dataclass(frozen=True)
class Question:
    """One benchmark at one origin.

    Attributes:
        dataset: its name.
        back: weeks before the benchmark's own origin.
        rows: S series with their futures.
        mase_denominator: (S) from the weeks before the origin.
    """

    dataset: str
    back: int
    rows: Batch
    mase_denominator: Array


@dataclass(frozen=True)
class Found:
    """Metrics on one benchmark over its origins, with histories of at most `context` weeks.

    Attributes:
        dataset: name of the benchmark.
        context: maximum weeks of history.
        origins: number of origins.
        rows: series over all origins.
        mase: mean over rows.
        mae_trend_score: mean over rows.
        coverage: share of weeks inside the band of 0.1 to 0.9.
        coverage_error: standard error of coverage, with rows taken as independent.
        calls: over all origins.
    """

    dataset: str
    context: int
    origins: int
    rows: int
    mase: float
    mae_trend_score: float
    coverage: float
    coverage_error: float
    calls: Calls


def questions(series: hermes.Series, weekly: m4.Weekly) -> list[Question]:
    """Both benchmarks at all their origins."""
    fashion = [
        Question("hermes-100", back, hermes.as_batch(series, back), hermes.mase_denominator(series, back))
        for back in ORIGINS["hermes-100"]
    ]
    return fashion + [Question("m4-weekly", back, *m4.as_batch(weekly, back)) for back in ORIGINS["m4-weekly"]]


def ask_all(ask: Answerer, asked: Sequence[Question], contexts: Sequence[int] = CONTEXTS) -> list[Found]:
    """Metrics per benchmark and length of history: first the test period alone, then all origins pooled."""
    found = []
    for dataset in dict.fromkeys(question.dataset for question in asked):
        ours = [question for question in asked if question.dataset == dataset]
        found += [_found(ask, [question for question in ours if question.back == 0], CONTEXT)]
        found += [_found(ask, ours, context) for context in contexts]
    return found


def rolled(ask: Answerer, series: hermes.Series, weeks: int = hermes.TEST_WEEKS) -> Array:
    """Recursive forecasts (S, weeks <= 52) of the test year: the medians of a quarter extend the history of the next.

    Medians are smoother than observed weeks, which would change the noise scale of the history. Each therefore receives
    a share of the roughness of the same week a year before.
    """
    known, roughness = series.training, _roughness(series.training)
    forecasts: list[Array] = []
    while len(forecasts) * HORIZON < weeks:
        median = ask(hermes.after(series, known).inputs())["quantiles"].astype(np.float64)[..., QUANTILES.index(0.5)]
        year_before = slice(known.shape[1] - YEAR, known.shape[1] - YEAR + HORIZON)
        known = np.concatenate([known, median * (1 + ROUGHNESS * roughness[:, year_before])], axis=1)
        forecasts.append(median)
    return np.concatenate(forecasts, axis=1)[:, :weeks]


def _roughness(weeks: Array) -> Array:
    """Ratio of each week (S, weeks) to the mean of the five around it, less one."""
    smooth = np.lib.stride_tricks.sliding_window_view(np.pad(weeks, ((0, 0), (2, 2)), mode="edge"), 5, axis=1).mean(-1)
    ratio: Array = np.divide(weeks, smooth, out=np.ones_like(weeks), where=smooth > 0)
    return ratio - 1


def shortened(rows: Batch, weeks: int) -> Batch:
    """The same rows with only the last `weeks` observed."""
    observed = rows.observed & (np.arange(CONTEXT) >= CONTEXT - weeks)[None, :, None]
    return replace(rows, observed=observed, history=np.where(observed, rows.history, 0).astype(np.float32))


def format_table(found: Sequence[Found]) -> str:
    """One line per benchmark and length of history."""
    lines = [
        "data set    history  origins  rows    MASE  MAE of score  coverage  ± s.e.   calls right (95 % Wilson)  called"
    ]
    lines += [
        f"{each.dataset:10}  {each.context:7}  {each.origins:7}  {each.rows:4}  {each.mase:6.4f}"
        f"  {each.mae_trend_score:12.4f}  {each.coverage:8.3f}  {each.coverage_error:6.3f}"
        f"   {_right(each.calls):35}  {each.calls.share:6.2f}"
        for each in found
    ]
    return "\n".join(lines)


def _right(calls: Calls) -> str:
    """Right calls, calls, and the interval of the precision."""
    if not calls.called:
        return "no calls"
    low, high = calls.wilson()
    return f"{calls.right:4} of {calls.called:4} = {calls.precision:.3f} ({low:.2f}..{high:.2f})"


def _found(ask: Answerer, asked: Sequence[Question], context: int) -> Found:
    mase, score_errors, inside, right = [], [], [], Calls(0, 0, 0)
    for question in asked:
        rows = question.rows if context == CONTEXT else shortened(question.rows, context)
        forecasts = ask(rows.inputs())
        quantiles, actual = forecasts["quantiles"].astype(np.float64), rows.future.astype(np.float64)
        median = quantiles[..., QUANTILES.index(0.5)]
        mase.append(np.abs(median - actual).mean(1) / question.mase_denominator)
        score_errors.append(trend_score_errors(median, rows))
        inside.append(((actual >= quantiles[..., 0]) & (actual <= quantiles[..., -1])).mean(1))
        right += count_calls(forecasts["trend_class"].astype(np.int64), realised_direction(rows))
    covered = np.concatenate(inside)
    return Found(
        dataset=asked[0].dataset,
        context=context,
        origins=len(asked),
        rows=len(covered),
        mase=float(np.nanmean(np.concatenate(mase))),
        mae_trend_score=float(np.nanmean(np.concatenate(score_errors))),
        coverage=float(covered.mean()),
        coverage_error=float(covered.std(ddof=1) / sqrt(len(covered))),
        calls=right,
    )
