"""Exports PyTorch modules to ONNX and verifies the graphs.

The exported graph is stripped of metadata of the build machine, restricted to the versions that the server's ONNX
Runtime loads, and compared with PyTorch on the probes.
"""

import logging
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from torch import nn

from hemline_trainer.artifact.equivalence import GraphReport, verify_equivalence
from hemline_trainer.artifact.probes import Probe, forecaster_probes, image_probes
from hemline_trainer.contract import FORECASTER, IR_VERSION, OPSET, Signature, image_encoder_signature
from hemline_trainer.errors import ExportError
from hemline_trainer.files.durable import beside
from hemline_trainer.model.forecaster import Forecaster


def export_forecaster(model: Forecaster, path: Path) -> GraphReport:
    """Writes and verifies `forecaster.onnx`."""
    return _exported(model, path, forecaster_probes(), FORECASTER)


def export_encoder(encoder: nn.Module, path: Path, dim: int) -> GraphReport:
    """Writes and verifies `image_encoder.onnx`, uint8 (B, 224, 224, 3) → float32 (B, dim)."""
    return _exported(encoder, path, image_probes(), image_encoder_signature(dim))


def _exported(model: nn.Module, path: Path, probes: Sequence[Probe], signature: Signature) -> GraphReport:
    """Writes a graph to a temporary file, verifies it and renames it, so `path` never holds an unverified graph."""
    with beside(path) as part:
        _write(model, part, probes[1].inputs, [tensor.name for tensor in signature.outputs])
        report = verify_equivalence(model, part, probes, signature)
    return replace(report, path=path)


def _write(
    model: nn.Module, path: Path, example: Mapping[str, npt.NDArray[np.generic]], outputs: Sequence[str]
) -> None:
    """Exports with a dynamic batch size and strips metadata."""
    model.eval()
    batch = torch.export.Dim.DYNAMIC
    tensors = tuple(torch.from_numpy(array) for array in example.values())
    logger = logging.getLogger("torch.onnx")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")  # deprecations inside the exporter
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
        logger.setLevel(level)
    if program is None:
        raise ExportError(f"{path}: the exporter gave no graph")
    graph = program.model_proto
    strip(graph)
    path.write_bytes(graph.SerializeToString(deterministic=True))


def strip(proto: onnx.ModelProto) -> None:
    """Sets the IR version, names the batch axis B, and removes metadata, doc strings and inner value infos."""
    proto.ir_version = IR_VERSION
    proto.producer_name, proto.producer_version, proto.doc_string = "hemline-trainer", "", ""
    del proto.metadata_props[:]
    graph = proto.graph
    graph.name, graph.doc_string = "graph", ""
    del graph.metadata_props[:]
    del graph.value_info[:]
    for element in [*graph.node, *graph.initializer, *graph.input, *graph.output, *proto.functions]:
        element.doc_string = ""
        if hasattr(element, "metadata_props"):
            del element.metadata_props[:]
    for value in [*graph.input, *graph.output]:
        value.type.tensor_type.shape.dim[0].dim_param = "B"
