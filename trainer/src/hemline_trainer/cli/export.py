"""`export`: the graph of a run, compared with PyTorch."""

from typing import Final

import typer

from hemline_trainer.cli.options import NeededRun
from hemline_trainer.pipeline import Pipeline
from hemline_trainer.progress import Bars
from hemline_trainer.steps.export import summary

EPILOG: Final = "Example: hemline-trainer export --run runs-output/demo"


def export(run: NeededRun) -> None:
    """Writes forecaster.onnx into the run folder and compares it with PyTorch on hard inputs."""
    with Bars() as bars:
        report = Pipeline(run, bars).export()
    typer.echo(summary(str(report.path), report))
    for name, difference in report.differences.items():
        typer.echo(f"  {name:24} relative difference {difference:.1e}")
