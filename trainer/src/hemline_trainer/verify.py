"""Whether an artifact folder is what its manifest says. The same checks as the server's, in the same order."""

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema

from hemline_trainer import golden, manifest
from hemline_trainer.errors import ArtifactRejected
from hemline_trainer.manifest import MANIFEST, SIGNATURE, Json


def verify(folder: Path, *, answers: bool = True) -> Json:
    """Checks format version, schema, files and, if asked, the golden answers.

    Returns:
        The manifest.

    Raises:
        ArtifactRejected: the first rule broken, in one sentence.
    """
    document = manifest.read(folder)
    version = document.get("format_version")
    if version != manifest.FORMAT_VERSION:
        raise ArtifactRejected(f"{MANIFEST}: format version {version!r} is not known, only {manifest.FORMAT_VERSION}")
    _fits_schema(document)
    _has_its_files(document, folder)
    encoder = folder / str(document["graphs"]["image_encoder"]["file"])
    if manifest.sha256(encoder) != document["encoder_digest"]:
        raise ArtifactRejected(f"{MANIFEST}: encoder_digest is not that of {encoder.name}")
    if answers:
        _answers_as_before(document, folder)
    return document


def _fits_schema(document: Json) -> None:
    error = jsonschema.exceptions.best_match(_validator().iter_errors(document))
    if error is not None:
        place = "/".join(str(step) for step in error.absolute_path)
        raise ArtifactRejected(f"{MANIFEST}: /{place}: {error.message}")


@cache
def _validator() -> Any:  # noqa: ANN401 - jsonschema makes its validator classes at run time
    text = files("hemline_trainer").joinpath("manifest.schema.json").read_text(encoding="utf-8")
    return jsonschema.Draft202012Validator(json.loads(text))


def _has_its_files(document: Json, folder: Path) -> None:
    listed = {entry["path"]: entry for entry in document["files"]}
    found = {path.name for path in folder.iterdir()} - {MANIFEST, SIGNATURE}
    for name in sorted(found - listed.keys()):
        raise ArtifactRejected(f"{name} is not in the manifest")
    for name, entry in listed.items():
        path = folder / name
        if "/" in name or name not in found or not path.is_file():
            raise ArtifactRejected(f"{name} is missing")
        if path.stat().st_size != entry["size"]:
            raise ArtifactRejected(f"{name} has {path.stat().st_size} bytes, the manifest says {entry['size']}")
        if manifest.sha256(path) != entry["sha256"]:
            raise ArtifactRejected(f"{name} differs from its SHA-256 in the manifest")


def _answers_as_before(document: Json, folder: Path) -> None:
    graphs = {name: str(graph["file"]) for name, graph in document["graphs"].items()}
    try:
        pairs = json.loads((folder / "golden.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ArtifactRejected(f"golden.json cannot be read: {error}") from error
    golden.check(pairs, folder, graphs, document["tolerance"]["atol"], document["tolerance"]["rtol"])
