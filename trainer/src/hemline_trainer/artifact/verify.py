"""Verifies an artifact folder against its manifest, with the same checks as the server in the same order."""

import itertools
import json
import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema

from hemline_trainer.artifact import golden, manifest
from hemline_trainer.artifact.manifest import MANIFEST, SIGNATURE, Json
from hemline_trainer.contract import Tensor, forecaster_signature, image_encoder_signature
from hemline_trainer.errors import ArtifactRejected


def verify(folder: Path, model: str | None = None, *, answers: bool = True) -> Json:
    """Checks format version, schema, signatures, files and, if asked, the golden answers.

    Args:
        folder: the artifact.
        model: expected model name; None accepts any.
        answers: whether to run the graphs on the golden requests.

    Returns:
        The manifest.

    Raises:
        ArtifactRejected: the first violated rule, in one sentence.
    """
    document = manifest.read(folder)
    version = document.get("format_version")
    if type(version) is not int or version != manifest.FORMAT_VERSION:
        raise ArtifactRejected(f"{MANIFEST}: format_version {version!r} is not known, only {manifest.FORMAT_VERSION}")
    _check_schema(document)
    if model is not None and document["model"] != model:
        raise ArtifactRejected(f"{MANIFEST}: is of model {document['model']!r}, not {model!r}")
    _check_consistency(document)
    _check_signatures(document)
    _check_unlisted_files(folder)
    _check_files(document, folder)
    encoder = folder / str(document["graphs"]["image_encoder"]["file"])
    if manifest.sha256(encoder) != document["encoder_digest"]:
        raise ArtifactRejected(f"{MANIFEST}: encoder_digest is not that of {encoder.name}")
    pairs = _golden_pairs(document, folder)
    if answers:
        graphs = {name: str(graph["file"]) for name, graph in document["graphs"].items()}
        golden.check(pairs, folder, graphs, document["tolerance"]["atol"], document["tolerance"]["rtol"])
    return document


def _check_schema(document: Json) -> None:
    error = jsonschema.exceptions.best_match(_validator().iter_errors(document))
    if error is not None:
        path_in_document = "/".join(str(step) for step in error.absolute_path)
        raise ArtifactRejected(f"{MANIFEST}: /{path_in_document}: {error.message}")


@cache
def _validator() -> Any:  # noqa: ANN401 - jsonschema makes its validator classes at run time
    """Draft 2020-12, except that 13.0 is no integer and $ in a pattern matches the end only, as in the server."""
    text = files("hemline_trainer").joinpath("manifest.schema.json").read_text(encoding="utf-8")
    types = jsonschema.Draft202012Validator.TYPE_CHECKER.redefine("integer", lambda _, value: type(value) is int)
    extend: Any = jsonschema.validators.extend
    return extend(jsonschema.Draft202012Validator, {"pattern": _pattern}, type_checker=types)(json.loads(text))


def _pattern(_validator: Any, pattern: str, value: Any, _schema: Any) -> Iterator[Any]:  # noqa: ANN401 - jsonschema's form
    if isinstance(value, str) and not re.search(re.sub(r"\$$", r"\\Z", pattern), value, re.ASCII):
        yield jsonschema.ValidationError(f"{value!r} does not match {pattern!r}")


def _check_consistency(document: Json) -> None:
    """Checks that the schema cannot express."""
    day = document["created"][:10]
    try:
        date.fromisoformat(day)
    except ValueError as error:
        raise ArtifactRejected(f"{MANIFEST}: /created: there is no day {day}") from error
    for member in ("quantile_levels", "batch_sizes"):
        values = document[member]
        if any(low >= high for low, high in itertools.pairwise(values)):
            raise ArtifactRejected(f"{MANIFEST}: /{member}: {values} does not ascend")
    if type(document["batch_sizes"][0]) is not int:
        raise ArtifactRejected(f"{MANIFEST}: /batch_sizes: {document['batch_sizes'][0]} is no whole number")
    if document["context_length"] < document["horizon"]:
        raise ArtifactRejected(f"{MANIFEST}: /context_length: must be at least the horizon, {document['horizon']}")
    seed = document["training"]["seed"]
    if not -(2**63) <= seed < 2**63:
        raise ArtifactRejected(f"{MANIFEST}: /training/seed: {seed} has more than 64 bits")
    listed = {entry["path"] for entry in document["files"]}
    for name, graph in document["graphs"].items():
        if graph["file"] not in listed:
            raise ArtifactRejected(f"{MANIFEST}: /graphs/{name}/file: {graph['file']} is not among the files")


def _check_unlisted_files(folder: Path) -> None:
    """Checks the two files that a manifest does not list."""
    for name in (MANIFEST, SIGNATURE):
        if (folder / name).is_symlink() or ((folder / name).exists() and not (folder / name).is_file()):
            raise ArtifactRejected(f"{name} is not a plain file")
    if (folder / SIGNATURE).exists() and (folder / SIGNATURE).stat().st_size > manifest.LARGEST_JSON:
        raise ArtifactRejected(f"{SIGNATURE} is over {manifest.LARGEST_JSON} bytes")


def _check_files(document: Json, folder: Path) -> None:
    names = [entry["path"] for entry in document["files"]]
    if names != sorted(set(names)):
        raise ArtifactRejected(f"{MANIFEST}: files are not sorted by path, or one is there twice")
    listed = {entry["path"]: entry for entry in document["files"]}
    found = {path.name for path in folder.iterdir()} - {MANIFEST, SIGNATURE}
    for name in sorted(found - listed.keys()):
        raise ArtifactRejected(f"{name} is not in the manifest")
    for name, entry in listed.items():
        path = folder / name
        if name not in found:
            raise ArtifactRejected(f"{name} is missing")
        if path.is_symlink() or not path.is_file():
            raise ArtifactRejected(f"{name} is not a plain file")
        if path.stat().st_size != entry["size"]:
            raise ArtifactRejected(f"{name} has {path.stat().st_size} bytes, the manifest says {entry['size']}")
        if manifest.sha256(path) != entry["sha256"]:
            raise ArtifactRejected(f"{name} differs from its SHA-256 in the manifest")


def _check_signatures(document: Json) -> None:
    """Checks name, dtype and shape of every input and output."""
    signatures = {
        "forecaster": forecaster_signature(
            context=document["context_length"],
            horizon=document["horizon"],
            embedding=document["embedding_dim"],
            variables=len(document["variables"]),
            static=len(document["vocabularies"]),
            levels=len(document["quantile_levels"]),
            drivers=len(document["drivers"]),
        ),
        "image_encoder": image_encoder_signature(document["embedding_dim"]),
    }
    for graph, signature in signatures.items():
        _check_tensors(document, graph, "inputs", signature.inputs)
        _check_tensors(document, graph, "outputs", signature.outputs)


def _check_tensors(document: Json, graph: str, side: str, expected: Sequence[Tensor]) -> None:
    described = {tensor["name"]: tensor for tensor in document["graphs"][graph][side]}
    for each in expected:
        tensor = described.pop(each.name, None)
        if tensor is None:
            raise ArtifactRejected(f"{MANIFEST}: {graph} lacks {each.name} among its {side}")
        dtype, shape = each.dtype, list(each.shape)
        if (tensor["dtype"], tensor["shape"]) != (dtype, shape):
            raise ArtifactRejected(
                f"{MANIFEST}: {graph}: {each.name} is {tensor['dtype']} {tensor['shape']}, must be {dtype} {shape}"
            )
    if len(document["graphs"][graph][side]) != len(expected) + len(described):
        raise ArtifactRejected(f"{MANIFEST}: {graph} names one of its {side} twice")
    for name in described:
        raise ArtifactRejected(f"{MANIFEST}: {graph} has {name} too many among its {side}")


def _golden_pairs(document: Json, folder: Path) -> Json:
    pairs = golden.read(folder)
    if pairs.keys() != document["graphs"].keys():
        raise ArtifactRejected("golden.json does not hold pairs for forecaster and image_encoder")
    for graph, described in document["graphs"].items():
        golden.check_form(graph, pairs[graph], described, document["batch_sizes"])
    return pairs
