"""`publish`: a run or an artifact becomes the next version of a store, and a channel points at it."""

from pathlib import Path
from typing import Annotated, Final

import typer

from hemline_trainer.cli.failures import REFUSED
from hemline_trainer.cli.options import (
    ArtifactOption,
    DataOption,
    ModelOption,
    RunOption,
    ShardsOption,
    StoreOption,
    WorseOption,
    hold_outs,
    one_of,
    packaged,
)
from hemline_trainer.errors import GateRefused
from hemline_trainer.evaluation.gate_report import GateReport, Limits
from hemline_trainer.pipeline import Pipeline
from hemline_trainer.progress import Bars
from hemline_trainer.steps import publish as step
from hemline_trainer.steps.gate import gate
from hemline_trainer.store.open import open_store

EPILOG: Final = """Example: hemline-trainer publish --run runs-output/demo --store store

Example: hemline-trainer publish --artifact mine/artifact --store s3://models/fashion --sign-key signer-private.pem

Example: hemline-trainer publish --run runs-output/weekly --store store --worse-than-live 0.01"""


def publish(
    store: StoreOption,
    run: RunOption = None,
    artifact: ArtifactOption = None,
    model: ModelOption = "trend",
    channel: Annotated[str, typer.Option("--channel", help="stable, canary or shadow.")] = "stable",
    promote: Annotated[bool, typer.Option("--promote/--no-promote", help="Point the channel at the version.")] = True,
    sign_key: Annotated[
        Path | None,
        typer.Option(
            "--sign-key", envvar="HEMLINE_SIGN_KEY", help="Sign with this PEM file of an elliptic curve private key."
        ),
    ] = None,
    data: DataOption = None,
    shards: ShardsOption = None,
    worse: WorseOption = 0.0,
    force: Annotated[
        str | None,
        typer.Option(
            "--force", metavar="REASON", help="Publish in spite of the gate; the reason is written on the card."
        ),
    ] = None,
) -> None:
    """Publishes a run or an artifact as the next version and points a channel at it.

    First the evaluation gate is asked (see `hemline-trainer gate --help`): a candidate that does not beat the baselines
    and the live version of the channel, or breaks another rule, is refused with a table of checks, exit code 1.
    An artifact that is in the store already passed the gate before.

    Servers that watch the store load the version themselves. The same artifact is published once. S3 is configured by
    AWS_ENDPOINT_URL_S3, AWS_REGION, AWS_PROFILE and so on. A key pair to sign with:
    `openssl ecparam -name prime256v1 -genkey -noout -out signer-private.pem`,
    `openssl ec -in signer-private.pem -pubout -out signer.pem`.
    """
    target = open_store(store, model)
    folder, is_run = one_of(run, artifact)
    with Bars() as bars:
        pipeline = packaged(Pipeline(folder, bars), model, shards) if is_run else None
        folder = pipeline.run.artifact if pipeline is not None else folder
        limits = Limits(worse_than_live=worse)

        def run_gate(candidate: Path) -> GateReport:
            kept = hold_outs(pipeline, folder, shards, limits.rows)
            progress = bars.stage("gate")
            return gate(candidate, target, channel, limits=limits, progress=progress, data=data, hold_outs=kept)

        try:
            done = step.publish(
                folder,
                target,
                model,
                run_gate,
                channel=channel,
                promote=promote,
                sign_key=sign_key,
                force=force,
                say=typer.echo,
            )
        except GateRefused as refusal:
            typer.echo(refusal.table, err=True)
            typer.echo("hemline-trainer: nothing was published; --force REASON publishes it all the same", err=True)
            raise typer.Exit(REFUSED) from refusal
    if not promote:
        return
    typer.echo(f"{channel}: {done.before or 'none'} -> {done.published.version}")
    at_channel = "" if channel == "stable" else f" --channel {channel}"
    typer.echo(f"roll back with: ./hemline store rollback --store {store} {model}{at_channel}")
