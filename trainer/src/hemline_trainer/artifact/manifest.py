"""The manifest of an artifact, format version 1, as model-store/FORMAT.md describes it."""

import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import onnx

from hemline_trainer.contract import (
    ATOL,
    BATCH_SIZES,
    CONTEXT,
    DRIVERS,
    EMBEDDING,
    FORECASTER,
    HORIZON,
    IMAGE_ENCODER,
    QUANTILES,
    RTOL,
    VARIABLES,
    VOCABULARIES,
)
from hemline_trainer.errors import ArtifactRejected
from hemline_trainer.files.digest import sha256 as sha256  # noqa: PLC0414 - callers of this module use it too
from hemline_trainer.files.digest import sha256_of as sha256_of  # noqa: PLC0414 - as above
from hemline_trainer.files.strict_json import dumps, loads

FORMAT_VERSION: Final = 1
MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "model.sig"
LARGEST_JSON: Final = 1 << 20
"""Largest size in bytes of a manifest or a signature."""

Json = dict[str, Any]

_TENSORS: Final = {**FORECASTER.tensors, **IMAGE_ENCODER.tensors}


@dataclass(frozen=True)
class Training:
    """Provenance of a model. Immutable."""

    mlflow_run_id: str
    git_commit: str
    data_fingerprint: str
    synthetic: bool
    seed: int


@dataclass(frozen=True)
class Backtest:
    """Metrics of the model and its baselines on one data set. Immutable."""

    dataset: str
    metrics: dict[str, float]
    baselines: dict[str, dict[str, float]] = field(default_factory=dict)


def manifest(folder: Path, model: str, created: str, training: Training, backtest: list[Backtest]) -> Json:
    """The manifest of the files and graphs in `folder`."""
    names = sorted(path.name for path in folder.iterdir() if path.name not in {MANIFEST, SIGNATURE})
    return {
        "format_version": FORMAT_VERSION,
        "model": model,
        "created": created,
        "files": [_file(folder / name) for name in names],
        "graphs": {name: _graph(folder / f"{name}.onnx") for name in ("forecaster", "image_encoder")},
        "horizon": HORIZON,
        "quantile_levels": list(QUANTILES),
        "context_length": CONTEXT,
        "variables": list(VARIABLES),
        "drivers": list(DRIVERS),
        "vocabularies": {name: list(words) for name, words in VOCABULARIES.items()},
        "embedding_dim": EMBEDDING,
        "encoder_digest": sha256(folder / "image_encoder.onnx"),
        "training": asdict(training),
        "backtest": [asdict(entry) for entry in backtest],
        "batch_sizes": list(BATCH_SIZES),
        "tolerance": {"atol": ATOL, "rtol": RTOL},
    }


def digest(folder: Path) -> str:
    """The identity of an artifact: SHA-256 of its manifest, hex."""
    return sha256(folder / MANIFEST)


def read(folder: Path) -> Json:
    """Reads a manifest; raises ArtifactRejected if it is missing or invalid."""
    try:
        with (folder / MANIFEST).open("rb") as file:
            data = file.read(LARGEST_JSON + 1)
        if len(data) > LARGEST_JSON:
            raise ArtifactRejected(f"{MANIFEST} is over {LARGEST_JSON} bytes")
        document = loads(data.decode("utf-8"))
    except OSError as error:
        raise ArtifactRejected(f"{MANIFEST} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ArtifactRejected(f"{MANIFEST} is not JSON: {error}") from error
    if not isinstance(document, dict):
        raise ArtifactRejected(f"{MANIFEST} is not a JSON object")
    return document


def write(folder: Path, document: Json) -> None:
    """Writes a manifest as indented JSON."""
    (folder / MANIFEST).write_text(dumps(document, MANIFEST, indent=2) + "\n", encoding="utf-8")


def _file(path: Path) -> Json:
    return {"path": path.name, "size": path.stat().st_size, "sha256": sha256(path)}


def _graph(path: Path) -> Json:
    model = onnx.load(os.fspath(path))
    constants = {tensor.name for tensor in model.graph.initializer}
    constants |= {tensor.values.name for tensor in model.graph.sparse_initializer}
    return {
        "file": path.name,
        "ir_version": model.ir_version,
        "opset": next(entry.version for entry in model.opset_import if entry.domain in {"", "ai.onnx"}),
        "inputs": [_tensor(value) for value in model.graph.input if value.name not in constants],
        "outputs": [_tensor(value) for value in model.graph.output],
    }


def _tensor(value: onnx.ValueInfoProto) -> Json:
    kind = value.type.tensor_type
    known = _TENSORS[value.name]
    shape: list[int | str] = [
        "B" if index == 0 else dimension.dim_value for index, dimension in enumerate(kind.shape.dim)
    ]
    dtype = str(onnx.helper.tensor_dtype_to_np_dtype(kind.elem_type))
    return {"name": value.name, "dtype": dtype, "shape": shape, "meaning": known.meaning, "unit": known.unit}
