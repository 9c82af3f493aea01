"""`package`: the artifact folder, of a run or of a graph that was made elsewhere."""

from pathlib import Path
from typing import Annotated, Final

import typer

from hemline_trainer.artifact import manifest
from hemline_trainer.artifact.foreign import Foreign
from hemline_trainer.cli.options import DataOption, ModelOption, RunOption, packaged
from hemline_trainer.pipeline import Pipeline
from hemline_trainer.progress import Bars
from hemline_trainer.steps.evaluate import ROWS
from hemline_trainer.steps.package import package_foreign

EPILOG: Final = """Example: hemline-trainer package --run runs-output/demo

Example: hemline-trainer package --onnx mine.onnx --manifest mine.toml --out mine/artifact

mine.toml describes the graph; trainer/configs/foreign.toml explains every key.
model-store/FORMAT.md states the tensors of a graph; one that breaks them is refused before anything is written."""


def package(
    run: RunOption = None,
    onnx: Annotated[
        Path | None, typer.Option("--onnx", help="A forecaster of another framework, instead of --run.")
    ] = None,
    description: Annotated[
        Path | None, typer.Option("--manifest", help="TOML on the graph of --onnx: origin, encoder, figures, notes.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Artifact folder to write, with --onnx.")] = None,
    rows: Annotated[int, typer.Option("--rows", min=16, help="Synthetic trends per back-test, with --onnx.")] = ROWS,
    data: DataOption = None,
    model: ModelOption = "trend",
) -> None:
    """Builds an artifact folder: graphs, golden answers, card, manifest.

    The artifact of a run lies in the run folder. A graph made elsewhere (--onnx) is checked against the contract and on
    hard inputs, back-tested beside the baselines, and packaged with golden answers computed from it.
    """
    if (run is None) == (onnx is None):
        raise typer.BadParameter("name one of --run and --onnx")
    if run is not None:
        if description is not None or out is not None:
            raise typer.BadParameter("--manifest and --out go with --onnx")
        with Bars() as bars:
            folder = packaged(Pipeline(run, bars), model).run.artifact
        typer.echo(f"{folder}: digest {manifest.digest(folder)}")
        return
    if onnx is None or description is None or out is None:
        raise typer.BadParameter("--onnx needs --manifest FILE.toml and --out FOLDER")
    digest = package_foreign(Foreign.read(description), onnx, out, model=model, rows=rows, data=data)
    typer.echo(f"{out}: digest {digest}")
    typer.echo(f"publish with: hemline-trainer publish --artifact {out} --store STORE")
