"""Verifies that an ONNX graph of any origin keeps the contract: versions, names, dtypes, shapes and output ranges.

`equivalence.py` compares a graph with its PyTorch module; this module checks graphs without one.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime as ort

from hemline_trainer.artifact.equivalence import DTYPES, session
from hemline_trainer.artifact.probes import Probe, forecaster_probes, image_probes, inputs_of, seasonal
from hemline_trainer.contract import BATCH_SIZES, FORECASTER, IMAGE_ENCODER, IR_VERSION, NEWEST_OPSET, Signature, Tensor
from hemline_trainer.errors import ExportError

Tensors = Mapping[str, npt.NDArray[Any]]
LARGEST_BATCH: Final = BATCH_SIZES[-1]
ROW_TOLERANCE: Final = 1e-3
"""Largest relative dependence of a row's outputs on the other rows of its batch."""


def check_forecaster(path: Path) -> None:
    """Refuses a forecaster that breaks the contract."""
    _check_signature(path, FORECASTER)
    running = session(path)
    for probe in [*forecaster_probes(), _largest()]:
        answers = _answers(path, running, probe)
        _check_finite(path, probe, answers)
        _check_forecast(path, probe, answers)
    _check_rows_are_independent(path, running)


def check_image_encoder(path: Path) -> None:
    """Refuses an image encoder that breaks the contract."""
    _check_signature(path, IMAGE_ENCODER)
    running = session(path)
    for probe in image_probes():
        _check_finite(path, probe, _answers(path, running, probe))


def _check_signature(path: Path, signature: Signature) -> None:
    """Checks versions, domains, and name, dtype and shape of every tensor."""
    model = _load(path)
    if model.ir_version > IR_VERSION:
        raise ExportError(
            f"{path}: IR version {model.ir_version}, the server takes at most {IR_VERSION}: set model.ir_version"
        )
    for entry in model.opset_import:
        if entry.domain not in {"", "ai.onnx"}:
            if any(node.domain == entry.domain for node in model.graph.node):
                raise ExportError(f"{path}: uses operators of {entry.domain}; the server has only ONNX's own")
        elif entry.version > NEWEST_OPSET:
            raise ExportError(
                f"{path}: opset {entry.version}, the server takes at most {NEWEST_OPSET}: "
                "export for an older one, or use onnx.version_converter"
            )
    constants = {tensor.name for tensor in model.graph.initializer}
    constants |= {tensor.values.name for tensor in model.graph.sparse_initializer}
    for tensor in model.graph.initializer:
        if tensor.data_location == onnx.TensorProto.EXTERNAL:
            raise ExportError(f"{path}: {tensor.name} lies in another file; save the model with its weights inside")
    _check_tensors(path, "input", [v for v in model.graph.input if v.name not in constants], signature.inputs)
    _check_tensors(path, "output", list(model.graph.output), signature.outputs)


def _check_tensors(path: Path, side: str, found: list[onnx.ValueInfoProto], expected: Sequence[Tensor]) -> None:
    values = {value.name: value.type.tensor_type for value in found}
    for tensor in expected:
        name = tensor.name
        if name not in values:
            raise ExportError(f"{path}: {side} {name} is missing; it has {', '.join(values) or 'none'}")
        kind = DTYPES.get(values[name].elem_type, onnx.TensorProto.DataType.Name(values[name].elem_type).lower())
        if kind != tensor.dtype:
            raise ExportError(f"{path}: {side} {name} is {kind}, must be {tensor.dtype}")
        shape = [
            each.dim_param or (each.dim_value if each.HasField("dim_value") else "?") for each in values[name].shape.dim
        ]
        if tuple(shape[1:]) != tensor.sizes or len(shape) != len(tensor.shape):
            found_shape = ", ".join(map(str, shape))
            raise ExportError(f"{path}: {side} {name} has shape [{found_shape}], must be {list(tensor.shape)}")
        if isinstance(shape[0], int):
            raise ExportError(
                f"{path}: {side} {name} has a fixed batch of {shape[0]}; export it with a free first side"
            )
    known = [tensor.name for tensor in expected]
    for name in values:
        if name not in known:
            raise ExportError(f"{path}: {side} {name} is too many; the contract knows {', '.join(known)}")


def _load(path: Path) -> onnx.ModelProto:
    try:
        model = onnx.load(path, load_external_data=False)
        onnx.checker.check_model(model)
    except OSError as error:
        raise ExportError(f"{path}: cannot be read ({error.strerror})") from error
    except Exception as error:  # protobuf's and the checker's errors have no common root
        raise ExportError(f"{path}: not a whole ONNX model ({_first_line(error)})") from error
    return model


def _answers(path: Path, running: ort.InferenceSession, probe: Probe) -> dict[str, npt.NDArray[Any]]:
    names = [output.name for output in running.get_outputs()]
    try:
        answers = dict(zip(names, running.run(names, dict(probe.inputs)), strict=True))
    except Exception as error:  # ONNX Runtime raises one class per status code
        raise ExportError(f"{path}: {probe.name}: it fails ({_first_line(error)})") from error
    rows = len(next(iter(probe.inputs.values())))
    for name, tensor in answers.items():
        if tensor.shape[:1] != (rows,):
            raise ExportError(f"{path}: {probe.name}: {name} has shape {tensor.shape} for {rows} rows")
    return answers


def _check_finite(path: Path, probe: Probe, answers: Tensors) -> None:
    for name, tensor in answers.items():
        if not np.isfinite(tensor).all():
            raise ExportError(f"{path}: {probe.name}: {name} is not finite")


def _check_forecast(path: Path, probe: Probe, answers: Tensors) -> None:
    """Checks that quantiles do not cross, classes are known, and weights are shares."""
    steps = np.diff(answers["quantiles"].astype(np.float64), axis=-1)
    if (steps < -1e-6 * np.abs(answers["quantiles"]).max(initial=0.0)).any():
        raise ExportError(f"{path}: {probe.name}: quantiles cross, a lower level lies above a higher one")
    if not np.isin(answers["trend_class"], (-1, 0, 1)).all():
        raise ExportError(f"{path}: {probe.name}: trend_class holds {sorted(set(answers['trend_class'].tolist()))}")
    for name in ("variable_weights", "week_weights"):
        sums = answers[name].astype(np.float64).sum(axis=-1)
        if (answers[name] < 0).any() or (np.abs(sums - 1) > ROW_TOLERANCE).any():
            raise ExportError(f"{path}: {probe.name}: {name} are no shares, they sum to {sums[0]:.4g}")


def _check_rows_are_independent(path: Path, running: ort.InferenceSession) -> None:
    """Checks that rows are independent, since the server batches unrelated requests."""
    together = _largest()
    whole = _answers(path, running, together)
    for row in (0, LARGEST_BATCH - 1):
        single = Probe("a single row", {name: array[row : row + 1] for name, array in together.inputs.items()})
        for name, tensor in _answers(path, running, single).items():
            gap = np.abs(tensor[0].astype(np.float64) - whole[name][row])
            if (gap > ROW_TOLERANCE * (np.abs(whole[name][row]) + 1e-3)).any():
                raise ExportError(f"{path}: {name} of a row changes with the rows beside it")


def _largest() -> Probe:
    rng = np.random.default_rng(5)
    return Probe(f"batch of {LARGEST_BATCH}", inputs_of(seasonal(LARGEST_BATCH, rng), rng))


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [""])[0][:200]
