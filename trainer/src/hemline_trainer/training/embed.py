"""Fills the embedding bank: embeds newly rendered garments with image_encoder.onnx.

The bank uses the exported graph instead of the PyTorch module, so that the encoder of any artifact can be reused.
"""

from pathlib import Path

import numpy as np
import onnxruntime

from hemline_trainer.artifact import manifest
from hemline_trainer.contract import CATEGORIES
from hemline_trainer.data.embeddings import EmbeddingBank
from hemline_trainer.data.synthetic.renders import Progress, render_many

_BATCH = 50
_RIDGE = 1.0


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
    """Linear probe of the embeddings: ridge regression on one half of the bank, scored on the other.

    Returns:
        R² of cut, colour and pattern, and the accuracy of the category.
    """
    half = len(bank) // 2
    features = np.concatenate([bank.embeddings, np.ones((len(bank), 1), dtype=np.float32)], axis=1).astype(np.float64)
    targets = np.concatenate([bank.styles, np.eye(len(CATEGORIES))[bank.categories - 1]], axis=1)
    first, second = features[:half], features[half:]
    weights = np.linalg.solve(first.T @ first + _RIDGE * np.eye(features.shape[1]), first.T @ targets[:half])
    predicted, truth = second @ weights, targets[half:]
    unexplained = ((predicted[:, :3] - truth[:, :3]) ** 2).mean(axis=0) / truth[:, :3].var(axis=0)
    accuracy = (predicted[:, 3:].argmax(axis=1) == truth[:, 3:].argmax(axis=1)).mean()
    figures = {
        f"r2_{name}": 1 - float(share) for name, share in zip(("cut", "colour", "pattern"), unexplained, strict=True)
    }
    return {**figures, "category_accuracy": float(accuracy)}
