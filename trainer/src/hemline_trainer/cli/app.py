"""The command line: one command for each step of the pipeline, and those around it. Exit codes: see `HELP`."""

import sys
import traceback
from pathlib import Path
from typing import Final

import typer

from hemline_trainer.cli import (
    dataset,
    demo,
    drift,
    evaluate,
    export,
    gate,
    package,
    publish,
    train,
    tune,
    verify,
)
from hemline_trainer.cli.benchmark import benchmark
from hemline_trainer.cli.failures import one_line_failures
from hemline_trainer.cli.registry import registry

HELP: Final = """Trains, evaluates and publishes Hemline's fashion trend forecasters.

The pipeline: dataset, train, export, evaluate, package, gate, publish. Each step keeps its output while its inputs are
unchanged; publish takes a trained run through export, evaluate, package and gate.

Exit codes: 0 done, 1 refused (the reason is one line or a table), 2 wrong usage, 3 nothing to compare (drift),
70 an internal fault, 130 interrupted.
"""

OWN_FAULT: Final = 70
"""EX_SOFTWARE of sysexits.h."""

app = typer.Typer(
    help=HELP,
    epilog="From nothing to a live model: train, then publish. A graph made elsewhere: package --onnx, then publish.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command(epilog=dataset.EPILOG)(one_line_failures(dataset.dataset))
app.command(epilog=train.EPILOG)(one_line_failures(train.train))
app.command(epilog=export.EPILOG)(one_line_failures(export.export))
app.command(epilog=evaluate.EPILOG)(one_line_failures(evaluate.evaluate))
app.command(epilog=package.EPILOG)(one_line_failures(package.package))
app.command(epilog=gate.EPILOG)(one_line_failures(gate.gate))
app.command(epilog=publish.EPILOG)(one_line_failures(publish.publish))
app.command("verify", epilog=verify.EPILOG)(one_line_failures(verify.verify_artifact))
app.command(epilog=tune.EPILOG)(one_line_failures(tune.tune))
app.add_typer(benchmark, name="benchmark")
app.command(epilog=drift.EPILOG)(one_line_failures(drift.drift))
app.add_typer(registry, name="registry")
app.command(epilog=demo.EPILOG)(one_line_failures(demo.demo))
app.command("shard", epilog=dataset.EPILOG, hidden=True)(one_line_failures(dataset.dataset))  # the name before


def run() -> None:
    """Entry point: an exception that no command expects becomes one line with its place, and exit code 70."""
    try:
        sys.exit(app())
    except Exception as error:  # noqa: BLE001 - nothing above could report it
        at = traceback.extract_tb(error.__traceback__)[-1]
        reason = f"{type(error).__name__}: {error}".splitlines()[0][:300]
        sys.stderr.write(f"hemline-trainer: internal fault at {Path(at.filename).name}:{at.lineno}, {reason}\n")
        sys.exit(OWN_FAULT)
