import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper
from test_cli import DEMO, say
from test_store import artifact

from hemline_trainer.artifact import manifest
from hemline_trainer.artifact.verify import verify
from hemline_trainer.data.batch import Batch, market_batch, series_batch
from hemline_trainer.data.dataset import OWN, HoldOut
from hemline_trainer.errors import ConfigError
from hemline_trainer.evaluation import forced
from hemline_trainer.evaluation.gate import _better_overall, evaluate_candidate, format_checks
from hemline_trainer.evaluation.gate_calls import supported
from hemline_trainer.evaluation.gate_report import GateReport, Limits
from hemline_trainer.evaluation.intervals import mean_interval, wilson_interval
from hemline_trainer.progress import Silent
from hemline_trainer.training.calibration import NEVER

LIMITS = Limits(rows=128, renders=22, slower_than_live=1e9, slowest=1e9)  # a test's machine may be slow


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return artifact(tmp_path_factory.mktemp("toy"), 1.5)


@pytest.fixture(scope="module")
def poor(toy: Path) -> GateReport:
    return evaluate_candidate(toy, (2, DEMO / "2"), None, LIMITS, Silent())


def broken(report: GateReport) -> set[str]:
    return {check.rule for check in report.checks if not check.passed}


def test_the_demo_beats_the_baselines_and_may_be_the_first_version() -> None:
    report = evaluate_candidate(DEMO / "2", None, None, LIMITS, Silent())

    assert report.passed, format_checks(report)
    assert (report.live, len(report.checks)) == (None, 13)


def test_a_worse_candidate_is_refused_and_the_table_names_every_rule_it_breaks(poor: GateReport) -> None:
    table = format_checks(poor)

    assert {
        "synthetic-market: MASE beats three_lines",
        "synthetic-market: MASE not worse than the live version",
        "all data sets alike: MASE beats the live version",
        "synthetic-market: coverage",
        "drift: golden answers moved",
    } <= broken(poor)
    assert table.count("FAILED") == len(broken(poor))
    assert table.splitlines()[-1] == f"gate refused: {len(broken(poor))} of {len(poor.checks)} rules are broken"


def test_the_live_model_itself_passes_only_with_a_tolerance(tmp_path: Path) -> None:
    twin = shutil.copytree(DEMO / "2", tmp_path / "twin")

    strict = evaluate_candidate(twin, (2, DEMO / "2"), None, LIMITS, Silent())
    lenient = evaluate_candidate(twin, (2, DEMO / "2"), None, replace(LIMITS, worse_than_live=0.01), Silent())

    assert broken(strict) == {"all data sets alike: MASE beats the live version"}
    assert lenient.passed


def test_a_slow_candidate_is_refused() -> None:
    report = evaluate_candidate(DEMO / "2", None, None, replace(LIMITS, slowest=1e-3), Silent())

    assert broken(report) == {"latency, us/row at batch 8"}


def calling(folder: Path, threshold: float) -> Path:
    """The demo with another decision threshold."""
    shutil.copytree(DEMO / "2", folder)
    model = onnx.load(folder / "forecaster.onnx")
    (initializer_of,) = [each for each in model.graph.initializer if each.name == "call_margin"]
    initializer_of.CopyFrom(numpy_helper.from_array(np.array([threshold], dtype=np.float32), "call_margin"))
    onnx.save(model, folder / "forecaster.onnx")
    return folder


def test_a_demo_that_calls_every_trend_stable_is_refused(tmp_path: Path) -> None:
    report = evaluate_candidate(calling(tmp_path / "mute", NEVER), None, None, LIMITS, Silent())

    assert broken(report) == {"synthetic-series: share called", "synthetic-market: share called"}
    (right,) = [check.found for check in report.checks if check.rule == "synthetic-series: calls right"]
    assert right == "no calls"


def test_a_demo_without_a_decision_threshold_is_refused(tmp_path: Path) -> None:
    report = evaluate_candidate(calling(tmp_path / "rash", 0.0), None, None, replace(LIMITS, rows=512), Silent())

    assert "synthetic-market: calls right" in broken(report)


def flat(rows: int) -> Batch:
    """Trends with a constant history of 100 and a future for the test to fill in."""
    drawn = series_batch(rows, np.random.default_rng(3))
    return replace(drawn, history=np.full_like(drawn.history, 100), observed=np.ones_like(drawn.observed))


def test_the_supported_calls_are_the_most_certain_forecasts_that_come_true() -> None:
    rows = flat(100)
    certain = np.arange(100) < 60
    rows.future[:] = np.where(certain | (np.arange(100) % 2 == 0), 120, 80)[:, None]
    median = np.full((100, 13), 110.0)
    width = np.where(certain, 5.0, 50.0)[:, None]

    calls = supported(np.stack([median - width, median, median + width], axis=2), rows, 0.9)

    assert 60 <= calls.called <= 70
    assert calls.right >= 60
    assert supported(np.full((100, 13, 3), 100.0), rows, 0.9).called == 0


def test_data_sets_have_equal_weights_regardless_of_their_rows() -> None:
    rng = np.random.default_rng(4)
    many, few = rng.normal(-0.02, 0.05, 2000), rng.normal(0.10, 0.05, 100)

    assert mean_interval([np.concatenate([many, few])], rng)[1] < 0
    assert not _better_overall([many, few], 0.0).passed
    assert _better_overall([many, few - 0.2], 0.0).passed


def test_a_hold_out_of_own_series_is_one_of_the_data_sets(tmp_path: Path) -> None:
    own = market_batch(128, None, np.random.default_rng(9))
    twin = shutil.copytree(DEMO / "2", tmp_path / "twin")

    report = evaluate_candidate(
        twin, (2, DEMO / "2"), None, replace(LIMITS, worse_than_live=0.01), Silent(), [HoldOut(OWN, own)]
    )

    assert report.passed, format_checks(report)
    rules = [check.rule for check in report.checks if check.rule.startswith("own-series: ")]
    assert len(rules) == 7
    assert "own-series: MASE not worse than the live version" in rules


def test_a_failure_on_own_series_is_not_compensated_by_other_data_sets() -> None:
    own = replace(market_batch(128, None, np.random.default_rng(9)))
    own.future[:] = own.history[:, -1:, 0]  # every week equals the last one

    report = evaluate_candidate(DEMO / "2", None, None, LIMITS, Silent(), [HoldOut(OWN, own)])

    assert "own-series: MASE beats last_value" in broken(report)


def test_a_hold_out_without_a_defined_mase_is_refused() -> None:
    report = evaluate_candidate(DEMO / "2", None, None, LIMITS, Silent(), [HoldOut(OWN, flat(5))])

    assert broken(report) == {"own-series: rows that can be judged"}


def test_the_interval_of_a_constant_difference_is_that_difference() -> None:
    low, high = mean_interval([np.full(50, -0.25)], np.random.default_rng(0))

    assert (low, high) == (-0.25, -0.25)


def test_a_sample_of_one_observation_has_an_interval() -> None:
    assert mean_interval([np.array([0.5])], np.random.default_rng(0)) == (0.5, 0.5)


@pytest.mark.parametrize(
    ("successes", "trials", "standard_errors", "expected"),
    [
        (0, 0, 1.96, (0.0, 1.0)),
        (9, 10, 1.96, (0.5958, 0.9821)),  # Agresti and Coull 1998, formula of Wilson's interval
        (22, 22, 1.28, (0.9307, 1.0)),
    ],
)
def test_the_wilson_interval_is_that_of_its_formula(
    successes: int, trials: int, standard_errors: float, expected: tuple[float, float]
) -> None:
    assert wilson_interval(successes, trials, standard_errors) == pytest.approx(expected, abs=5e-5)


def test_publish_refuses_a_poor_candidate_and_does_not_touch_the_store(toy: Path, tmp_path: Path) -> None:
    code, output = say("publish", "--artifact", toy, "--store", tmp_path / "store")

    assert code == 1
    assert "FAILED  synthetic-series: MASE beats three_lines" in output
    assert "nothing was published" in output
    assert not (tmp_path / "store").exists()


def test_a_forced_publication_carries_its_reason_on_the_card(toy: Path, poor: GateReport, tmp_path: Path) -> None:
    first, again = (forced.forced(toy, poor, "the live one is broken", tmp_path / name) for name in ("a", "b"))

    document = verify(first)
    card = (first / "card.md").read_text(encoding="utf-8")
    assert "Reason: the live one is broken" in card
    assert "- all data sets alike: MASE beats the live version: +" in card
    assert document["training"] == manifest.read(toy)["training"]
    assert manifest.digest(first) == manifest.digest(again) != manifest.digest(toy)


def test_a_forced_publication_needs_a_reason_and_an_unsigned_artifact(
    toy: Path, poor: GateReport, tmp_path: Path
) -> None:
    signed = shutil.copytree(toy, tmp_path / "signed")
    (signed / "model.sig").write_text("{}", encoding="utf-8")

    with pytest.raises(ConfigError, match="needs a reason"):
        forced.forced(toy, poor, "  ", tmp_path / "a")
    with pytest.raises(ConfigError, match="is signed"):
        forced.forced(signed, poor, "why not", tmp_path / "b")


def test_the_gate_prints_json(toy: Path, tmp_path: Path) -> None:
    code, output = say("gate", "--artifact", toy, "--store", tmp_path / "store", "--json")

    report = json.loads(output[output.index("{") :])
    assert (code, report["passed"], report["live"]) == (1, False, None)
    assert {"rule", "found", "rival", "limit", "passed"} == set(report["checks"][0])
