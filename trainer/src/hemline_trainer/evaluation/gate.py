"""The evaluation gate: a candidate is compared with the live version and with plain lines before it may be published.

    accuracy   MASE on rows that neither learned from, a paired bootstrap over them: better than plain lines on every
               data set, better than the live version over all data sets, each of the same weight, on none worse
    calls      right often enough, and about as many as the candidate's own forecasts bear
    coverage   the band holds about as many weeks as it promises
    latency    microseconds per row, both graphs asked in turn in the same run
    drift      the live version's golden questions: the answers may differ, not be of another world

Each rule is a `Check`; a candidate passes when all hold.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from hemline_trainer.artifact import golden, manifest
from hemline_trainer.artifact.export import session
from hemline_trainer.contract import HORIZON, OUTPUTS, QUANTILES
from hemline_trainer.data.batch import Batch, market_batch, series_batch
from hemline_trainer.data.dataset import HoldOut
from hemline_trainer.data.embeddings import EmbeddingBank
from hemline_trainer.evaluation import gate_calls
from hemline_trainer.evaluation.backtest import Answers, answerer
from hemline_trainer.evaluation.baselines import BASELINES
from hemline_trainer.evaluation.benchmarks import hermes
from hemline_trainer.evaluation.judged import Check, Judged, Limits
from hemline_trainer.evaluation.metrics import Calls, ordinary_error, volumes
from hemline_trainer.training.embed import Progress, fill_bank

Array = npt.NDArray[np.float64]

_MEDIAN: Final = QUANTILES.index(0.5)

SEED: Final = 700_027
"""Of the rows: another stream than training, validation and the back-tests on the card."""

RESAMPLES: Final = 4_000
BATCH: Final = 8
"""Rows per question when the time is taken; what the server prefers on one core."""


@dataclass(frozen=True)
class _Graph:
    """An artifact that is asked. Immutable."""

    folder: Path
    bank: EmbeddingBank

    def answers(self, rows: Batch) -> Answers:
        return answerer(session(self.folder / "forecaster.onnx"))(rows.inputs())


def judge(
    candidate: Path,
    live: tuple[int, Path] | None,
    data: Path | None,
    limits: Limits,
    progress: Progress,
    hold_outs: Sequence[HoldOut] = (),
) -> Judged:
    """Makes all checks.

    Args:
        candidate: artifact folder, verified.
        live: version and folder of what is live; None compares with plain lines alone.
        data: folder with HERMES-100, if it is at hand.
        limits: what must be kept.
        progress: told of the garments rendered.
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
        if not np.isfinite(ordinary_error(volumes(rows))).any():
            checks.append(Check(f"{name}: rows that can be judged", "0", "", "at least 1", passed=False))
            continue
        answers = ours.answers(rows)
        said = answers["quantiles"].astype(np.float64)
        error = _errors(said[..., _MEDIAN], rows)
        checks += [*_beyond_lines(name, error, rows), _coverage(name, said, rows, limits)]
        checks += _calls(name, gate_calls.made(answers["trend_class"].astype(np.int64), rows), said, rows, limits)
        if theirs is not None:
            asked = _data_sets(theirs.bank, data, hold_outs, limits)[name]
            rival = _errors(theirs.answers(asked)["quantiles"][..., _MEDIAN].astype(np.float64), asked)
            checks.append(_not_worse(f"{name}: MASE not worse than the live version", error, rival))
            shares.append((error - rival) / np.nanmean(rival))
    if shares:
        checks.append(_better_overall(shares, limits.worse_than_live))
    checks.append(_latency(candidate, None if live is None else live[1], limits))
    if live is not None:
        checks += _drift(candidate, live[1], limits)
    return Judged(manifest.digest(candidate), None if live is None else live[0], tuple(checks))


def _graph(folder: Path, limits: Limits, progress: Progress) -> _Graph:
    return _Graph(folder, fill_bank(folder / "image_encoder.onnx", SEED, limits.renders, progress))


def _data_sets(
    bank: EmbeddingBank, data: Path | None, hold_outs: Sequence[HoldOut], limits: Limits
) -> dict[str, Batch]:
    """Rows by data set; equal for every graph but for what its encoder says of the pictures."""
    rows = {each.dataset: each.rows for each in hold_outs}
    rows |= {
        "synthetic-series": series_batch(limits.rows, np.random.default_rng([SEED, 1])),
        "synthetic-market": market_batch(limits.rows, bank, np.random.default_rng([SEED, 1])),
    }
    if data is not None:
        rows["hermes-100"] = hermes.as_batch(hermes.read_series(data))
    return rows


def _beyond_lines(name: str, error: Array, rows: Batch) -> list[Check]:
    checks = []
    for title, forecast in BASELINES.items():
        found, rival, high = _compared(error, _errors(forecast(volumes(rows), HORIZON), rows))[:3]
        checks.append(Check(f"{name}: MASE beats {title}", found, rival, "difference < 0", high < 0))
    return checks


def _coverage(name: str, said: Array, rows: Batch, limits: Limits) -> Check:
    actual = rows.future.astype(np.float64)
    held = float(((actual >= said[..., 0]) & (actual <= said[..., -1])).mean())
    promised = QUANTILES[-1] - QUANTILES[0]
    low, high = promised - limits.coverage_gap, promised + limits.coverage_gap
    bound = f"{low:.2f} .. {high:.2f}"
    return Check(f"{name}: coverage", f"{held:.3f}", f"{promised:.2f}", bound, low <= held <= high)


def _calls(name: str, made: Calls, said: Array, rows: Batch, limits: Limits) -> list[Check]:
    """That calls are right, and that a candidate does not buy this by making none."""
    borne = gate_calls.supported(said, rows, limits.precision)
    low, high = made.wilson()
    right = f"{made.precision:.3f} ({low:.3f} .. {high:.3f})" if made.called else "no calls"
    wished, least = limits.precision, limits.called * borne.share
    return [
        Check(f"{name}: calls right", right, f"{wished:.2f}", "interval reaches it", high >= wished),
        Check(
            f"{name}: share called", f"{made.share:.3f}", f"{borne.share:.3f}", f">= {least:.3f}", made.share >= least
        ),
    ]


def _errors(forecast: Array, rows: Batch) -> Array:
    """MASE of each row, NaN where its history knows no ordinary error."""
    error = np.abs(forecast - rows.future.astype(np.float64)).mean(1)
    return np.asarray(error / ordinary_error(volumes(rows)))


def _not_worse(rule: str, ours: Array, theirs: Array) -> Check:
    """One data set alone: what is asked is that the bootstrap does not show it to be worse."""
    found, rival, _, low = _compared(ours, theirs)
    return Check(rule, found, rival, "difference not above 0", low <= 0)


def _better_overall(shares: Sequence[Array], allowed: float) -> Check:
    """The mean over data sets, each in shares of the live version's MASE there, however many rows it has."""
    rng = np.random.default_rng([SEED, 2])
    known = [each[np.isfinite(each)] for each in shares]
    low, high = np.quantile(np.mean([_resampled(each, rng) for each in known], axis=0), [0.025, 0.975])
    mean = float(np.mean([each.mean() for each in known]))
    found = f"{mean:+.2%} ({low:+.2%} .. {high:+.2%})"
    bound = f"difference < {allowed:.2%}"
    return Check("all data sets alike: MASE beats the live version", found, "0", bound, bool(high < allowed))


def _compared(ours: Array, theirs: Array) -> tuple[str, str, float, float]:
    """Both means and the 95 % interval of the difference in words, then its upper and its lower end."""
    known = np.isfinite(ours) & np.isfinite(theirs)
    low, high = interval((ours - theirs)[known], np.random.default_rng([SEED, 2]))
    found = f"{ours[known].mean():.4f} ({low:+.4f} .. {high:+.4f})"
    return found, f"{theirs[known].mean():.4f}", high, low


def interval(differences: Array, rng: np.random.Generator) -> tuple[float, float]:
    """95 % interval of the mean of paired differences, by bootstrap."""
    low, high = np.quantile(_resampled(differences, rng), [0.025, 0.975])
    return float(low), float(high)


def _resampled(differences: Array, rng: np.random.Generator) -> Array:
    """Means of as many draws with replacement."""
    return np.asarray(differences[rng.integers(0, len(differences), (RESAMPLES, len(differences)))].mean(1))


def _latency(candidate: Path, live: Path | None, limits: Limits) -> Check:
    """Both graphs asked in turn, so that a busy machine is busy for both; the best time counts."""
    graphs = [session(folder / "forecaster.onnx") for folder in ([candidate] if live is None else [candidate, live])]
    inputs = market_batch(BATCH, None, np.random.default_rng([SEED, 3])).inputs()
    best = [float("inf")] * len(graphs)
    for _ in range(100):
        for place, graph in enumerate(graphs):
            began = time.perf_counter()
            graph.run(list(OUTPUTS), inputs)
            best[place] = min(best[place], 1e6 * (time.perf_counter() - began) / BATCH)
    found, rival = best[0], best[-1]
    bound = limits.slowest if live is None else min(limits.slowest, limits.slower_than_live * rival)
    shown = "" if live is None else f"{rival:.0f}"
    return Check(f"latency, us/row at batch {BATCH}", f"{found:.0f}", shown, f"<= {bound:.0f}", found <= bound)


def _drift(candidate: Path, live: Path, limits: Limits) -> list[Check]:
    """How far the candidate's answers are from the golden answers of what is live."""
    name = str(manifest.read(live)["graphs"]["forecaster"]["file"])
    pairs = golden.read(live)["forecaster"]
    asked, before = session(candidate / "forecaster.onnx"), session(live / name)
    moves, turns = [], []
    for pair in pairs:
        question = golden.from_json(pair["request"]["inputs"])
        ours, theirs = golden.run(asked, question), golden.run(before, question)
        now, then = (_mean(each["quantiles"]) for each in (ours, theirs))
        size = np.maximum(np.abs(then), 1e-9)
        moves.append(np.abs(now - then) / size)
        turns.append(ours["trend_class"].astype(np.int64) * theirs["trend_class"].astype(np.int64) < 0)
    moved, turned = float(np.median(np.concatenate(moves))), float(np.concatenate(turns).mean())
    return [
        Check("drift: golden answers moved", f"{moved:.3f}", "0", f"<= {limits.moved:g}", moved <= limits.moved),
        Check("drift: calls turned round", f"{turned:.3f}", "0", f"<= {limits.turned:g}", turned <= limits.turned),
    ]


def _mean(quantiles: npt.NDArray[Any]) -> Array:
    return np.asarray(quantiles[..., _MEDIAN].astype(np.float64).mean(1))


def format_checks(judged: Judged) -> str:
    """A plain table, the failed rules marked."""
    rival = "plain lines alone" if judged.live is None else f"live version {judged.live}"
    head = ("", "rule", "candidate", "rival", "must be")
    rows = [
        ("ok" if each.passed else "FAILED", each.rule, each.found, each.rival, each.limit) for each in judged.checks
    ]
    widths = [max(len(row[place]) for row in [head, *rows]) for place in range(len(head))]
    failed = sum(not each.passed for each in judged.checks)
    verdict = "passed" if judged.passed else f"refused: {failed} of {len(rows)} rules are broken"
    table = [_line(row, widths) for row in [head, *rows]]
    return "\n".join([f"gate: {judged.candidate[:12]} against {rival}", *table, f"gate {verdict}"])


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
