import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hemline_trainer.artifact import manifest
from hemline_trainer.cli.app import app
from hemline_trainer.pipeline import Pipeline

DEMO = Path(__file__).parents[2] / "model-store" / "demo" / "store" / "trend" / "versions"
COMMANDS = [
    "dataset",
    "train",
    "gate",
    "tune",
    "evaluate",
    "benchmark hermes",
    "benchmark m4",
    "benchmark rivals",
    "export",
    "package",
    "publish",
    "demo",
]


def say(*words: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(word) for word in words], env={"HEMLINE_DATA": ""})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_an_example(command: str) -> None:
    code, output = say(*command.split(), "--help")

    assert code == 0
    assert f"Example: hemline-trainer {command} " in re.sub(r"\s+", " ", output)


def test_publishes_an_artifact_and_prints_the_rollback_command(tmp_path: Path) -> None:
    folder, store = DEMO / "2", tmp_path / "store"

    first = say("publish", "--artifact", folder, "--store", store, "--no-promote")
    second = say("publish", "--artifact", folder, "--store", store)

    assert first[0] == second[0] == 0, first
    assert first[1].splitlines()[-2:] == [
        "gate passed",
        f"published trend version 1, digest {manifest.digest(folder)}",
    ]
    assert second[1].splitlines() == [
        f"stands already: trend version 1, digest {manifest.digest(folder)}",
        "stable: none -> 1",
        f"roll back with: ./hemline store rollback --store {store} trend",
    ]
    assert (store / "trend" / "channels" / "stable").read_text(encoding="utf-8") == "1\n"


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        (["train", "--config", "absent.toml"], 1, "absent.toml"),
        (["export", "--run", "absent"], 1, "absent"),
        (["package", "--run", "absent"], 1, "absent"),
        (["evaluate", "--artifact", "absent"], 1, "absent: there is no such folder"),
        (["evaluate"], 2, "name one of --run and --artifact"),
        (["publish", "--run", "absent"], 2, "--store"),
        (["publish", "--artifact", ".", "--store", "s", "--channel", "beta"], 1, "stable, canary, shadow"),
        (["publish", "--artifact", ".", "--store", "s", "--model", "a/b"], 1, "model name 'a/b'"),
        (["gate", "--artifact", "absent", "--store", "s"], 1, "absent"),
        (["benchmark", "hermes", "--artifact", "x"], 1, "--data"),
        (["benchmark", "hermes", "--data", "x"], 2, "--url, --artifact, --checkpoint"),
        (["benchmark", "m4", "--artifact", "x"], 1, "--data"),
        (["benchmark", "m4", "--data", "x"], 2, "--artifact, --checkpoint"),
        (["tune", "--config", "absent.toml"], 1, "absent.toml"),
        (["no-such-verb"], 2, "no-such-verb"),
    ],
)
def test_failures_are_one_line_and_a_code(words: list[str], code: int, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip  # noqa: E501
    monkeypatch.chdir(tmp_path)

    got, output = say(*words)

    assert got == code
    assert reason in output
    assert "Traceback" not in output
    assert code == 2 or len(output.splitlines()) == 1


def test_ctrl_c_prints_the_checkpoint_and_the_command_to_resume(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "tiny.toml"
    config.write_text("seed = 7\n", encoding="utf-8")

    def interrupted(pipeline: Pipeline, *_: object, **__: object) -> None:
        (pipeline.run.path / "forecaster.pt").write_bytes(b"x")
        raise KeyboardInterrupt

    monkeypatch.setattr(Pipeline, "dataset", lambda pipeline, *_, **__: pipeline.run.path.mkdir())
    monkeypatch.setattr(Pipeline, "train", interrupted)

    code, output = say("train", "--config", config, "--out", tmp_path / "run", "--tracking", "off")
    again, refused = say("train", "--config", config, "--out", tmp_path / "run", "--tracking", "off")

    assert code == 130
    assert f"checkpoint saved in {tmp_path / 'run'}" in output
    assert f"--out {tmp_path / 'run'} --resume" in output
    assert (again, "holds a run already" in refused) == (1, True)
