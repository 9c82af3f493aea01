"""Inputs that the live model accepts, made from its metadata alone."""

from __future__ import annotations

import json
import urllib.request
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from conftest import Server

ROWS = 2
NUMPY = {"FP32": np.float32, "INT64": np.int64, "BOOL": np.bool_, "UINT8": np.uint8}


def metadata(server: Server, model: str = "trend") -> dict[str, Any]:
    """Return the model's metadata."""
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/v2/models/{model}") as answer:
        told: dict[str, Any] = json.load(answer)
        return told


def arrays(server: Server, rows: int = ROWS) -> dict[str, np.ndarray[Any, Any]]:
    """Return an array for each input: a rising history, everything observed."""
    inputs = {}
    for spec in metadata(server)["inputs"]:
        shape = [rows if size == -1 else size for size in spec["shape"]]
        inputs[spec["name"]] = np.zeros(shape, NUMPY[spec["datatype"]])
    history = inputs["history"]
    history += np.linspace(1, 2, history.shape[1], dtype=np.float32)[None, :, None]
    inputs["observed"][...] = True
    return inputs


def datatype(array: np.ndarray[Any, Any]) -> str:
    """Return the protocol's word for the array's type."""
    return next(word for word, kind in NUMPY.items() if array.dtype == kind)
