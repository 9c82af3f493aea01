"""Golden answers: reference outputs that a graph must reproduce within a tolerance before it goes live.

They are Open Inference Protocol v2 request and response pairs, computed by ONNX Runtime from the exported files.
"""

from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnxruntime

from hemline_trainer.contract import BATCH_SIZES, CATEGORIES, CONTEXT, EMBEDDING, GENDERS, MARKETS, YEAR
from hemline_trainer.data.synthetic.garments import Style, render
from hemline_trainer.errors import ArtifactRejected
from hemline_trainer.files.strict_json import loads

_GOLDEN_BATCHES: Final = BATCH_SIZES[:4]  # larger batches would repeat these rows

Array = npt.NDArray[Any]
Tensors = dict[str, Array]
Json = dict[str, Any]

_DATATYPES: Final = {"float32": "FP32", "int64": "INT64", "bool": "BOOL", "uint8": "UINT8"}
_DTYPES: Final = {datatype: dtype for dtype, datatype in _DATATYPES.items()}
_SIDES: Final = {"inputs": ("request", "inputs"), "outputs": ("response", "outputs")}
_EXTRAS: Final = {
    "request": {"id", "parameters", "outputs"},
    "response": {"id", "parameters", "model_name", "model_version"},
}
_ELEMENTS: Final[dict[str, set[type]]] = {"FP32": {int, float}, "INT64": {int}, "BOOL": {bool}, "UINT8": {int}}
_NEWEST: Final = 20_773  # Monday 2026-11-16 in days since 1970-01-01


def golden(forecaster: Path, image_encoder: Path, seed: int) -> Json:
    """Golden requests and the answers of both graphs."""
    rng = np.random.default_rng((seed, 3))
    return {
        "forecaster": [_pair("forecaster", forecaster, golden_inputs(count, rng)) for count in _GOLDEN_BATCHES],
        "image_encoder": [_pair("image_encoder", image_encoder, {"image": _photograph(rng)})],
    }


def read(folder: Path) -> Json:
    """Reads the golden requests and answers of an artifact."""
    try:
        pairs = loads((folder / "golden.json").read_bytes().decode("utf-8"))
    except (OSError, ValueError) as error:
        raise ArtifactRejected(f"golden.json cannot be read: {error}") from error
    if not isinstance(pairs, dict):
        raise ArtifactRejected("golden.json is not a JSON object")
    return pairs


def check_form(graph: str, pairs: Any, described: Json, batch_sizes: list[int]) -> None:  # noqa: ANN401 - from a file
    """Rejects pairs whose tensors differ from the graph's in name, dtype or shape, or in an unknown batch size."""
    if not isinstance(pairs, list) or not pairs:
        raise ArtifactRejected(f"golden.json: {graph} has no pairs")
    for number, pair in enumerate(pairs):
        where = f"golden.json: {graph} pair {number}"
        if not isinstance(pair, dict) or pair.keys() != _EXTRAS.keys():
            raise ArtifactRejected(f"{where}: it must hold request and response, and nothing else")
        for side, (message, member) in _SIDES.items():
            try:
                _has_only_known(pair[message], {member, *_EXTRAS[message]})
                tensors = dict(_strict(tensor) for tensor in pair[message][member])
            except (KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
                raise ArtifactRejected(f"{where}: {message} cannot be read: {error}") from error
            batch = next((len(tensor) for tensor in tensors.values() if tensor.ndim), 0)
            form = {name: (tensor.dtype.name, list(tensor.shape)) for name, tensor in tensors.items()}
            expected_form = {entry["name"]: (entry["dtype"], [batch, *entry["shape"][1:]]) for entry in described[side]}
            duplicated = len(pair[message][member]) != len(tensors)
            if form != expected_form or batch not in batch_sizes or duplicated:
                raise ArtifactRejected(f"{where}: {message} is not of the graph's tensors")


def _has_only_known(members: Json, known: set[str]) -> None:
    for name in members.keys() - known:
        raise ValueError(f"unknown member {name!r}")


def _strict(tensor: Json) -> tuple[str, Array]:
    """Name and values of a tensor whose elements are of the type that it declares; numpy would take "1" too."""
    _has_only_known(tensor, {"name", "datatype", "shape", "data", "parameters"})
    name, datatype, shape = tensor["name"], tensor["datatype"], tensor["shape"]
    if not isinstance(tensor["data"], list) or not all(type(side) is int and side >= 0 for side in shape):
        raise ValueError(f"tensor {name!r}: data must be a list, shape whole numbers")
    elements = np.array(tensor["data"], dtype=object)
    if elements.ndim != 1 and list(elements.shape) != shape:
        raise ValueError(f"tensor {name!r}: data are nested otherwise than shape {shape}")
    types = _ELEMENTS[datatype]
    for index, element in enumerate(elements.ravel().tolist()):
        if type(element) not in types:
            raise ValueError(f"tensor {name!r}: element {index} is {element!r}, which is no {datatype}")
    with np.errstate(over="ignore"):
        typed = np.array(elements.ravel(), dtype=_DTYPES[datatype]).reshape(shape)
    if typed.dtype == np.float32 and not np.isfinite(typed).all():
        raise ValueError(f"tensor {name!r}: an element is not finite in float32")
    return name, typed


def check(document: Json, folder: Path, files: dict[str, str], atol: float, rtol: float) -> float:
    """Recomputes and compares; returns the largest difference, raises ArtifactRejected beyond the tolerance."""
    largest = 0.0
    for graph, pairs in document.items():
        session = _session(folder / files[graph])
        for number, pair in enumerate(pairs):
            answers = _answers(session, graph, number, pair)
            for name, expected in from_json(pair["response"]["outputs"]).items():
                if name not in answers or answers[name].shape != expected.shape:
                    raise ArtifactRejected(f"golden.json: {graph} pair {number}: the graph gives no such {name}")
                answer = answers[name].astype(np.float64)
                difference = np.abs(answer - expected.astype(np.float64))
                if not np.all(difference <= atol + rtol * np.abs(expected)):
                    raise ArtifactRejected(
                        f"golden.json: {graph} pair {number}: {name} differs by {difference.max():.3g}, "
                        f"more than atol {atol:g} + rtol {rtol:g} allow"
                    )
                largest = max(largest, float(difference.max(initial=0.0)))
    return largest


def _answers(session: onnxruntime.InferenceSession, graph: str, number: int, pair: Json) -> Tensors:
    try:
        return run(session, from_json(pair["request"]["inputs"]))
    except Exception as error:  # ONNX Runtime raises one class per status code
        raise ArtifactRejected(f"golden.json: {graph} pair {number}: the graph fails ({_first_line(error)})") from error


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [""])[0][:200]


def golden_inputs(count: int, rng: np.random.Generator) -> Tensors:
    """`count` rows for the forecaster: long, short, complete and incomplete histories, known and unknown attributes."""
    history = np.zeros((count, CONTEXT, 4), dtype=np.float32)
    observed = np.zeros((count, CONTEXT, 4), dtype=bool)
    for row in range(count):
        weeks = (CONTEXT, 104, 1, 30, 8, CONTEXT, 53, 157)[row % 8]
        history[row, -weeks:], observed[row, -weeks:] = _series(weeks, rng)
        if row % 3 == 1:
            observed[row, :, 1:] = False
        if row % 2 == 1 and weeks > 1:
            observed[row, -weeks:] &= rng.random((weeks, 1)) > 0.15  # noqa: PLR2004 - one week in seven is missing
    history[~observed] = 0.0
    has_image = np.arange(count) % 2 == 0
    embedding = rng.standard_normal((count, EMBEDDING)).astype(np.float32) * has_image[:, None]
    limits = [len(MARKETS) + 1, len(GENDERS) + 1, len(CATEGORIES) + 1]
    return {
        "history": _rounded(history),
        "observed": observed,
        "last_week": np.asarray(_NEWEST - 7 * rng.integers(0, 400, count), dtype=np.int64),
        "static_ids": np.asarray(rng.integers(0, limits, (count, 3)), dtype=np.int64),
        "image_embedding": _rounded(embedding),
        "has_image": has_image,
    }


def _series(weeks: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """A seasonal volume and the three side variables, (weeks, 4), all observed."""
    time = np.arange(weeks)
    season = 1 + rng.uniform(0.1, 0.6) * np.sin(2 * np.pi * (time / YEAR + rng.random()))
    volume = 10 ** rng.uniform(-1, 3) * season * np.exp(rng.normal(0, 0.1, weeks))
    share, sentiment = rng.uniform(0, 0.6, weeks), rng.uniform(-0.5, 0.9, weeks)
    series = np.stack([volume, share, sentiment, rng.uniform(10, 400, weeks)], axis=1)
    return series.astype(np.float32), np.ones((weeks, 4), dtype=bool)


def _photograph(rng: np.random.Generator) -> Array:
    """A dark image of a dress: two digits per pixel keep the file small."""
    return render("dress", Style(0.7, 0.3, 0.4), rng)[None] // 3


def _rounded(numbers: Array) -> Array:
    """Rounds to four significant digits, which keeps the file small."""
    size = 10.0 ** (3 - np.floor(np.log10(np.abs(np.where(numbers == 0, 1, numbers.astype(np.float64))))))
    return np.asarray(np.round(numbers * size) / size, dtype=np.float32)


def _session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime raises one class per status code
        raise ArtifactRejected(f"{path.name}: ONNX Runtime does not load it ({_first_line(error)})") from error


def run(session: onnxruntime.InferenceSession, inputs: Tensors) -> Tensors:
    """Runs a graph on named tensors."""
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, inputs), strict=True))


def _pair(graph: str, path: Path, inputs: Tensors) -> Json:
    answers = run(_session(path), inputs)
    return {
        "request": {"inputs": to_json(inputs)},
        "response": {"model_name": graph, "outputs": to_json(answers)},
    }


def to_json(tensors: Tensors) -> list[Json]:
    """Named tensors as OIP v2 JSON: flat row-major data, float32 in shortest decimal."""
    return [
        {
            "name": name,
            "shape": list(tensor.shape),
            "datatype": _DATATYPES[tensor.dtype.name],
            "data": _flat(tensor),
        }
        for name, tensor in tensors.items()
    ]


def from_json(tensors: list[Json]) -> Tensors:
    """OIP v2 JSON with flat data as named tensors."""
    return {
        tensor["name"]: np.array(tensor["data"], dtype=_DTYPES[tensor["datatype"]]).reshape(tensor["shape"])
        for tensor in tensors
    }


def _flat(tensor: Array) -> list[Any]:
    if tensor.dtype != np.float32:
        return list(tensor.ravel().tolist())
    return [float(str(number)) if number else 0 for number in tensor.ravel()]
