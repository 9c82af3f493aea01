"""`verify`: compares an artifact folder with its manifest, and checks its signature."""

from pathlib import Path
from typing import Annotated, Final

import typer

from hemline_trainer.artifact import manifest
from hemline_trainer.artifact.signing import check
from hemline_trainer.artifact.verify import verify
from hemline_trainer.errors import ConfigError

EPILOG: Final = "Example: hemline-trainer verify --artifact runs-output/demo/artifact --public-key signer.pem"


def verify_artifact(
    artifact: Annotated[Path, typer.Option("--artifact", help="Artifact folder (the one with manifest.json).")],
    public_key: Annotated[
        Path | None, typer.Option("--public-key", help="PEM file; the artifact must be signed by its owner.")
    ] = None,
) -> None:
    """Compares an artifact with its manifest, runs the golden answers, and checks its signature if a key is named."""
    if not artifact.is_dir():
        raise ConfigError(f"{artifact}: there is no such folder")
    verify(artifact)
    if public_key is not None:
        check(artifact, public_key)
    signed = "" if public_key is None else f", signed by {public_key}"
    typer.echo(f"{artifact}: intact, digest {manifest.digest(artifact)}{signed}")
