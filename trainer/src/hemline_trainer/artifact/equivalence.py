"""Verifies that an ONNX graph keeps the contract and computes the same outputs as its PyTorch module."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime as ort
import torch
from torch import Tensor, nn

from hemline_trainer.artifact.probes import Probe
from hemline_trainer.contract import ATOL, IR_VERSION, NEWEST_OPSET, RTOL, Signature
from hemline_trainer.errors import ExportError

DTYPES: Final[dict[int, str]] = {
    onnx.TensorProto.FLOAT: "float32",
    onnx.TensorProto.INT64: "int64",
    onnx.TensorProto.BOOL: "bool",
    onnx.TensorProto.UINT8: "uint8",
}


@dataclass(frozen=True)
class GraphReport:
    """An exported graph and its differences from PyTorch. Immutable.

    Attributes:
        path: the .onnx file.
        signature: tensors of the graph.
        ir_version: of the file.
        opset: of the default domain.
        nodes: number of nodes.
        size: bytes.
        max_abs_difference: largest |ONNX - PyTorch| over the probes, in the scale of the series.
        max_rel_difference: largest |ONNX - PyTorch| ÷ (|PyTorch| + scale).
        differences: largest relative difference by probe.
        atol: absolute tolerance.
        rtol: relative tolerance.
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


def session(path: Path) -> ort.InferenceSession:
    """Single-threaded CPU session, configured as in the server."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime raises one class per status code
        first_line = (str(error).strip().splitlines() or [""])[0][:200]
        raise ExportError(f"{path}: ONNX Runtime does not load it ({first_line})") from error


def verify_equivalence(
    model: nn.Module,
    path: Path,
    probes: Sequence[Probe],
    signature: Signature,
) -> GraphReport:
    """Checks versions, names, types and shapes, then compares the outputs on every probe.

    Raises:
        ExportError: the graph breaks the contract or differs from the module.
    """
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
    running = session(path)
    worst_abs, worst_rel, differences = 0.0, 0.0, {}
    for probe in probes:
        with torch.no_grad():
            outputs_of_module = model(*(torch.from_numpy(array) for array in probe.inputs.values()))
        expected = [outputs_of_module] if isinstance(outputs_of_module, Tensor) else list(outputs_of_module)
        answers = list(running.run(None, dict(probe.inputs)))
        absolute, relative = _differences(answers, [tensor.numpy() for tensor in expected], probe, path)
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


def _differences(
    answers: Sequence[npt.NDArray[np.generic]], expected: Sequence[npt.NDArray[np.generic]], probe: Probe, path: Path
) -> tuple[float, float]:
    """Largest absolute difference, in the probe's scale, and relative difference; trend classes must be equal."""
    absolute, relative = 0.0, 0.0
    for ours, theirs in zip(answers, expected, strict=True):
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
