"""Drift detection: served forecasts against actual volumes, and shifts of the population of requested trends.

    mae_trend_score        mean |served trend_score - realised one| of the forecasts whose 13 weeks are known
    psi.recent_volume      shift of the level of the requested trends
    psi.market             shift of their markets
    psi.cold_start         shift of the share with under a year of history

The realised score follows the contract: mean of the 13 weeks ÷ the served `recent_volume` - 1.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from math import fsum
from typing import Any, Final

from hemline_trainer.contract import HORIZON
from hemline_trainer.errors import DataError
from hemline_trainer.ops.actuals import WEEK, Actuals
from hemline_trainer.ops.psi import psi_of_numbers, psi_of_words
from hemline_trainer.ops.served import Served, ServedForecasts

FORMAT: Final = 1
MAE: Final = 0.15
PSI: Final = 0.2

_LARGEST_SCORE: Final = 1e100
"""Bound that keeps sums of errors finite; float32 volumes give at most 1e75."""


@dataclass(frozen=True)
class Figure:
    """One monitored figure. Immutable.

    Attributes:
        metric: name in `retrain-requested`.
        value: measured value.
        threshold: upper bound.
        rows: number of forecasts.
    """

    metric: str
    value: float
    threshold: float
    rows: int

    @property
    def drifted(self) -> bool:
        """Whether the value exceeds its threshold."""
        return self.value > self.threshold

    def reason(self) -> str:
        """The finding as a sentence."""
        what = (
            "the mean absolute error of trend_score"
            if self.metric == "mae_trend_score"
            else f"the population shift (PSI) of {self.metric.removeprefix('psi.')}"
        )
        return f"{what} is {self.value:.4f} over {self.rows} forecasts, above {self.threshold:g}"


@dataclass(frozen=True)
class Report:
    """Result of a drift check. Immutable.

    Attributes:
        figures: measured figures.
        not_measured: reasons by figure.
        counts: forecasts by outcome.
    """

    figures: tuple[Figure, ...]
    not_measured: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def drifted(self) -> list[Figure]:
        """Figures above their thresholds."""
        return [each for each in self.figures if each.drifted]

    @property
    def compared(self) -> bool:
        """Whether a figure was measured, and some forecast was compared with actual volumes or still waits for them."""
        judged, waiting = self.counts.get("judged", 0), self.counts.get("not_yet_come", 0)
        return bool(self.figures) and judged + waiting > 0

    def as_json(self) -> dict[str, Any]:
        """The JSON form of `--json`."""
        return {
            "format": FORMAT,
            "drifted": bool(self.drifted),
            "figures": [{**asdict(each), "drifted": each.drifted} for each in self.figures],
            "not_measured": self.not_measured,
            "forecasts": self.counts,
        }


def measure_drift(
    served: ServedForecasts, actuals: Actuals, reference: ServedForecasts | None, max_mae: float, max_psi: float
) -> Report:
    """Measures all figures that the data allow.

    Args:
        served: forecasts to check.
        actuals: actual volumes.
        reference: forecasts of a reference period; None compares the newer with the older half of the weeks.
        max_mae: threshold of the error.
        max_psi: threshold of each shift.
    """
    counts = {"read": served.read, "written_twice": served.duplicates, "distinct": len(served.forecasts)}
    errors, reasons = _errors(served.forecasts, actuals)
    counts |= {"judged": len(errors), **reasons}
    figures, missing = [], {}
    if errors:
        figures.append(Figure("mae_trend_score", fsum(errors) / len(errors), max_mae, len(errors)))
    else:
        missing["mae_trend_score"] = "no forecast has all of its 13 weeks among the actual ones"
    before, now = _halves(served.forecasts) if reference is None else (reference.forecasts, served.forecasts)
    volumes = [[each.recent_volume for each in half if each.recent_volume is not None] for half in (before, now)]
    shifts = {
        "psi.recent_volume": psi_of_numbers(*volumes),
        "psi.market": psi_of_words(*([each.market for each in half] for half in (before, now))),
        "psi.cold_start": psi_of_words(*([each.cold_start for each in half] for half in (before, now))),
    }
    for metric, shift in shifts.items():
        if shift is None:
            missing[metric] = f"{len(before)} and {len(now)} forecasts are too few to compare"
        else:
            figures.append(Figure(metric, shift, max_psi, len(now)))
    return Report(tuple(figures), missing, counts)


def _errors(forecasts: Sequence[Served], actuals: Actuals) -> tuple[list[float], dict[str, int]]:
    """Errors of the comparable forecasts, and the number of others by reason."""
    errors: list[float] = []
    reasons = {"without_score": 0, "unknown_trend": 0, "not_yet_come": 0, "not_observed": 0}
    for each in forecasts:
        trend = (each.hashtag, each.market)
        if each.trend_score is None or each.recent_volume is None or each.recent_volume <= 0:
            reasons["without_score"] += 1
            continue
        if trend not in actuals:
            reasons["unknown_trend"] += 1
            continue
        weeks = [each.last_week + step * WEEK for step in range(1, HORIZON + 1)]
        actual = [actuals[trend].get(week) for week in weeks]
        if any(week not in actuals[trend] for week in weeks):
            reasons["not_yet_come"] += 1
        elif any(volume is None for volume in actual):
            reasons["not_observed"] += 1
        else:
            realised = fsum(volume or 0.0 for volume in actual) / HORIZON / each.recent_volume - 1
            if not abs(realised) < _LARGEST_SCORE:
                raise DataError(
                    f"{each.hashtag!r} in {each.market!r} after {each.last_week}: recent_volume is"
                    f" {each.recent_volume:g}, too small to divide the actual volumes by"
                )
            errors.append(abs(each.trend_score - realised))
    return errors, reasons


def _halves(forecasts: Sequence[Served]) -> tuple[Sequence[Served], Sequence[Served]]:
    """The older and the newer half of the weeks."""
    weeks = sorted({each.last_week for each in forecasts})
    border = weeks[len(weeks) // 2] if weeks else None
    older = [each for each in forecasts if border is not None and each.last_week < border]
    return older, forecasts[len(older) :]


def format_report(report: Report) -> str:
    """A text table; figures above their thresholds are marked."""
    head = ("", "figure", "value", "at most", "forecasts")
    rows = [
        ("DRIFTED" if f.drifted else "ok", f.metric, f"{f.value:.4f}", f"{f.threshold:g}", str(f.rows))
        for f in report.figures
    ]
    widths = [max(len(row[place]) for row in [head, *rows]) for place in range(len(head))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in [head, *rows]
    ]
    lines += [f"not measured: {metric}, since {reasons}" for metric, reasons in report.not_measured.items()]
    return "\n".join([*lines, f"forecasts: {format_counts(report)}"])


def format_counts(report: Report) -> str:
    """Forecasts by outcome, in one line."""
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in report.counts.items())
