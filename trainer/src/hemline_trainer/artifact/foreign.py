"""The TOML file that describes a forecaster.onnx made elsewhere: what an artifact needs and a graph does not hold."""

import math
import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from hemline_trainer.artifact import manifest
from hemline_trainer.errors import ConfigError
from hemline_trainer.files.toml_file import read_toml

_CREATED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_LONGEST_NAME = 80
_LARGEST_SEED = 2**63 - 1
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
        said = read_toml(path)
        _check_keys(path, said)
        encoder = path.parent / said["image_encoder"]
        if not encoder.is_file():
            raise ConfigError(f"{path}: image_encoder: there is no file {encoder}")
        created = said.get("created", "")
        if created and not _is_moment(created):
            raise ConfigError(f"{path}: created is {created!r}; it must be a moment like 2026-11-23T07:00:00Z")
        seed = said.get("seed", 0)
        if not 0 <= seed <= _LARGEST_SEED:
            raise ConfigError(f"{path}: seed is {seed}; it must be within 0..{_LARGEST_SEED}")
        training = manifest.Training(
            mlflow_run_id=said.get("mlflow_run_id", ""),
            git_commit=said.get("git_commit", ""),
            data_fingerprint=said["data_fingerprint"],
            synthetic=said["synthetic"],
            seed=seed,
        )
        figures = [_figures(path, number, each) for number, each in enumerate(said.get("backtest", []))]
        return Foreign(encoder, training, created, [str(note) for note in said.get("notes", [])], figures)


def _check_keys(path: Path, said: dict[str, Any]) -> None:
    for key, value in said.items():
        if key not in _KINDS:
            raise ConfigError(f"{path}: unknown key {key}; known are {', '.join(_KINDS)}")
        if not isinstance(value, _KINDS[key]) or (_KINDS[key] is int and isinstance(value, bool)):
            raise ConfigError(f"{path}: {key} is {value!r}; it must be a {_KINDS[key].__name__}")
    for key in _NEEDED:
        if key not in said:
            raise ConfigError(f"{path}: {key} is missing")


def _is_moment(text: str) -> bool:
    """Whether it is in the form of the manifest and a day and time that there are."""
    try:
        return bool(_CREATED.fullmatch(text)) and datetime.fromisoformat(text) is not None
    except ValueError:
        return False


def _figures(path: Path, number: int, said: object) -> manifest.Backtest:
    where = f"{path}: backtest[{number}]"
    if not isinstance(said, dict) or said.keys() - {"dataset", "metrics", "baselines"} or "dataset" not in said:
        raise ConfigError(f"{where}: it must hold dataset, metrics and, if there are any, baselines")
    dataset = _name(said["dataset"], f"{where}: dataset")
    baselines = said.get("baselines", {})
    if not isinstance(baselines, dict):
        raise ConfigError(f"{where}: baselines is {baselines!r}; it must hold metrics by name")
    lines = {
        _name(name, f"{where}: a baseline"): _metrics(f"{where}: {name}", each) for name, each in baselines.items()
    }
    return manifest.Backtest(dataset, _metrics(f"{where}: metrics", said.get("metrics")), lines)


def _metrics(where: str, said: object) -> dict[str, float]:
    if not isinstance(said, dict):
        raise ConfigError(f"{where} must be numbers by name")
    for name, value in said.items():
        if "/" in _name(name, f"{where}: a metric"):
            raise ConfigError(f"{where}: {name!r} holds a slash, which the name of a metric must not")
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ConfigError(f"{where} must be numbers; {name} is {value!r}")
        if not _is_finite(value):
            raise ConfigError(f"{where} must be finite numbers; {name} is {value}")
    return said


def _name(said: object, where: str) -> str:
    """A name as the card's tables and the registry can show it."""
    fine = isinstance(said, str) and said.isprintable() and said == said.strip() and 0 < len(said) <= _LONGEST_NAME
    if not isinstance(said, str) or not fine:
        raise ConfigError(
            f"{where} is {said!r}; a name is 1 to {_LONGEST_NAME} printable characters without blanks around"
        )
    return said


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        return False
