"""`publish`: a run or an artifact becomes the next version of a store, and a channel points at it."""

import shutil
import tempfile
from pathlib import Path
from typing import Annotated, Final

import typer

from hemline_trainer import manifest
from hemline_trainer.commands.options import (
    ArtifactOption,
    ModelOption,
    RunOption,
    StoreOption,
    one_of,
    open_store,
    packed,
)
from hemline_trainer.progress import Bars
from hemline_trainer.run import Run
from hemline_trainer.signature import sign

EPILOG: Final = "Example: hemline-trainer publish --run runs-output/demo --store store"


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
) -> None:
    """Publishes a run or an artifact as the next version and points a channel at it.

    Servers that watch the store go live with it by themselves. The same artifact is published once. S3 is reached as
    AWS_ENDPOINT_URL_S3, AWS_REGION, AWS_PROFILE and the like say. A key pair to sign with:
    `openssl ecparam -name prime256v1 -genkey -noout -out signer-private.pem`,
    `openssl ec -in signer-private.pem -pubout -out signer.pem`.
    """
    folder, is_run = one_of(run, artifact)
    if is_run:
        with Bars() as bars:
            folder = packed(Run(folder, bars), model).artifact
    target = open_store(store, model)
    before = target.channel(channel)
    with tempfile.TemporaryDirectory(prefix="hemline-") as scratch:
        if sign_key is not None:
            # A copy, since the folder may be a version of another store, which never changes.
            folder = Path(shutil.copytree(folder, Path(scratch) / model))
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
