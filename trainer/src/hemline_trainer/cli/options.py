"""Options that several commands share."""

import math
from pathlib import Path
from typing import Annotated, Final

import typer

from hemline_trainer.artifact import manifest
from hemline_trainer.data.dataset import HoldOut, own_hold_outs
from hemline_trainer.errors import ConfigError
from hemline_trainer.pipeline import Pipeline
from hemline_trainer.steps.evaluate import Evaluation
from hemline_trainer.steps.export import summary

RUNS: Final = Path("runs-output")
DEMO_CONFIG: Final = Path(__file__).parents[3] / "configs" / "demo.toml"


def finite(value: float | None) -> float | None:
    """Refuses nan and infinity as a command's option; no bound of an option excludes nan."""
    if value is not None and not math.isfinite(value):
        raise typer.BadParameter(f"{value} is not a finite number")
    return value


RunOption = Annotated[Path | None, typer.Option("--run", help="Run folder, as `train --out` wrote it.")]
NeededRun = Annotated[Path, typer.Option("--run", help="Run folder, as `train --out` wrote it.")]
ArtifactOption = Annotated[
    Path | None, typer.Option("--artifact", help="Artifact folder (the one with manifest.json).")
]
DataOption = Annotated[
    Path | None,
    typer.Option("--data", envvar="HEMLINE_DATA", help="Folder that holds hermes_f1_100/ and m4_weekly/."),
]
ShardsOption = Annotated[
    Path | None,
    typer.Option(
        "--shards", help="Own series to score on their last 13 weeks. Default: those that a --run was trained on."
    ),
]
ModelOption = Annotated[str, typer.Option("--model", help="Name of the model in the store.")]
StoreOption = Annotated[str, typer.Option("--store", help="The model store: a folder or s3://bucket/prefix.")]
TrackingOption = Annotated[
    str | None,
    typer.Option("--tracking", help="MLflow tracking URI, or 'off'. Default: a SQLite file in runs-output/."),
]


WorseOption = Annotated[
    float,
    typer.Option(
        "--worse-than-live",
        min=0.0,
        max=0.5,
        callback=finite,
        help="Share of MASE that a candidate may be worse than the live version.",
    ),
]


def one_of(run: Path | None, artifact: Path | None) -> tuple[Path, bool]:
    """The folder that was named, and whether it is a run folder."""
    if (run is None) == (artifact is None):
        raise typer.BadParameter("name one of --run and --artifact")
    folder = run if run is not None else artifact
    if folder is None or not folder.is_dir():
        raise ConfigError(f"{folder}: there is no such folder")
    return folder, run is not None


def hold_outs(pipeline: Pipeline | None, artifact: Path, shards: Path | None, rows: int) -> tuple[HoldOut, ...]:
    """What a run keeps from training, or of an artifact alone the last weeks of the own series that are named."""
    if pipeline is not None:
        return pipeline.hold_outs(rows, shards)
    if shards is not None:
        return own_hold_outs(shards, rows)
    if not manifest.read(artifact)["training"]["synthetic"]:
        typer.echo(f"{artifact}: was trained on own series, which are not scored: name them with --shards", err=True)
    return ()


def packaged(pipeline: Pipeline, model: str, shards: Path | None = None) -> Pipeline:
    """Takes a trained run from export to package."""
    if not pipeline.run.path.is_dir():
        raise ConfigError(f"{pipeline.run.path}: there is no such folder")
    pipeline.bars.say(summary("forecaster.onnx", pipeline.export()))
    pipeline.evaluate(Evaluation(shards=shards), keep=True)
    pipeline.package(model)
    return pipeline
