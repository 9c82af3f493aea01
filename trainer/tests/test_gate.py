import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from test_cli import DEMO, say
from test_store import artifact

from hemline_trainer import forced, manifest
from hemline_trainer.errors import ConfigError
from hemline_trainer.gate import Judged, Limits, format_checks, interval, judge
from hemline_trainer.progress import Silent
from hemline_trainer.verify import verify

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
    assert (judged.live, len(judged.checks)) == (None, 9)


def test_a_worse_candidate_is_refused_and_the_table_names_every_rule_it_breaks(poor: Judged) -> None:
    table = format_checks(poor)

    assert {
        "synthetic-market: MASE beats three_lines",
        "synthetic-market: MASE not worse than the live version",
        "all rows: MASE beats the live version",
        "synthetic-market: coverage",
        "drift: golden answers moved",
    } <= broken(poor)
    assert table.count("FAILED") == len(broken(poor))
    assert table.splitlines()[-1] == f"gate refused: {len(broken(poor))} of {len(poor.checks)} rules are broken"


def test_the_very_model_that_is_live_is_no_better_but_may_be_let_in_as_no_worse(tmp_path: Path) -> None:
    twin = shutil.copytree(DEMO / "2", tmp_path / "twin")

    strict = judge(twin, (2, DEMO / "2"), None, LIMITS, Silent())
    lenient = judge(twin, (2, DEMO / "2"), None, replace(LIMITS, worse_than_live=0.01), Silent())

    assert broken(strict) == {"all rows: MASE beats the live version"}
    assert lenient.passed


def test_a_slow_candidate_is_refused() -> None:
    judged = judge(DEMO / "2", None, None, replace(LIMITS, slowest=1e-3), Silent())

    assert broken(judged) == {"latency, us/row at batch 8"}


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
    assert "- all rows: MASE beats the live version: +" in card
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
