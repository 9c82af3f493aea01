"""`drift`: compares served forecasts with the weeks that followed, and requests retraining."""

from pathlib import Path
from typing import Annotated, Final

import typer

from hemline_trainer.cli.failures import NOTHING_COMPARED, REFUSED
from hemline_trainer.cli.options import finite
from hemline_trainer.files.strict_json import dumps
from hemline_trainer.ops.actuals import read_actuals
from hemline_trainer.ops.drift import MAE, PSI, format_counts, format_report, measure_drift
from hemline_trainer.ops.retraining import ask
from hemline_trainer.ops.served import read_served

EPILOG: Final = """Example: hemline-trainer drift --served served.jsonl --actual actual.csv --json

Example: hemline-trainer drift --served served.jsonl --actual actual.csv --kafka 127.0.0.1:9092

actual.csv begins so, each trend's weeks in order and without a gap, an empty volume where nothing was observed:
hashtag,market,week,volume / wideleg,vn,2026-11-16,12.5 / wideleg,vn,2026-11-23,13.1"""


def drift(
    served: Annotated[
        list[Path],
        typer.Option("--served", help="Events of the topic forecasts-served, JSON, one a line; may be repeated."),
    ],
    actual: Annotated[Path, typer.Option("--actual", help="CSV of observed volumes: hashtag, market, week, volume.")],
    reference: Annotated[
        list[Path] | None,
        typer.Option(
            "--reference", help="Events of a reference period. Default: the older half of the weeks of --served."
        ),
    ] = None,
    version: Annotated[str | None, typer.Option("--version", help="Only forecasts of this model version.")] = None,
    max_mae: Annotated[
        float, typer.Option("--max-mae", min=0.0, callback=finite, help="Bound of the error of trend_score.")
    ] = MAE,
    max_psi: Annotated[
        float, typer.Option("--max-psi", min=0.0, callback=finite, help="Bound of each population shift.")
    ] = PSI,
    kafka: Annotated[
        str | None, typer.Option("--kafka", metavar="BOOTSTRAP", help="Send retrain-requested to these brokers.")
    ] = None,
    kafka_properties: Annotated[
        list[str] | None,
        typer.Option(
            "--kafka-property", metavar="KEY=VALUE", help="Of librdkafka, such as security.protocol=SSL; repeatable."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Compares served forecasts with the weeks that followed: exit code 0 without drift, 1 with drift.

    Drift is a mean absolute error of trend_score above --max-mae, over the forecasts whose 13 weeks are observed, or a
    change of the trends that clients ask about: a population stability index of their recent
    volume, their markets or their share of cold starts above --max-psi. Then --kafka writes one event for each such
    figure to the topic retrain-requested; the training side decides.

    Of each trend, week and model version the forecast served last counts. Input that cannot be read
    exits with 1 too: one line names file, row and column.

    Exit code 3: nothing was compared. No figure could be measured, or no forecast has an error and none is waiting for
    its weeks, as when no trend that was served stands in --actual.
    """
    properties = _pairs(kafka_properties or [])
    forecasts, came = read_served(served, version), read_actuals(actual)
    report = measure_drift(forecasts, came, None if reference is None else read_served(reference), max_mae, max_psi)
    typer.echo(dumps(report.as_json(), "the report", indent=2) if as_json else format_report(report))
    if not report.drifted and not report.compared:
        typer.echo(f"hemline-trainer: nothing was compared: {format_counts(report)}", err=True)
        raise typer.Exit(NOTHING_COMPARED)
    if not report.drifted:
        return
    if kafka is not None:
        ask(kafka, report.drifted, properties)
        typer.echo(f"retrain-requested: {len(report.drifted)} sent to {kafka}", err=True)
    raise typer.Exit(REFUSED)


def _pairs(words: list[str]) -> dict[str, str]:
    for word in words:
        if "=" not in word.lstrip("="):
            raise typer.BadParameter(f"--kafka-property {word!r} is not KEY=VALUE")
    return dict(word.split("=", 1) for word in words)
