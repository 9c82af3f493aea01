"""What an image costs in float32 and with 8-bit weights, and how alike the embeddings are.

uv run --project trainer --locked python trainer/tools/encoder_cost.py [image_encoder.onnx] [--rounds N]

Without a graph it is ViT-B/16 in full size with random weights, which takes 3 GB and about two minutes. One thread, one
image at a time, as the server asks. The graphs take turns within every round, so that a busy machine is busy for both;
figures are medians over rounds, the ratio is the median of the rounds' own. A processor
with VNNI multiplies bytes faster than one with AVX2 alone.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import onnxruntime as ort
import torch

from hemline_trainer.artifact.equivalence import session
from hemline_trainer.artifact.export import export_encoder
from hemline_trainer.artifact.quantised import quantise_encoder
from hemline_trainer.model.encoder import FullVisionTransformer


def taken(graphs: list[Path], rounds: int) -> list[list[float]]:
    """Milliseconds per image, by graph and round; two more rounds warm up."""
    asked = [session(graph) for graph in graphs]
    rng = np.random.default_rng(0)
    times: list[list[float]] = [[] for _ in graphs]
    for _ in range(rounds + 2):
        image = {"image": rng.integers(0, 256, (1, 224, 224, 3)).astype(np.uint8)}
        for graph, kept in zip(asked, times, strict=True):
            began = time.perf_counter()
            graph.run(["embedding"], image)
            kept.append(1e3 * (time.perf_counter() - began))
    return [kept[2:] for kept in times]


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("graph", type=Path, nargs="?", help="image_encoder.onnx in float32")
    parser.add_argument("--rounds", type=int, default=25, help="counted rounds (default 25)")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hemline-") as scratch:
        plain = told.graph
        if plain is None:
            torch.manual_seed(1)
            encoder = FullVisionTransformer()
            plain = export_encoder(encoder, Path(scratch) / "image_encoder.onnx", encoder.dim).path
        made = quantise_encoder(plain, Path(scratch) / "int8.onnx")
        float32, int8 = taken([plain, made.path], told.rounds)
    ratio = np.median(np.divide(int8, float32))
    print(
        f"onnxruntime {ort.__version__}, one thread, median of {told.rounds} rounds: {told.graph or 'ViT-B/16, random'}"
    )
    print(f"float32  {np.median(float32):8.2f} ms per image  {made.size_before / 1e6:7.2f} MB")
    print(f"int8     {np.median(int8):8.2f} ms per image  {made.size / 1e6:7.2f} MB  {made.products} products")
    print(f"ratio    {ratio:8.3f}     cosine at least {made.cosine:.4f}")
    print(f"one grey level of one pixel moves an int8 embedding by at most {made.jump:.1e}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
