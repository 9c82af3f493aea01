"""Teaches the small image encoder to see category and style in rendered garments.

The renders are made once and kept in memory; two linear heads on the embedding are trained with it and thrown away.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from hemline_trainer.encoder import SmallVisionTransformer
from hemline_trainer.garments import SIDE, Style, render
from hemline_trainer.vocabulary import CATEGORIES


class Progress(Protocol):
    """Told of each step by whoever works."""

    def update(self, step: int, total: int, metrics: dict[str, float]) -> None:
        """`step` of `total` is done."""


@dataclass(frozen=True)
class EncoderTraining:
    """How the small encoder is trained. Immutable."""

    seed: int = 7
    images: int = 5500
    epochs: int = 16
    batch: int = 50
    learning_rate: float = 1.5e-3
    style_weight: float = 8.0


@dataclass(frozen=True)
class Renders:
    """Rendered garments with what they show. Immutable.

    Attributes:
        images: uint8 (N, 224, 224, 3).
        styles: float32 (N, 3): cut, colour, pattern.
        categories: int64 (N,), vocabulary ids.
    """

    images: npt.NDArray[np.uint8]
    styles: npt.NDArray[np.float32]
    categories: npt.NDArray[np.int64]


def render_many(count: int, rng: np.random.Generator, progress: Progress) -> Renders:
    """Renders `count` garments, the categories in turn, styles uniform."""
    images = np.empty((count, SIDE, SIDE, 3), dtype=np.uint8)
    styles = rng.random((count, 3), dtype=np.float32)
    categories = np.arange(count, dtype=np.int64) % len(CATEGORIES) + 1
    for index in range(count):
        cut, colour, pattern = (float(number) for number in styles[index])
        images[index] = render(CATEGORIES[categories[index] - 1], Style(cut, colour, pattern), rng)
        if (index + 1) % 50 == 0 or index + 1 == count:
            progress.update(index + 1, count, {})
    return Renders(images, styles, categories)


def train_encoder(training: EncoderTraining, progress: Progress) -> SmallVisionTransformer:
    """Renders garments and trains the small encoder on them; the same seed gives the same weights on one machine."""
    rng = np.random.default_rng((training.seed, 1))
    renders = render_many(training.images, rng, progress)
    shuffles = torch.Generator().manual_seed(training.seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(training.seed)
        model = SmallVisionTransformer()
        heads = nn.Linear(model.dim, len(CATEGORIES) + 3)
    images, styles = torch.from_numpy(renders.images), torch.from_numpy(renders.styles)
    categories = torch.from_numpy(renders.categories) - 1
    parameters = [*model.parameters(), *heads.parameters()]
    optimiser = torch.optim.AdamW(parameters, lr=training.learning_rate, weight_decay=0.02)
    batches = training.images // training.batch
    total = batches * training.epochs
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, training.learning_rate, total_steps=total, pct_start=0.15)
    step = 0
    for _ in range(training.epochs):
        for rows in torch.randperm(training.images, generator=shuffles)[: batches * training.batch].chunk(batches):
            batch = _varied(images[rows], shuffles)
            loss = _loss(heads(model(batch)), categories[rows], styles[rows], training.style_weight)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            schedule.step()
            step += 1
            if step % 10 == 0 or step == total:
                progress.update(step, total, {"loss": float(loss.detach()), "rows": float(training.batch)})
    return model.eval()


def _varied(images: Tensor, generator: torch.Generator) -> Tensor:
    """Mirrors and shifts the whole batch by a few pixels: what a style must not depend on."""
    down, right, mirrored = (int(torch.randint(low, high, (1,), generator=generator)) for low, high in _SHIFTS)
    shifted = images.roll((down, right), dims=(1, 2))
    return shifted.flip(2) if mirrored else shifted


_SHIFTS = ((-8, 9), (-8, 9), (0, 2))


def _loss(heads: Tensor, categories: Tensor, styles: Tensor, style_weight: float) -> Tensor:
    """Cross-entropy of the category plus the weighted squared error of the style."""
    count = len(CATEGORIES)
    return F.cross_entropy(heads[:, :count], categories) + style_weight * F.mse_loss(heads[:, count:], styles)
