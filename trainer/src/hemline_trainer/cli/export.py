"""`export`: the graph of a run, with the proof that it says what PyTorch says."""

from typing import Final

import typer

from hemline_trainer.cli.options import NeededRun
from hemline_trainer.progress import Bars
from hemline_trainer.run import Run
from hemline_trainer.told import proof

EPILOG: Final = "Example: hemline-trainer export --run runs-output/demo"


def export(run: NeededRun) -> None:
    """Writes forecaster.onnx into the run folder and proves it against PyTorch."""
    with Bars() as bars:
        report = Run(run, bars).write()
    typer.echo(proof(str(report.path), report))
    for name, difference in report.differences.items():
        typer.echo(f"  {name:24} relative difference {difference:.1e}")
