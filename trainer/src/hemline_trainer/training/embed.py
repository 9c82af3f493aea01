"""Fills the embedding bank: renders garments that no encoder was trained on and asks image_encoder.onnx about them.

The exported graph is asked, not the PyTorch module, so that any artifact's encoder can serve a new training.
"""

from pathlib import Path
from typing import Protocol

import numpy as np
import onnxruntime

from hemline_trainer.artifact import manifest
from hemline_trainer.contract import CATEGORIES
from hemline_trainer.data.embeddings import EmbeddingBank
from hemline_trainer.training.encoder import render_many

_BATCH = 50
_RIDGE = 1.0


class Progress(Protocol):
    """Told of each step by whoever works."""

    def update(self, step: int, total: int, metrics: dict[str, float]) -> None:
        """`step` of `total` is done."""


def fill_bank(image_encoder: Path, seed: int, size: int, progress: Progress) -> EmbeddingBank:
    """Renders `size` garments from `seed` and embeds them with the graph at `image_encoder`."""
    renders = render_many(size, np.random.default_rng((seed, 2)), progress)
    session = onnxruntime.InferenceSession(str(image_encoder), providers=["CPUExecutionProvider"])
    embeddings = [
        session.run(["embedding"], {"image": renders.images[first : first + _BATCH]})[0]
        for first in range(0, size, _BATCH)
    ]
    return EmbeddingBank(
        embeddings=np.concatenate(embeddings).astype(np.float32),
        styles=renders.styles,
        categories=renders.categories,
        digest=manifest.sha256(image_encoder),
    )


def sight(bank: EmbeddingBank) -> dict[str, float]:
    """How much of style and category a linear reader finds in the embeddings of renders it has not seen.

    Ridge regression on one half of the bank, measured on the other.

    Returns:
        R² of cut, colour and pattern, and the share of categories named right.
    """
    half = len(bank) // 2
    known = np.concatenate([bank.embeddings, np.ones((len(bank), 1), dtype=np.float32)], axis=1).astype(np.float64)
    wanted = np.concatenate([bank.styles, np.eye(len(CATEGORIES))[bank.categories - 1]], axis=1)
    first, second = known[:half], known[half:]
    weights = np.linalg.solve(first.T @ first + _RIDGE * np.eye(known.shape[1]), first.T @ wanted[:half])
    read, truth = second @ weights, wanted[half:]
    unexplained = ((read[:, :3] - truth[:, :3]) ** 2).mean(axis=0) / truth[:, :3].var(axis=0)
    named = (read[:, 3:].argmax(axis=1) == truth[:, 3:].argmax(axis=1)).mean()
    figures = {
        f"r2_{name}": 1 - float(share) for name, share in zip(("cut", "colour", "pattern"), unexplained, strict=True)
    }
    return {**figures, "category_accuracy": float(named)}
