"""Options that several commands share, and what they mean together."""

from pathlib import Path
from typing import Annotated, Final

import typer

from hemline_trainer.artifact import manifest
from hemline_trainer.data.batch import Batch
from hemline_trainer.data.own.shards import Shards
from hemline_trainer.errors import ConfigError
from hemline_trainer.files.decimals import finite
from hemline_trainer.run import Run
from hemline_trainer.store.folder import ModelStore
from hemline_trainer.store.s3 import S3Objects
from hemline_trainer.store.s3_store import S3ModelStore
from hemline_trainer.told import proof

RUNS: Final = Path("runs-output")
DEMO_CONFIG: Final = Path(__file__).parents[3] / "configs" / "demo.toml"
ROWS: Final = 512
"""Synthetic trends per back-test."""

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
        "--shards", help="Own series whose last 13 weeks are scored too. Default: those that a --run learned from."
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


def live_of(store: ModelStore | S3ModelStore, channel: str, scratch: Path) -> tuple[int, Path] | None:
    """The version that a channel points at, and a folder to read it in."""
    version = store.channel(channel)
    if version is None:
        return None
    scratch.mkdir()
    return version, store.bring(version, scratch)


def open_store(url: str, model: str) -> ModelStore | S3ModelStore:
    """The store at a place."""
    if url.startswith("s3://"):
        return S3ModelStore(S3Objects.open(url), model)
    return ModelStore(Path(url), model)


def one_of(run: Path | None, artifact: Path | None) -> tuple[Path, bool]:
    """The folder that was named, and whether it is a run."""
    if (run is None) == (artifact is None):
        raise typer.BadParameter("name one of --run and --artifact")
    folder = run if run is not None else artifact
    if folder is None or not folder.is_dir():
        raise ConfigError(f"{folder}: there is no such folder")
    return folder, run is not None


def hold_out(run: Run | None, artifact: Path, folder: Path | None, rows: int) -> Batch | None:
    """The last weeks of own series: of those that a run learned from, or of those named for an artifact."""
    if run is not None:
        return run.hold_out(rows, folder)
    if folder is not None:
        return Shards(folder, seed=0, buffer=8192).held_out(rows)
    if not manifest.read(artifact)["training"]["synthetic"]:
        typer.echo(f"{artifact}: learned from own series, which are not scored: name them with --shards", err=True)
    return None


def packed(run: Run, model: str, shards: Path | None = None) -> Run:
    """Takes a trained run to its artifact."""
    if not run.folder.is_dir():
        raise ConfigError(f"{run.folder}: there is no such folder")
    run.bars.say(proof("forecaster.onnx", run.write()))
    if not run.proven():
        run.prove(ROWS, None, shards)
    run.pack(model)
    return run
