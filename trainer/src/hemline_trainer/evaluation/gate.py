"""The evaluation gate: compares a candidate with the live version and with the baselines before publication.

    accuracy   MASE on held-out rows, by paired bootstrap: better than every baseline on every data set, better than
               the live version in the mean over all data sets with equal weights, worse than it on none
    calls      precision reaches its target, and the number of calls a share of the supported calls
    coverage   close to the nominal coverage of the band
    latency    microseconds per row, both graphs measured alternately in the same run
    drift      answers to the live version's golden requests stay within bounds

Each rule is a `Check`; a candidate passes if all hold.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from hemline_trainer.artifact import golden, manifest
from hemline_trainer.artifact.equivalence import session
from hemline_trainer.contract import HORIZON, OUTPUTS, QUANTILES
from hemline_trainer.data.batch import Batch, market_batch, series_batch
from hemline_trainer.data.dataset import HoldOut
from hemline_trainer.data.embeddings import EmbeddingBank
from hemline_trainer.data.synthetic.renders import Progress
from hemline_trainer.evaluation import gate_calls
from hemline_trainer.evaluation.backtest import Answers, answerer
from hemline_trainer.evaluation.baselines import BASELINES
from hemline_trainer.evaluation.benchmarks import hermes
from hemline_trainer.evaluation.gate_report import Check, GateReport, Limits
from hemline_trainer.evaluation.intervals import mean_interval
from hemline_trainer.evaluation.metrics import Calls, mase_denominator, volumes
from hemline_trainer.training.embed import fill_bank

Array = npt.NDArray[np.float64]

_MEDIAN: Final = QUANTILES.index(0.5)

SEED: Final = 700_027
"""Seed of the rows: a stream disjoint from training, validation and back-tests."""

RESAMPLES: Final = 4_000
BATCH: Final = 8
"""Batch size of the latency measurement, the server's default on one core."""


@dataclass(frozen=True)
class _Graph:
    """A graph under comparison, with an embedding bank of its own encoder. Immutable."""

    folder: Path
    bank: EmbeddingBank

    def answers(self, rows: Batch) -> Answers:
        return answerer(session(self.folder / "forecaster.onnx"))(rows.inputs())


def evaluate_candidate(
    candidate: Path,
    live: tuple[int, Path] | None,
    data: Path | None,
    limits: Limits,
    progress: Progress,
    hold_outs: Sequence[HoldOut] = (),
) -> GateReport:
    """Evaluates all checks.

    Args:
        candidate: folder of a verified artifact.
        live: version and folder of the live artifact; None compares with the baselines alone.
        data: folder with HERMES-100, if available.
        limits: bounds of the checks.
        progress: receives the progress of rendering.
        hold_outs: of the data set that the candidate was trained on.
    """
    ours = _graph(candidate, limits, progress)
    theirs = None
    if live is not None:
        same = manifest.sha256(candidate / "image_encoder.onnx") == manifest.sha256(live[1] / "image_encoder.onnx")
        theirs = _Graph(live[1], ours.bank) if same else _graph(live[1], limits, progress)
    checks: list[Check] = []
    shares = []
    for name, rows in _data_sets(ours.bank, data, hold_outs, limits).items():
        if not np.isfinite(mase_denominator(volumes(rows))).any():
            checks.append(Check(f"{name}: rows that can be judged", "0", "", "at least 1", passed=False))
            continue
        answers = ours.answers(rows)
        quantiles = answers["quantiles"].astype(np.float64)
        error = _errors(quantiles[..., _MEDIAN], rows)
        calls = gate_calls.made(answers["trend_class"].astype(np.int64), rows)
        checks += [*_beats_baselines(name, error, rows), _coverage(name, quantiles, rows, limits)]
        checks += _calls(name, calls, quantiles, rows, limits)
        if theirs is not None:
            asked = _data_sets(theirs.bank, data, hold_outs, limits)[name]
            live_error = _errors(theirs.answers(asked)["quantiles"][..., _MEDIAN].astype(np.float64), asked)
            checks.append(_not_worse(f"{name}: MASE not worse than the live version", error, live_error))
            shares.append((error - live_error) / np.nanmean(live_error))
    if shares:
        checks.append(_better_overall(shares, limits.worse_than_live))
    checks.append(_latency(candidate, None if live is None else live[1], limits))
    if live is not None:
        checks += _drift(candidate, live[1], limits)
    return GateReport(manifest.digest(candidate), None if live is None else live[0], tuple(checks))


def _graph(folder: Path, limits: Limits, progress: Progress) -> _Graph:
    return _Graph(folder, fill_bank(folder / "image_encoder.onnx", SEED, limits.renders, progress))


def _data_sets(
    bank: EmbeddingBank, data: Path | None, hold_outs: Sequence[HoldOut], limits: Limits
) -> dict[str, Batch]:
    """Rows by data set; graphs differ only in the image embeddings."""
    rows = {each.dataset: each.rows for each in hold_outs}
    rows |= {
        "synthetic-series": series_batch(limits.rows, np.random.default_rng([SEED, 1])),
        "synthetic-market": market_batch(limits.rows, bank, np.random.default_rng([SEED, 1])),
    }
    if data is not None:
        rows["hermes-100"] = hermes.as_batch(hermes.read_series(data))
    return rows


def _beats_baselines(name: str, error: Array, rows: Batch) -> list[Check]:
    checks = []
    for title, forecast in BASELINES.items():
        found, reference, high = _compared(error, _errors(forecast(volumes(rows), HORIZON), rows))[:3]
        checks.append(Check(f"{name}: MASE beats {title}", found, reference, "difference < 0", high < 0))
    return checks


def _coverage(name: str, quantiles: Array, rows: Batch, limits: Limits) -> Check:
    actual = rows.future.astype(np.float64)
    found = float(((actual >= quantiles[..., 0]) & (actual <= quantiles[..., -1])).mean())
    nominal = QUANTILES[-1] - QUANTILES[0]
    low, high = nominal - limits.coverage_gap, nominal + limits.coverage_gap
    bound = f"{low:.2f} .. {high:.2f}"
    return Check(f"{name}: coverage", f"{found:.3f}", f"{nominal:.2f}", bound, low <= found <= high)


def _calls(name: str, made: Calls, quantiles: Array, rows: Batch, limits: Limits) -> list[Check]:
    """Checks the precision of the calls, and that it is not achieved by making hardly any."""
    supported = gate_calls.supported(quantiles, rows, limits.precision)
    low, high = made.wilson()
    right = f"{made.precision:.3f} ({low:.3f} .. {high:.3f})" if made.called else "no calls"
    target, least = limits.precision, limits.called * supported.share
    share = f"{made.share:.3f}"
    return [
        Check(f"{name}: calls right", right, f"{target:.2f}", "interval reaches it", high >= target),
        Check(f"{name}: share called", share, f"{supported.share:.3f}", f">= {least:.3f}", made.share >= least),
    ]


def _errors(forecast: Array, rows: Batch) -> Array:
    """MASE of each row, NaN where its denominator is undefined."""
    error = np.abs(forecast - rows.future.astype(np.float64)).mean(1)
    return np.asarray(error / mase_denominator(volumes(rows)))


def _not_worse(rule: str, ours: Array, theirs: Array) -> Check:
    """Fails if the bootstrap interval of one data set lies above zero."""
    found, reference, _, low = _compared(ours, theirs)
    return Check(rule, found, reference, "difference not above 0", low <= 0)


def _better_overall(shares: Sequence[Array], allowed: float) -> Check:
    """The mean over data sets with equal weights, relative to the live version's MASE on each."""
    known = [share[np.isfinite(share)] for share in shares]
    low, high = mean_interval(known, np.random.default_rng([SEED, 2]), RESAMPLES)
    mean = float(np.mean([share.mean() for share in known]))
    found = f"{mean:+.2%} ({low:+.2%} .. {high:+.2%})"
    bound = f"difference < {allowed:.2%}"
    return Check("all data sets alike: MASE beats the live version", found, "0", bound, bool(high < allowed))


def _compared(ours: Array, theirs: Array) -> tuple[str, str, float, float]:
    """Our mean with the 95 % interval of the paired difference, their mean, and the upper and lower end."""
    known = np.isfinite(ours) & np.isfinite(theirs)
    low, high = mean_interval([(ours - theirs)[known]], np.random.default_rng([SEED, 2]), RESAMPLES)
    found = f"{ours[known].mean():.4f} ({low:+.4f} .. {high:+.4f})"
    return found, f"{theirs[known].mean():.4f}", high, low


def _latency(candidate: Path, live: Path | None, limits: Limits) -> Check:
    """Minimum latency; the graphs run alternately, so that load on the machine affects both."""
    graphs = [session(folder / "forecaster.onnx") for folder in ([candidate] if live is None else [candidate, live])]
    inputs = market_batch(BATCH, None, np.random.default_rng([SEED, 3])).inputs()
    best = [float("inf")] * len(graphs)
    for _ in range(100):
        for index, graph in enumerate(graphs):
            began = time.perf_counter()
            graph.run(list(OUTPUTS), inputs)
            best[index] = min(best[index], 1e6 * (time.perf_counter() - began) / BATCH)
    found, reference = best[0], best[-1]
    bound = limits.slowest if live is None else min(limits.slowest, limits.slower_than_live * reference)
    shown = "" if live is None else f"{reference:.0f}"
    return Check(f"latency, us/row at batch {BATCH}", f"{found:.0f}", shown, f"<= {bound:.0f}", found <= bound)


def _drift(candidate: Path, live: Path, limits: Limits) -> list[Check]:
    """Distance of the candidate's answers from the live version's, on the live version's golden requests."""
    name = str(manifest.read(live)["graphs"]["forecaster"]["file"])
    pairs = golden.read(live)["forecaster"]
    ours, theirs = session(candidate / "forecaster.onnx"), session(live / name)
    moves, turns = [], []
    for pair in pairs:
        request = golden.from_json(pair["request"]["inputs"])
        answer, reference = golden.run(ours, request), golden.run(theirs, request)
        mean, reference_mean = _mean(answer["quantiles"]), _mean(reference["quantiles"])
        moves.append(np.abs(mean - reference_mean) / np.maximum(np.abs(reference_mean), 1e-9))
        turns.append(answer["trend_class"].astype(np.int64) * reference["trend_class"].astype(np.int64) < 0)
    moved, turned = float(np.median(np.concatenate(moves))), float(np.concatenate(turns).mean())
    return [
        Check("drift: golden answers moved", f"{moved:.3f}", "0", f"<= {limits.moved:g}", moved <= limits.moved),
        Check("drift: calls turned round", f"{turned:.3f}", "0", f"<= {limits.turned:g}", turned <= limits.turned),
    ]


def _mean(quantiles: npt.NDArray[Any]) -> Array:
    return np.asarray(quantiles[..., _MEDIAN].astype(np.float64).mean(1))


def format_checks(report: GateReport) -> str:
    """A text table; failed rules are marked."""
    reference = "the baselines alone" if report.live is None else f"live version {report.live}"
    head = ("", "rule", "candidate", "reference", "must be")
    rows = [
        ("ok" if check.passed else "FAILED", check.rule, check.found, check.reference, check.limit)
        for check in report.checks
    ]
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    failed = sum(not check.passed for check in report.checks)
    verdict = "passed" if report.passed else f"refused: {failed} of {len(rows)} rules are broken"
    table = [_line(row, widths) for row in [head, *rows]]
    return "\n".join([f"gate: {report.candidate[:12]} against {reference}", *table, f"gate {verdict}"])


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
