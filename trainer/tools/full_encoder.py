"""An artifact whose image encoder is ViT-B/16 in full size (330 MB) with random weights: heavy, and worth nothing else.

uv run --project trainer --locked python trainer/tools/full_encoder.py OUT [--like ARTIFACT] [--seed N]

The forecaster is that of ARTIFACT. So a server that swaps such artifacts pays for the weight of the encoder, and its
forecasts of known series stay what they were. Takes about a minute and 3 GB of memory.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

import torch

from hemline_trainer.artifact import manifest
from hemline_trainer.artifact.export import export_encoder
from hemline_trainer.artifact.package import package
from hemline_trainer.model.encoder import FullVisionTransformer

_DEMO = Path(__file__).parents[2] / "model-store" / "demo" / "store" / "trend" / "versions" / "2"


def make(out: Path, like: Path, seed: int) -> int:
    """Builds the artifact folder; returns the bytes of its encoder."""
    told = manifest.read(like)
    torch.manual_seed(seed)
    encoder = FullVisionTransformer()
    with tempfile.TemporaryDirectory(prefix="hemline-") as scratch:
        graphs = Path(scratch)
        shutil.copyfile(like / "forecaster.onnx", graphs / "forecaster.onnx")
        report = export_encoder(encoder, graphs / "image_encoder.onnx", encoder.dim)
        package(
            graphs,
            out,
            model=told["model"],
            created=told["created"],
            training=manifest.Training(**told["training"]),
            backtest=[],
            notes=[
                "Its image encoder has random weights: it is for measuring a swap, not for answering with pictures."
            ],
        )
    return report.size


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("out", type=Path, help="folder of the artifact, replaced as a whole")
    parser.add_argument("--like", type=Path, default=_DEMO, help="artifact that gives the forecaster")
    parser.add_argument("--seed", type=int, default=1, help="of the random weights")
    told = parser.parse_args()
    size = make(told.out, told.like, told.seed)
    sys.stdout.write(f"{told.out}: an image encoder of {size / 1e6:.0f} MB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
