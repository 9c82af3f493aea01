"""Graphs of other makers: a forecaster.onnx and a TOML file that says what a graph cannot become an artifact.

model.onnx ─▶ check the contract ─▶ back-test ─▶ pack     nothing is written before the checks have passed
"""

import re
import shutil
import tempfile
import tomllib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hemline_trainer import manifest
from hemline_trainer.errors import ConfigError
from hemline_trainer.package import package
from hemline_trainer.run import backtests, described
from hemline_trainer.signature_check import check_forecaster, check_image_encoder

_CREATED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_KINDS = {
    "image_encoder": str,
    "synthetic": bool,
    "data_fingerprint": str,
    "seed": int,
    "git_commit": str,
    "mlflow_run_id": str,
    "created": str,
    "notes": list,
    "backtest": list,
}
_NEEDED = ("image_encoder", "synthetic", "data_fingerprint")


@dataclass(frozen=True)
class Foreign:
    """What a TOML file says of a graph. Immutable.

    Attributes:
        image_encoder: the image_encoder.onnx whose embeddings the graph takes.
        training: where the graph comes from.
        created: RFC 3339 moment in UTC; empty means now.
        notes: sentences for the model card.
        backtest: figures that its maker measured.
    """

    image_encoder: Path
    training: manifest.Training
    created: str = ""
    notes: list[str] = field(default_factory=list)
    backtest: list[manifest.Backtest] = field(default_factory=list)

    @staticmethod
    def read(path: Path) -> "Foreign":
        """Reads a TOML file; every fault names the file and the key."""
        try:
            said = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigError(f"{path}: {error}") from error
        _check_keys(path, said)
        encoder = path.parent / said["image_encoder"]
        if not encoder.is_file():
            raise ConfigError(f"{path}: image_encoder: there is no file {encoder}")
        created = said.get("created", "")
        if created and not _CREATED.fullmatch(created):
            raise ConfigError(f"{path}: created is {created!r}; it must be like 2026-11-23T07:00:00Z")
        training = manifest.Training(
            mlflow_run_id=said.get("mlflow_run_id", ""),
            git_commit=said.get("git_commit", ""),
            data_fingerprint=said["data_fingerprint"],
            synthetic=said["synthetic"],
            seed=said.get("seed", 0),
        )
        figures = [_figures(path, number, each) for number, each in enumerate(said.get("backtest", []))]
        return Foreign(encoder, training, created, [str(note) for note in said.get("notes", [])], figures)


def package_foreign(said: Foreign, graph: Path, out: Path, *, model: str, rows: int, data: Path | None) -> str:
    """Proves the graph, measures it, and builds the artifact folder `out`.

    Returns:
        The artifact's digest.
    """
    check_forecaster(graph)
    check_image_encoder(said.image_encoder)
    measured = [described(test) for test in backtests(graph, None, rows, said.training.seed, data)]
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with tempfile.TemporaryDirectory(prefix="hemline-") as scratch:
        graphs = Path(scratch)
        shutil.copyfile(graph, graphs / "forecaster.onnx")
        shutil.copyfile(said.image_encoder, graphs / "image_encoder.onnx")
        return package(
            graphs,
            out,
            model=model,
            created=said.created or now,
            training=said.training,
            backtest=[*said.backtest, *measured],
            notes=[
                "Its forecaster was made outside this project; the figures on synthetic data were measured here.",
                *said.notes,
            ],
        )


def _check_keys(path: Path, said: dict[str, Any]) -> None:
    for key, value in said.items():
        if key not in _KINDS:
            raise ConfigError(f"{path}: unknown key {key}; known are {', '.join(_KINDS)}")
        if not isinstance(value, _KINDS[key]) or (_KINDS[key] is int and isinstance(value, bool)):
            raise ConfigError(f"{path}: {key} is {value!r}; it must be a {_KINDS[key].__name__}")
    for key in _NEEDED:
        if key not in said:
            raise ConfigError(f"{path}: {key} is missing")


def _figures(path: Path, number: int, said: object) -> manifest.Backtest:
    where = f"{path}: backtest[{number}]"
    if not isinstance(said, dict) or said.keys() - {"dataset", "metrics", "baselines"} or "dataset" not in said:
        raise ConfigError(f"{where}: it must hold dataset, metrics and, if there are any, baselines")
    baselines = said.get("baselines", {})
    for title, metrics in {"metrics": said.get("metrics"), **baselines}.items():
        if not isinstance(metrics, dict) or not all(_is_number(value) for value in metrics.values()):
            raise ConfigError(f"{where}: {title} must be numbers by name")
    return manifest.Backtest(str(said["dataset"]), said["metrics"], baselines)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
