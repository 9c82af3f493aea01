"""The command line: one command a step. Exit codes: see `HELP`."""

import sys
import traceback
from pathlib import Path
from typing import Final

import typer

from hemline_trainer.cli import (
    demo,
    drift,
    evaluate,
    export,
    gate,
    package,
    publish,
    shard,
    train,
    tune,
    verify,
)
from hemline_trainer.cli.benchmark import benchmark
from hemline_trainer.cli.failures import told
from hemline_trainer.cli.registry import registry

HELP: Final = """Learns, proves and publishes Hemline's fashion trend forecasters.

Exit codes: 0 done, 1 refused (the reason is one line or a table), 2 wrong usage, 3 nothing to compare (drift),
70 a fault of its own, 130 interrupted.
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
app.command(epilog=shard.EPILOG)(told(shard.shard))
app.command(epilog=train.EPILOG)(told(train.train))
app.command(epilog=tune.EPILOG)(told(tune.tune))
app.command(epilog=evaluate.EPILOG)(told(evaluate.evaluate))
app.add_typer(benchmark, name="benchmark")
app.command(epilog=export.EPILOG)(told(export.export))
app.command(epilog=package.EPILOG)(told(package.package))
app.command(epilog=gate.EPILOG)(told(gate.gate))
app.command(epilog=publish.EPILOG)(told(publish.publish))
app.command("verify", epilog=verify.EPILOG)(told(verify.verify_artifact))
app.command(epilog=drift.EPILOG)(told(drift.drift))
app.add_typer(registry, name="registry")
app.command(epilog=demo.EPILOG)(told(demo.demo))


def run() -> None:
    """Entry point: what no command foresaw is one line too, which says where it happened, and exit code 70."""
    try:
        sys.exit(app())
    except Exception as error:  # noqa: BLE001 - the last one that can tell a person anything
        at = traceback.extract_tb(error.__traceback__)[-1]
        reason = f"{type(error).__name__}: {error}".splitlines()[0][:300]
        sys.stderr.write(f"hemline-trainer: a fault of its own at {Path(at.filename).name}:{at.lineno}, {reason}\n")
        sys.exit(OWN_FAULT)
