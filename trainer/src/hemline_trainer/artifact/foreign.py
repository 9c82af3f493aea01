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
    """The description of a graph. Immutable.

    Attributes:
        image_encoder: the image_encoder.onnx of the graph's embeddings.
        training: provenance of the graph.
        created: RFC 3339 timestamp in UTC; empty means now.
        notes: sentences for the model card.
        backtest: metrics supplied with the graph.
    """

    image_encoder: Path
    training: manifest.Training
    created: str = ""
    notes: list[str] = field(default_factory=list)
    backtest: list[manifest.Backtest] = field(default_factory=list)

    @staticmethod
    def read(path: Path) -> "Foreign":
        """Reads a TOML file; errors name the file and the key."""
        description = read_toml(path)
        _check_keys(path, description)
        encoder = path.parent / description["image_encoder"]
        if not encoder.is_file():
            raise ConfigError(f"{path}: image_encoder: there is no file {encoder}")
        created = description.get("created", "")
        if created and not _is_moment(created):
            raise ConfigError(f"{path}: created is {created!r}; it must be a moment like 2026-11-23T07:00:00Z")
        seed = description.get("seed", 0)
        if not 0 <= seed <= _LARGEST_SEED:
            raise ConfigError(f"{path}: seed is {seed}; it must be within 0..{_LARGEST_SEED}")
        training = manifest.Training(
            mlflow_run_id=description.get("mlflow_run_id", ""),
            git_commit=description.get("git_commit", ""),
            data_fingerprint=description["data_fingerprint"],
            synthetic=description["synthetic"],
            seed=seed,
        )
        figures = [_figures(path, number, each) for number, each in enumerate(description.get("backtest", []))]
        return Foreign(encoder, training, created, [str(note) for note in description.get("notes", [])], figures)


def _check_keys(path: Path, description: dict[str, Any]) -> None:
    for key, value in description.items():
        if key not in _KINDS:
            raise ConfigError(f"{path}: unknown key {key}; known are {', '.join(_KINDS)}")
        if not isinstance(value, _KINDS[key]) or (_KINDS[key] is int and isinstance(value, bool)):
            raise ConfigError(f"{path}: {key} is {value!r}; it must be a {_KINDS[key].__name__}")
    for key in _NEEDED:
        if key not in description:
            raise ConfigError(f"{path}: {key} is missing")


def _is_moment(text: str) -> bool:
    """Whether it is a valid timestamp in the format of the manifest."""
    try:
        return bool(_CREATED.fullmatch(text)) and datetime.fromisoformat(text) is not None
    except ValueError:
        return False


def _figures(path: Path, number: int, entry: object) -> manifest.Backtest:
    where = f"{path}: backtest[{number}]"
    if not isinstance(entry, dict) or entry.keys() - {"dataset", "metrics", "baselines"} or "dataset" not in entry:
        raise ConfigError(f"{where}: it must hold dataset, metrics and, if there are any, baselines")
    dataset = _name(entry["dataset"], f"{where}: dataset")
    baselines = entry.get("baselines", {})
    if not isinstance(baselines, dict):
        raise ConfigError(f"{where}: baselines is {baselines!r}; it must hold metrics by name")
    lines = {
        _name(name, f"{where}: a baseline"): _metrics(f"{where}: {name}", each) for name, each in baselines.items()
    }
    return manifest.Backtest(dataset, _metrics(f"{where}: metrics", entry.get("metrics")), lines)


def _metrics(where: str, metrics: object) -> dict[str, float]:
    if not isinstance(metrics, dict):
        raise ConfigError(f"{where} must be numbers by name")
    for name, value in metrics.items():
        if "/" in _name(name, f"{where}: a metric"):
            raise ConfigError(f"{where}: {name!r} holds a slash, which the name of a metric must not")
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ConfigError(f"{where} must be numbers; {name} is {value!r}")
        if not _is_finite(value):
            raise ConfigError(f"{where} must be finite numbers; {name} is {value}")
    return metrics


def _name(name: object, where: str) -> str:
    """A name that the card and the registry can display."""
    fine = isinstance(name, str) and name.isprintable() and name == name.strip() and 0 < len(name) <= _LONGEST_NAME
    if not isinstance(name, str) or not fine:
        raise ConfigError(
            f"{where} is {name!r}; a name is 1 to {_LONGEST_NAME} printable characters without blanks around"
        )
    return name


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        return False
