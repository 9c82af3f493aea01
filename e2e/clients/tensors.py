"""Valid inputs of the live model, derived from its metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from conftest import Server

ROWS = 2
NUMPY = {"FP32": np.float32, "INT64": np.int64, "BOOL": np.bool_, "UINT8": np.uint8}


def metadata(server: Server, model: str = "trend") -> dict[str, Any]:
    """Return the model's metadata."""
    document: dict[str, Any] = server.request(f"/v2/models/{model}").json()
    return document


def arrays(server: Server, rows: int = ROWS) -> dict[str, np.ndarray[Any, Any]]:
    """Return an array for each input: a rising, fully observed history."""
    inputs = {}
    for spec in metadata(server)["inputs"]:
        shape = [rows if size == -1 else size for size in spec["shape"]]
        inputs[spec["name"]] = np.zeros(shape, NUMPY[spec["datatype"]])
    history = inputs["history"]
    history += np.linspace(1, 2, history.shape[1], dtype=np.float32)[None, :, None]
    inputs["observed"][...] = True
    return inputs


def datatype(array: np.ndarray[Any, Any]) -> str:
    """Return the protocol's name of the array's data type."""
    return next(name for name, kind in NUMPY.items() if array.dtype == kind)
