"""`publish`: a run or an artifact becomes the next version of a store, and a channel points at it."""

import tempfile
from pathlib import Path
from typing import Annotated, Final

import typer

from hemline_trainer.artifact import forced, manifest
from hemline_trainer.artifact.signing import sign
from hemline_trainer.artifact.verify import verify
from hemline_trainer.cli.failures import REFUSED
from hemline_trainer.cli.options import (
    ArtifactOption,
    DataOption,
    ModelOption,
    RunOption,
    ShardsOption,
    StoreOption,
    WorseOption,
    hold_out,
    live_of,
    one_of,
    open_store,
    packed,
)
from hemline_trainer.evaluation.gate import format_checks, judge
from hemline_trainer.evaluation.judged import Judged, Limits
from hemline_trainer.progress import Bars
from hemline_trainer.run import Run
from hemline_trainer.store.folder import copy_files

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
        typer.Option("--force", metavar="REASON", help="Publish what the gate refuses; the reason stands on its card."),
    ] = None,
) -> None:
    """Publishes a run or an artifact as the next version and points a channel at it.

    First it passes the evaluation gate (see `hemline-trainer gate --help`): what does not beat plain lines and what the
    channel points at, or breaks another rule, is refused with the table that says why, exit code 1. The artifact that
    is live already, and one that stands in the store already, pass: they were judged when they came.

    Servers that watch the store go live with it by themselves. The same artifact is published once. S3 is reached as
    AWS_ENDPOINT_URL_S3, AWS_REGION, AWS_PROFILE and the like say. A key pair to sign with:
    `openssl ecparam -name prime256v1 -genkey -noout -out signer-private.pem`,
    `openssl ec -in signer-private.pem -pubout -out signer.pem`.
    """
    target = open_store(store, model)
    before = target.channel(channel)
    folder, is_run = one_of(run, artifact)
    with Bars() as bars, tempfile.TemporaryDirectory(prefix="hemline-") as scratch:
        trained = packed(Run(folder, bars), model, shards) if is_run else None
        folder = trained.artifact if trained is not None else folder
        # A copy, so that what the gate judges, what is signed and what is published are the same bytes.
        folder = _copied(folder, Path(scratch) / "artifact")
        verify(folder, model)
        if target.version_of(manifest.digest(folder)) is None:
            limits = Limits(worse_than_live=worse)
            live = live_of(target, channel, Path(scratch) / "live")
            own = hold_out(trained, folder, shards, limits.rows)
            judged = judge(folder, live, data, limits, bars.stage("gate"), own)
            folder = _passed(folder, judged, force, Path(scratch) / "forced")
        if sign_key is not None:
            sign(folder, sign_key)
        published = target.publish(folder)
        signed = ", signed" if published.new and (folder / manifest.SIGNATURE).exists() else ""
    how = "published" if published.new else "stands already:"
    typer.echo(f"{how} {model} version {published.version}, digest {published.digest}{signed}")
    if not promote:
        return
    target.promote(published.version, channel)
    typer.echo(f"{channel}: {before or 'none'} -> {published.version}")
    at_channel = "" if channel == "stable" else f" --channel {channel}"
    typer.echo(f"roll back with: ./hemline store rollback --store {store} {model}{at_channel}")


def _copied(folder: Path, target: Path) -> Path:
    manifest.read(folder)
    target.mkdir()
    copy_files(folder, target)
    return target


def _passed(candidate: Path, judged: Judged, force: str | None, to: Path) -> Path:
    """The artifact to publish: the candidate, or its forced copy; ends the command where the gate refuses."""
    if judged.passed:
        typer.echo(format_checks(judged))
        return candidate
    if force is not None:
        copy = forced.forced(candidate, judged, force, to)
        typer.echo(forced.told(judged, force))
        return copy
    typer.echo(format_checks(judged), err=True)
    typer.echo("hemline-trainer: nothing was published; --force REASON publishes it all the same", err=True)
    raise typer.Exit(REFUSED)
