"""Quantises the image encoder to 8-bit weights and verifies its embeddings against float32.

Only matrix products are quantised: weights statically, per output column, to signed 7 bits, so that processors without
VNNI cannot overflow their 16-bit sums; activations dynamically, to 8 bits per tensor. An embedding therefore depends
slightly on the other images of its batch; the server encodes one image at a time.

Quantisation amplifies rounding: where float32 results differ in the last bit, as between versions of ONNX Runtime or
kinds of processor, an activation may round to the neighbouring level. Golden answers may therefore fail on another
machine than the trainer's; `jump` is the effect of one grey level of one pixel on an embedding.

B = batch, D = embedding.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import onnx

from hemline_trainer.artifact.equivalence import session
from hemline_trainer.artifact.export import strip
from hemline_trainer.artifact.probes import SEED, image_probes
from hemline_trainer.artifact.signature_check import check_image_encoder
from hemline_trainer.contract import CATEGORIES
from hemline_trainer.data.synthetic.renders import render_many
from hemline_trainer.errors import ExportError
from hemline_trainer.files.durable import beside
from hemline_trainer.progress import Silent

LEAST_COSINE: Final = 0.99
"""Lower bound between the embeddings of both graphs, for every verification image."""

_PRODUCT: Final = "MatMulInteger"
_PREPARED: Final = {"onnx.quant.pre_process": "onnxruntime.quant"}  # suppresses the quantiser's advice to pre-process


@dataclass(frozen=True)
class Quantised:
    """Result of a quantisation. Immutable.

    Attributes:
        path: the 8-bit graph.
        products: number of quantised matrix products.
        size_before: bytes of the float32 graph.
        size: bytes.
        cosine: minimum over the verification images.
        jump: largest effect of one grey level of one pixel on an embedding; golden answers allow `contract.ATOL`.
    """

    path: Path
    products: int
    size_before: int
    size: int
    cosine: float
    jump: float


def is_quantised(path: Path) -> bool:
    """Whether a graph holds 8-bit matrix products."""
    return _products(onnx.load(path)) > 0


def quantise_encoder(source: Path, out: Path) -> Quantised:
    """Quantises the image encoder `source` into `out`, which may be the same path, and verifies the result.

    Raises:
        ExportError: the result breaks the contract or its embeddings differ too much; `out` is unchanged.
    """
    size_before = source.stat().st_size
    with beside(out) as part:
        products = _write(source, part)
        check_image_encoder(part)
        found = cosine(source, part)
        if not found >= LEAST_COSINE:
            raise ExportError(
                f"{source}: with 8-bit weights an embedding has cosine {found:.4f} to its own in float32, "
                f"less than {LEAST_COSINE}; keep this encoder in float32"
            )
        size, moved = part.stat().st_size, jump(part)
    return Quantised(out, products, size_before, size, found, moved)


def cosine(first: Path, second: Path) -> float:
    """Minimum cosine between the embeddings of two encoders: noise and flat images in batches, garments singly."""
    one, other = session(first), session(second)
    batches = [*(probe.inputs["image"] for probe in image_probes()), *_garments()]
    return min(
        _cosine(one.run(["embedding"], {"image": images})[0], other.run(["embedding"], {"image": images})[0])
        for images in batches
    )


def jump(path: Path) -> float:
    """Largest effect of one grey level in the middle of a garment on its embedding."""
    running, largest = session(path), 0.0
    for image in _garments():
        touched = image.copy()
        touched[0, 112, 112, 1] ^= 1
        before, after = (running.run(["embedding"], {"image": each})[0] for each in (image, touched))
        largest = max(largest, float(np.abs(after - before).max()))
    return largest


def _garments() -> list[npt.NDArray[np.uint8]]:
    """Two garments of each category, each a batch of one."""
    images = render_many(2 * len(CATEGORIES), np.random.default_rng(SEED), Silent()).images
    return np.split(images, len(images))


def _cosine(ours: npt.NDArray[np.float32], theirs: npt.NDArray[np.float32]) -> float:
    """Minimum over the rows of (B, D)."""
    sizes = np.linalg.norm(ours, axis=1) * np.linalg.norm(theirs, axis=1)
    return float(((ours * theirs).sum(axis=1) / np.maximum(sizes, np.finfo(np.float32).tiny)).min())


def _write(source: Path, out: Path) -> int:
    """Quantises, restricts the opsets to those the server loads, and strips metadata; returns the products."""
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415 - a slow import that few commands need

    graph = onnx.load(source)
    before = _products(graph)
    onnx.helper.set_model_props(graph, _PREPARED)
    with tempfile.TemporaryDirectory(prefix="hemline-") as scratch:
        prepared = Path(scratch) / "prepared.onnx"
        onnx.save(graph, prepared)
        quantize_dynamic(
            prepared,
            out,
            op_types_to_quantize=["MatMul"],
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )
    made = onnx.load(out)
    products = _products(made) - before
    if products == 0:
        raise ExportError(f"{source}: it holds no matrix product with float32 weights to quantise")
    used = {node.domain for node in made.graph.node} | {""}
    kept = [entry for entry in made.opset_import if entry.domain in used]
    del made.opset_import[:]
    made.opset_import.extend(kept)
    strip(made)
    out.write_bytes(made.SerializeToString(deterministic=True))
    return products


def _products(graph: onnx.ModelProto) -> int:
    return sum(node.op_type == _PRODUCT for node in graph.graph.node)
