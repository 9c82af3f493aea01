"""Tiny graphs with the contract's signatures, for tests of what surrounds the real ones."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from hemline_trainer.contract import CONTEXT, DRIVERS, EMBEDDING, HORIZON


def write_graphs(folder: Path, level: float = 1.0) -> Path:
    """Writes forecaster.onnx (last value times `level`) and image_encoder.onnx (mean colours) to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    _save(folder / "forecaster.onnx", _forecaster(level))
    _save(folder / "image_encoder.onnx", _encoder())
    return folder


def _save(path: Path, graph: onnx.GraphProto) -> None:
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)


def _constant(name: str, values: np.ndarray) -> onnx.TensorProto:
    return numpy_helper.from_array(values, name)


def _value(name: str, kind: int, *rest: int) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, ["B", *rest])


def _forecaster(level: float) -> onnx.GraphProto:
    spread = np.array([-0.2, 0.0, 0.2], dtype=np.float32) * level
    constants = [
        _constant("from", np.array([CONTEXT - 1, 0], dtype=np.int64)),
        _constant("to", np.array([CONTEXT, 1], dtype=np.int64)),
        _constant("axes", np.array([1, 2], dtype=np.int64)),
        _constant("spread", np.broadcast_to(spread, (1, HORIZON, 3)).copy()),
        _constant("level", np.full((1, 1, 1), level, dtype=np.float32)),
        _constant("zero", np.zeros((1, 1, 1), dtype=np.float32)),
        _constant("flat", np.array([-1], dtype=np.int64)),
        _constant("even", np.full((1, len(DRIVERS)), 1 / len(DRIVERS), dtype=np.float32)),
        _constant("weeks", np.full((1, CONTEXT), 1 / CONTEXT, dtype=np.float32)),
        _constant("column", np.array([1], dtype=np.int64)),
    ]
    nodes = [
        helper.make_node("Slice", ["history", "from", "to", "axes"], ["last"]),
        helper.make_node("Mul", ["last", "level"], ["middle"]),
        helper.make_node("Abs", ["last"], ["size"]),
        helper.make_node("Mul", ["size", "spread"], ["band"]),
        helper.make_node("Add", ["middle", "band"], ["quantiles"]),
        helper.make_node("Mul", ["last", "zero"], ["nothing"]),
        helper.make_node("Reshape", ["nothing", "flat"], ["none"]),
        helper.make_node("Cast", ["none"], ["trend_class"], to=TensorProto.INT64),
        helper.make_node("Unsqueeze", ["none", "column"], ["rows"]),
        helper.make_node("Add", ["rows", "even"], ["variable_weights"]),
        helper.make_node("Add", ["rows", "weeks"], ["week_weights"]),
    ]
    return helper.make_graph(
        nodes,
        "tiny",
        [
            _value("history", TensorProto.FLOAT, CONTEXT, 4),
            _value("observed", TensorProto.BOOL, CONTEXT, 4),
            _value("last_week", TensorProto.INT64),
            _value("static_ids", TensorProto.INT64, 3),
            _value("image_embedding", TensorProto.FLOAT, EMBEDDING),
            _value("has_image", TensorProto.BOOL),
        ],
        [
            _value("quantiles", TensorProto.FLOAT, HORIZON, 3),
            _value("trend_class", TensorProto.INT64),
            _value("variable_weights", TensorProto.FLOAT, len(DRIVERS)),
            _value("week_weights", TensorProto.FLOAT, CONTEXT),
        ],
        constants,
    )


def _encoder() -> onnx.GraphProto:
    constants = [
        _constant("pixels", np.array([1, 2], dtype=np.int64)),
        _constant("mix", np.linspace(-1, 1, 3 * EMBEDDING, dtype=np.float32).reshape(3, EMBEDDING)),
        _constant("white", np.array(255, dtype=np.float32)),
    ]
    nodes = [
        helper.make_node("Cast", ["image"], ["floats"], to=TensorProto.FLOAT),
        helper.make_node("Div", ["floats", "white"], ["scaled"]),
        helper.make_node("ReduceMean", ["scaled", "pixels"], ["colours"], keepdims=0),
        helper.make_node("MatMul", ["colours", "mix"], ["embedding"]),
    ]
    return helper.make_graph(
        nodes,
        "tiny",
        [_value("image", TensorProto.UINT8, 224, 224, 3)],
        [_value("embedding", TensorProto.FLOAT, EMBEDDING)],
        constants,
    )
