"""The image encoder with 8-bit weights, and the proof that it still sees the same.

Matrix products alone are quantised: weights ahead, per output column, to signed 7 bits, so that a processor without
VNNI cannot overflow its 16-bit sums; activations as they come, to 8 bits over the whole tensor. For that last reason an
image's embedding depends a little on the images beside it; the server asks about one at a time.

Rounding makes much of little: where float32 answers move by the last bit, as between two versions of ONNX Runtime or
two kinds of processor, an activation may fall on the other side of a step. So golden answers may fail on another
machine than the trainer's; `jump` says how far one grey level of one pixel moves an embedding.

B = batch, D = embedding.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import onnx

from hemline_trainer.artifact.export import session, strip
from hemline_trainer.artifact.probes import SEED, image_probes
from hemline_trainer.artifact.signature_check import check_image_encoder
from hemline_trainer.contract import CATEGORIES
from hemline_trainer.errors import ExportError
from hemline_trainer.files.durable import beside
from hemline_trainer.progress import Silent
from hemline_trainer.training.encoder import render_many

LEAST_COSINE: Final = 0.99
"""Between the embeddings of the two graphs, for every image of the proof."""

_PRODUCT: Final = "MatMulInteger"
_PREPARED: Final = {"onnx.quant.pre_process": "onnxruntime.quant"}  # keeps the quantiser from advising to prepare


@dataclass(frozen=True)
class Quantised:
    """What became of a graph. Immutable.

    Attributes:
        path: the 8-bit graph.
        products: matrix products that are 8-bit now.
        size_before: bytes of the float32 graph.
        size: bytes.
        cosine: least over the images of the proof.
        jump: how far one grey level of one pixel moves an embedding at most; golden answers allow `contract.ATOL`.
    """

    path: Path
    products: int
    size_before: int
    size: int
    cosine: float
    jump: float


def is_quantised(path: Path) -> bool:
    """Whether a graph holds 8-bit matrix products already."""
    return _products(onnx.load(path)) > 0


def quantise_encoder(source: Path, out: Path) -> Quantised:
    """Writes the 8-bit sibling of the image encoder `source` to `out`, which may be the same place, and proves it.

    Raises:
        ExportError: the sibling breaks the contract, or sees something else; `out` is what it was.
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
    """Least cosine between the embeddings of two encoders: noise and flat images in batches, garments one by one."""
    one, other = session(first), session(second)
    batches = [*(probe.inputs["image"] for probe in image_probes()), *_garments()]
    return min(
        _cosine(one.run(["embedding"], {"image": images})[0], other.run(["embedding"], {"image": images})[0])
        for images in batches
    )


def jump(path: Path) -> float:
    """How far one grey level in the middle of a garment moves its embedding at most."""
    asked, largest = session(path), 0.0
    for image in _garments():
        touched = image.copy()
        touched[0, 112, 112, 1] ^= 1
        before, after = (asked.run(["embedding"], {"image": each})[0] for each in (image, touched))
        largest = max(largest, float(np.abs(after - before).max()))
    return largest


def _garments() -> list[npt.NDArray[np.uint8]]:
    """Two of each category, each a batch of one."""
    images = render_many(2 * len(CATEGORIES), np.random.default_rng(SEED), Silent()).images
    return np.split(images, len(images))


def _cosine(ours: npt.NDArray[np.float32], theirs: npt.NDArray[np.float32]) -> float:
    """Least over the rows of (B, D)."""
    sizes = np.linalg.norm(ours, axis=1) * np.linalg.norm(theirs, axis=1)
    return float(((ours * theirs).sum(axis=1) / np.maximum(sizes, np.finfo(np.float32).tiny)).min())


def _write(source: Path, out: Path) -> int:
    """Quantises, holds the file to the versions that the server loads, and strips it; returns the products."""
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415 - few need it

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
