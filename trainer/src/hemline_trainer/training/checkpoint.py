"""A checkpoint file holds a run: settings, step, weights, averaged weights, optimiser state."""

import io
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import torch

from hemline_trainer.config import Config, config_from
from hemline_trainer.errors import CheckpointError
from hemline_trainer.files.durable import beside
from hemline_trainer.model.forecaster import Forecaster

NAME: Final = "forecaster.pt"
FORMAT: Final = 3
"""Incremented with every incompatible change of the network."""


@dataclass(frozen=True)
class Checkpoint:
    """A saved run.

    Attributes:
        path: the file.
        step: finished optimiser steps.
        finished: whether all steps are done and the forecaster is calibrated.
        metrics: of the last report.
    """

    path: Path
    step: int
    finished: bool
    metrics: dict[str, float]


@dataclass(frozen=True)
class Saved:
    """The content of a checkpoint file.

    Attributes:
        config: all settings.
        checkpoint: position and metrics.
        weights: state dictionary of the network.
        average: state dictionary of the averaged network.
        optimiser: state dictionary of the optimiser.
        history: metrics of every report.
        shards: digest of the training shards; empty without any.
    """

    config: Config
    checkpoint: Checkpoint
    weights: dict[str, Any]
    average: dict[str, Any]
    optimiser: dict[str, Any]
    history: list[dict[str, float]] = field(default_factory=list)
    shards: str = ""


def save(saved: Saved) -> Checkpoint:
    """Replaces the file atomically: a save that fails leaves the previous checkpoint."""
    path = saved.checkpoint.path
    content = io.BytesIO()  # PyTorch's own error for a full disk names neither file nor cause
    torch.save(
        {
            "format": FORMAT,
            "config": asdict(saved.config),
            "step": saved.checkpoint.step,
            "finished": saved.checkpoint.finished,
            "metrics": saved.checkpoint.metrics,
            "weights": saved.weights,
            "average": saved.average,
            "optimiser": saved.optimiser,
            "history": saved.history,
            "shards": saved.shards,
        },
        content,
    )
    with beside(path) as part:
        part.write_bytes(content.getbuffer())
    return saved.checkpoint


def read(path: Path) -> Saved:
    """Reads a checkpoint file, or the one in a run folder."""
    file = path / NAME if path.is_dir() else path
    if not file.is_file():
        raise CheckpointError(f"{file}: there is no checkpoint; train first")
    content = _content(file)
    try:
        return Saved(
            config=config_from(content["config"], str(file)),
            checkpoint=Checkpoint(file, content["step"], content["finished"], content["metrics"]),
            weights=content["weights"],
            average=content["average"],
            optimiser=content["optimiser"],
            history=content.get("history", []),  # older checkpoints have none
            shards=content.get("shards", ""),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise CheckpointError(f"{file}: not a checkpoint of this trainer ({type(error).__name__})") from error


def _content(file: Path) -> dict[str, Any]:
    try:
        content = torch.load(file, map_location="cpu", weights_only=True)
    except OSError:
        raise
    except Exception as error:  # PyTorch, zipfile and pickle raise unrelated classes for invalid files
        raise CheckpointError(f"{file}: not a checkpoint of this trainer ({type(error).__name__})") from error
    if not isinstance(content, dict) or "format" not in content:
        raise CheckpointError(f"{file}: not a checkpoint of this trainer ({type(content).__name__})")
    if content["format"] != FORMAT:
        raise CheckpointError(
            f"{file}: format {content['format']} holds another net than this trainer's ({FORMAT}); train anew"
        )
    return content


def load(path: Path) -> tuple[Forecaster, Config]:
    """The averaged network of a run in evaluation mode, and its settings."""
    saved = read(path)
    model = Forecaster(saved.config.net)
    try:
        model.load_state_dict(saved.average)
    except (RuntimeError, TypeError, AttributeError) as error:
        raise CheckpointError(f"{path}: its weights fit another net") from error
    return model.eval(), saved.config
