import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hemline_trainer.store.folder import ModelStore

ROOT = Path(__file__).parents[2]
SHELLCHECK = Path(sys.executable).with_name("shellcheck")
SCRIPTS = sorted((ROOT / "runs").glob("*.sh"))
TINY = """seed = 7
threads = 1
[net]
trunk = 16
token = 8
[training]
steps = 8
batch = 16
warmup = 2
[calibration]
rows = 512
precision = 0.6
coverage = 0.3  # of a band that must hold 0.8, so that the gate has something to refuse
[encoder]
images = 22
bank = 22
epochs = 1
batch = 11
"""


def run(script: str, *words: object, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [str(ROOT / "runs" / script), *map(str, words)]
    return subprocess.run(  # noqa: S603
        command, env=os.environ | environment, cwd="/", capture_output=True, text=True, check=False
    )


def test_shellcheck_finds_nothing() -> None:
    checked = subprocess.run([SHELLCHECK, "--shell=sh", *SCRIPTS], capture_output=True, text=True, check=False)  # noqa: S603

    assert [script.name for script in SCRIPTS] == ["demo.sh", "reference.sh"]
    assert (checked.returncode, checked.stdout) == (0, "")


@pytest.mark.parametrize("script", [script.name for script in SCRIPTS])
def test_help_explains_every_step_and_wrong_usage_is_one_line(script: str) -> None:
    explained, wrong, valueless = run(script, "--help"), run(script, "--colour"), run(script, "--out")

    assert explained.returncode == 0
    assert explained.stdout.startswith(f"Usage: runs/{script} ")
    assert "HEMLINE_SMOKE=1" in explained.stdout
    assert "Exit codes: " in explained.stdout
    assert (wrong.returncode, wrong.stderr) == (2, f"{script}: no such option: --colour; --help explains\n")
    assert (valueless.returncode, len(valueless.stderr.splitlines())) == (2, 1)


def test_the_committed_demo_is_not_replaced_by_accident() -> None:
    refused = run("demo.sh", "--out", "model-store/demo")

    assert (refused.returncode, "make demo" in refused.stderr) == (2, True)


def test_the_reference_goes_from_nothing_to_a_published_artifact(tmp_path: Path) -> None:
    out, store = tmp_path / "run", tmp_path / "store"

    settings = tmp_path / "tiny.toml"
    settings.write_text(TINY, encoding="utf-8")
    words = ["--config", settings, "--out", out, "--store", store, "--tracking", f"sqlite:///{tmp_path / 'mlflow.db'}"]
    done = run("reference.sh", *words, HEMLINE_SMOKE="1", HEMLINE_DATA="")

    assert done.returncode == 0, done.stdout + done.stderr
    assert [line for line in done.stderr.splitlines() if line.startswith("== ")] == [
        "== 1 tools",
        "== 2 train",
        "== 3 publish",
        "== 4 mirror",
    ]
    published = ModelStore(store)
    assert (published.versions(), published.channel("stable")) == ([1], 1)
    assert "Reason: a smoke run" in (published.folder(1) / "card.md").read_text(encoding="utf-8")
    assert "stable: store version 1; registered version none ->" in done.stdout
    manifest = json.loads((published.folder(1) / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["training"]["synthetic"] is True
