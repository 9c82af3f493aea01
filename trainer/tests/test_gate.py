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

from hemline_trainer.artifact import forced, manifest
from hemline_trainer.artifact.verify import verify
from hemline_trainer.data.batch import Batch, market_batch, series_batch
from hemline_trainer.data.dataset import OWN, HoldOut
from hemline_trainer.errors import ConfigError
from hemline_trainer.evaluation.gate import _better_overall, format_checks, interval, judge
from hemline_trainer.evaluation.gate_calls import supported
from hemline_trainer.evaluation.judged import Judged, Limits
from hemline_trainer.progress import Silent
from hemline_trainer.training.calibration import NEVER

LIMITS = Limits(rows=128, renders=22, slower_than_live=1e9, slowest=1e9)  # a test's machine may be slow


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return artifact(tmp_path_factory.mktemp("toy"), 1.5)


@pytest.fixture(scope="module")
def poor(toy: Path) -> Judged:
    return judge(toy, (2, DEMO / "2"), None, LIMITS, Silent())


def broken(judged: Judged) -> set[str]:
    return {check.rule for check in judged.checks if not check.passed}


def test_the_demo_beats_plain_lines_and_may_be_the_first_version() -> None:
    judged = judge(DEMO / "2", None, None, LIMITS, Silent())

    assert judged.passed, format_checks(judged)
    assert (judged.live, len(judged.checks)) == (None, 13)


def test_a_worse_candidate_is_refused_and_the_table_names_every_rule_it_breaks(poor: Judged) -> None:
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


def test_the_very_model_that_is_live_is_no_better_but_may_be_let_in_as_no_worse(tmp_path: Path) -> None:
    twin = shutil.copytree(DEMO / "2", tmp_path / "twin")

    strict = judge(twin, (2, DEMO / "2"), None, LIMITS, Silent())
    lenient = judge(twin, (2, DEMO / "2"), None, replace(LIMITS, worse_than_live=0.01), Silent())

    assert broken(strict) == {"all data sets alike: MASE beats the live version"}
    assert lenient.passed


def test_a_slow_candidate_is_refused() -> None:
    judged = judge(DEMO / "2", None, None, replace(LIMITS, slowest=1e-3), Silent())

    assert broken(judged) == {"latency, us/row at batch 8"}


def calling(folder: Path, margin: float) -> Path:
    """The demo with another call margin, and all else as it was."""
    shutil.copytree(DEMO / "2", folder)
    model = onnx.load(folder / "forecaster.onnx")
    (place,) = [each for each in model.graph.initializer if each.name == "call_margin"]
    place.CopyFrom(numpy_helper.from_array(np.array([margin], dtype=np.float32), "call_margin"))
    onnx.save(model, folder / "forecaster.onnx")
    return folder


def test_the_demo_that_calls_every_trend_stable_is_refused(tmp_path: Path) -> None:
    judged = judge(calling(tmp_path / "mute", NEVER), None, None, LIMITS, Silent())

    assert broken(judged) == {"synthetic-series: share called", "synthetic-market: share called"}
    (right,) = [check.found for check in judged.checks if check.rule == "synthetic-series: calls right"]
    assert right == "no calls"


def test_the_demo_that_calls_whatever_moves_is_refused(tmp_path: Path) -> None:
    judged = judge(calling(tmp_path / "rash", 0.0), None, None, replace(LIMITS, rows=512), Silent())

    assert "synthetic-market: calls right" in broken(judged)


def flat(rows: int) -> Batch:
    """Trends that stand at 100, with a future to be filled in."""
    drawn = series_batch(rows, np.random.default_rng(3))
    return replace(drawn, history=np.full_like(drawn.history, 100), observed=np.ones_like(drawn.observed))


def test_calls_are_borne_where_the_surest_forecasts_come_true() -> None:
    rows = flat(100)
    sure = np.arange(100) < 60
    rows.future[:] = np.where(sure | (np.arange(100) % 2 == 0), 120, 80)[:, None]
    middle = np.full((100, 13), 110.0)
    width = np.where(sure, 5.0, 50.0)[:, None]

    borne = supported(np.stack([middle - width, middle, middle + width], axis=2), rows, 0.9)

    assert 60 <= borne.called <= 70
    assert borne.right >= 60
    assert supported(np.full((100, 13, 3), 100.0), rows, 0.9).called == 0


def test_a_data_set_of_many_rows_weighs_no_more_than_one_of_few() -> None:
    rng = np.random.default_rng(4)
    many, few = rng.normal(-0.02, 0.05, 2000), rng.normal(0.10, 0.05, 100)

    assert interval(np.concatenate([many, few]), rng)[1] < 0
    assert not _better_overall([many, few], 0.0).passed
    assert _better_overall([many, few - 0.2], 0.0).passed


def test_a_hold_out_of_own_series_is_a_data_set_like_any_other(tmp_path: Path) -> None:
    own = market_batch(128, None, np.random.default_rng(9))
    twin = shutil.copytree(DEMO / "2", tmp_path / "twin")

    judged = judge(twin, (2, DEMO / "2"), None, replace(LIMITS, worse_than_live=0.01), Silent(), [HoldOut(OWN, own)])

    assert judged.passed, format_checks(judged)
    rules = [check.rule for check in judged.checks if check.rule.startswith("own-series: ")]
    assert len(rules) == 7
    assert "own-series: MASE not worse than the live version" in rules


def test_own_series_that_the_candidate_is_bad_at_are_not_outvoted() -> None:
    own = replace(market_batch(128, None, np.random.default_rng(9)))
    own.future[:] = own.history[:, -1:, 0]  # every week as the last one

    judged = judge(DEMO / "2", None, None, LIMITS, Silent(), [HoldOut(OWN, own)])

    assert "own-series: MASE beats last_value" in broken(judged)


def test_a_hold_out_in_which_nothing_can_be_judged_is_refused() -> None:
    judged = judge(DEMO / "2", None, None, LIMITS, Silent(), [HoldOut(OWN, flat(5))])

    assert broken(judged) == {"own-series: rows that can be judged"}


def test_the_interval_of_a_plain_difference_is_that_difference() -> None:
    low, high = interval(np.full(50, -0.25), np.random.default_rng(0))

    assert (low, high) == (-0.25, -0.25)


def test_publish_refuses_a_poor_candidate_and_leaves_the_store_alone(toy: Path, tmp_path: Path) -> None:
    code, output = say("publish", "--artifact", toy, "--store", tmp_path / "store")

    assert code == 1
    assert "FAILED  synthetic-series: MASE beats three_lines" in output
    assert "nothing was published" in output
    assert not (tmp_path / "store").exists()


def test_what_is_forced_says_so_and_why_on_its_card(toy: Path, poor: Judged, tmp_path: Path) -> None:
    first, again = (forced.forced(toy, poor, "the live one is broken", tmp_path / name) for name in ("a", "b"))

    document = verify(first)
    card = (first / "card.md").read_text(encoding="utf-8")
    assert "Reason: the live one is broken" in card
    assert "- all data sets alike: MASE beats the live version: +" in card
    assert document["training"] == manifest.read(toy)["training"]
    assert manifest.digest(first) == manifest.digest(again) != manifest.digest(toy)


def test_a_forced_publication_needs_a_reason_and_an_unsigned_artifact(toy: Path, poor: Judged, tmp_path: Path) -> None:
    signed = shutil.copytree(toy, tmp_path / "signed")
    (signed / "model.sig").write_text("{}", encoding="utf-8")

    with pytest.raises(ConfigError, match="needs a reason"):
        forced.forced(toy, poor, "  ", tmp_path / "a")
    with pytest.raises(ConfigError, match="is signed"):
        forced.forced(signed, poor, "why not", tmp_path / "b")


def test_the_gate_speaks_json_to_scripts(toy: Path, tmp_path: Path) -> None:
    code, output = say("gate", "--artifact", toy, "--store", tmp_path / "store", "--json")

    said = json.loads(output[output.index("{") :])
    assert (code, said["passed"], said["live"]) == (1, False, None)
    assert {"rule", "found", "rival", "limit", "passed"} == set(said["checks"][0])
