"""PyTorch to ONNX, with the proof that the graph says the same.

The exported graph is stripped of what the exporter remembers of the builder's machine, held to the versions that the
server's ONNX Runtime loads (IR ≤ 10, opset ≤ 22), and compared with PyTorch on inputs that are hard on purpose.
"""

import logging
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime as ort
import torch
from torch import Tensor, nn

from hemline_trainer.artifact.probes import Probe, forecaster_probes, image_probes
from hemline_trainer.contract import (
    ATOL,
    FORECASTER,
    IR_VERSION,
    NEWEST_OPSET,
    OPSET,
    RTOL,
    Signature,
    image_encoder_signature,
)
from hemline_trainer.errors import ExportError
from hemline_trainer.files.durable import beside
from hemline_trainer.model.forecaster import Forecaster

DTYPES: Final[dict[int, str]] = {
    onnx.TensorProto.FLOAT: "float32",
    onnx.TensorProto.INT64: "int64",
    onnx.TensorProto.BOOL: "bool",
    onnx.TensorProto.UINT8: "uint8",
}


@dataclass(frozen=True)
class GraphReport:
    """What an export wrote and how well it agrees with PyTorch.

    Attributes:
        path: the .onnx file.
        signature: its tensors, as the contract has them.
        ir_version: of the file.
        opset: of the default domain.
        nodes: how many.
        size: bytes.
        max_abs_difference: largest |ONNX - PyTorch| of any probe, in units of the series' scale.
        max_rel_difference: largest |ONNX - PyTorch| ÷ (|PyTorch| + scale).
        differences: per probe, the largest relative difference.
        atol: advised absolute tolerance.
        rtol: advised relative tolerance.
    """

    path: Path
    signature: Signature
    ir_version: int
    opset: int
    nodes: int
    size: int
    max_abs_difference: float
    max_rel_difference: float
    differences: Mapping[str, float]
    atol: float = ATOL
    rtol: float = RTOL


def export_forecaster(model: Forecaster, path: Path) -> GraphReport:
    """Writes `forecaster.onnx` and proves it."""
    return _proven(model, path, forecaster_probes(), FORECASTER)


def export_encoder(encoder: nn.Module, path: Path, dim: int) -> GraphReport:
    """Writes `image_encoder.onnx`, uint8 (B, 224, 224, 3) → float32 (B, dim), and proves it."""
    return _proven(encoder, path, image_probes(), image_encoder_signature(dim))


def session(path: Path) -> ort.InferenceSession:
    """One-threaded session on the CPU, as the server runs it."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime raises one class per status code
        first_line = (str(error).strip().splitlines() or [""])[0][:200]
        raise ExportError(f"{path}: ONNX Runtime does not load it ({first_line})") from error


def _proven(model: nn.Module, path: Path, probes: Sequence[Probe], signature: Signature) -> GraphReport:
    """Writes a graph beside its place and proves it there, so that what stands at `path` was always proven."""
    with beside(path) as part:
        _write(model, part, probes[1].inputs, [tensor.name for tensor in signature.outputs])
        report = _prove(model, part, probes, signature)
    return replace(report, path=path)


def _write(
    model: nn.Module, path: Path, example: Mapping[str, npt.NDArray[np.generic]], outputs: Sequence[str]
) -> None:
    """Exports with a free batch size and strips the builder's traces."""
    model.eval()
    batch = torch.export.Dim.DYNAMIC
    tensors = tuple(torch.from_numpy(array) for array in example.values())
    quiet = logging.getLogger("torch.onnx")
    level = quiet.level
    quiet.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings(), torch.no_grad():
            # The exporter's own deprecations; nothing here that a reader could act on.
            warnings.simplefilter("ignore")
            program = torch.onnx.export(
                model,
                tensors,
                dynamo=True,
                opset_version=OPSET,
                input_names=list(example),
                output_names=list(outputs),
                dynamic_shapes=tuple({0: batch} for _ in tensors),
                verbose=False,
            )
    finally:
        quiet.setLevel(level)
    if program is None:
        raise ExportError(f"{path}: the exporter gave no graph")
    graph = program.model_proto
    strip(graph)
    path.write_bytes(graph.SerializeToString(deterministic=True))


def strip(proto: onnx.ModelProto) -> None:
    """Forces the IR version, names the batch B, and removes metadata, doc strings and shape notes of inner values."""
    proto.ir_version = IR_VERSION
    proto.producer_name, proto.producer_version, proto.doc_string = "hemline-trainer", "", ""
    del proto.metadata_props[:]
    graph = proto.graph
    graph.name, graph.doc_string = "graph", ""
    del graph.metadata_props[:]
    del graph.value_info[:]
    for thing in [*graph.node, *graph.initializer, *graph.input, *graph.output, *proto.functions]:
        thing.doc_string = ""
        if hasattr(thing, "metadata_props"):
            del thing.metadata_props[:]
    for value in [*graph.input, *graph.output]:
        value.type.tensor_type.shape.dim[0].dim_param = "B"


def _prove(model: nn.Module, path: Path, probes: Sequence[Probe], signature: Signature) -> GraphReport:
    """Checks versions, names, types and shapes, then compares every probe."""
    proto = onnx.load(path)
    onnx.checker.check_model(proto)
    opset = next(entry.version for entry in proto.opset_import if entry.domain in {"", "ai.onnx"})
    foreign = [entry.domain for entry in proto.opset_import if entry.domain not in {"", "ai.onnx"}]
    used = sorted({node.domain for node in proto.graph.node} - {"", "ai.onnx"})
    if proto.ir_version > IR_VERSION or opset > NEWEST_OPSET or used:
        raise ExportError(f"{path}: IR {proto.ir_version}, opset {opset}, domains {foreign}; the server takes 10, 22")
    for value in [*proto.graph.input, *proto.graph.output]:
        _check_tensor(value, signature, path)
    if [value.name for value in [*proto.graph.input, *proto.graph.output]] != list(signature.tensors):
        raise ExportError(f"{path}: inputs or outputs are missing or out of order")
    answer = _asker(path)
    worst_abs, worst_rel, differences = 0.0, 0.0, {}
    for probe in probes:
        with torch.no_grad():
            said = model(*(torch.from_numpy(array) for array in probe.inputs.values()))
        expected = [said] if isinstance(said, Tensor) else list(said)
        absolute, relative = _differences(answer(probe.inputs), [tensor.numpy() for tensor in expected], probe, path)
        worst_abs, worst_rel = max(worst_abs, absolute), max(worst_rel, relative)
        differences[probe.name] = relative
    return GraphReport(
        path=path,
        signature=signature,
        ir_version=proto.ir_version,
        opset=opset,
        nodes=len(proto.graph.node),
        size=path.stat().st_size,
        max_abs_difference=worst_abs,
        max_rel_difference=worst_rel,
        differences=differences,
    )


def _check_tensor(value: onnx.ValueInfoProto, signature: Signature, path: Path) -> None:
    kind = value.type.tensor_type
    shape = tuple(dim.dim_param or int(dim.dim_value) for dim in kind.shape.dim)
    expected = signature.tensors.get(value.name)
    if expected is None or shape != expected.shape:
        contract = None if expected is None else expected.shape
        raise ExportError(f"{path}: {value.name} has shape {shape}, the contract says {contract}")
    if DTYPES[kind.elem_type] != expected.dtype:
        raise ExportError(f"{path}: {value.name} is {DTYPES[kind.elem_type]}, the contract says {expected.dtype}")


def _asker(path: Path) -> Callable[[Mapping[str, npt.NDArray[np.generic]]], list[npt.NDArray[np.generic]]]:
    running = session(path)

    def ask(inputs: Mapping[str, npt.NDArray[np.generic]]) -> list[npt.NDArray[np.generic]]:
        return list(running.run(None, dict(inputs)))

    return ask


def _differences(
    said: Sequence[npt.NDArray[np.generic]], expected: Sequence[npt.NDArray[np.generic]], probe: Probe, path: Path
) -> tuple[float, float]:
    """Largest absolute (in the probe's scale) and relative difference over the outputs; classes must be equal."""
    absolute, relative = 0.0, 0.0
    for ours, theirs in zip(said, expected, strict=True):
        if ours.shape != theirs.shape or ours.dtype != theirs.dtype:
            raise ExportError(f"{path}: {probe.name}: {ours.dtype} {ours.shape} is not {theirs.dtype} {theirs.shape}")
        if not np.isfinite(ours).all():
            raise ExportError(f"{path}: {probe.name}: an answer is not finite")
        if theirs.dtype == np.int64:
            if not np.array_equal(ours, theirs):
                raise ExportError(f"{path}: {probe.name}: classes differ from PyTorch")
            continue
        scale = probe.scale if ours.ndim == 3 else 1.0  # noqa: PLR2004 - quantiles are the one output with a unit
        gap = np.abs(ours.astype(np.float64) - theirs.astype(np.float64))
        absolute = max(absolute, float(gap.max()) / scale)
        relative = max(relative, float((gap / (np.abs(theirs.astype(np.float64)) + scale)).max()))
        if (gap / scale > 0.1 * ATOL + 0.1 * RTOL * np.abs(theirs.astype(np.float64)) / scale).any():
            raise ExportError(f"{path}: {probe.name}: differs from PyTorch by {float(gap.max()) / scale:.2e}")
    return absolute, relative
