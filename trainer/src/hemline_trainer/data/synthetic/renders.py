"""Rendered garments with their labels: the training data of the image encoder and of the embedding bank."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from hemline_trainer.contract import CATEGORIES
from hemline_trainer.data.synthetic.garments import SIDE, Style, render


class Progress(Protocol):
    """Receives the progress of a stage."""

    def update(self, step: int, total: int, metrics: dict[str, float]) -> None:
        """`step` of `total` is done."""


@dataclass(frozen=True)
class Renders:
    """Rendered garments with their labels. Immutable.

    Attributes:
        images: uint8 (N, 224, 224, 3).
        styles: float32 (N, 3): cut, colour, pattern.
        categories: int64 (N,), vocabulary ids.
    """

    images: npt.NDArray[np.uint8]
    styles: npt.NDArray[np.float32]
    categories: npt.NDArray[np.int64]


def render_many(count: int, rng: np.random.Generator, progress: Progress) -> Renders:
    """Renders `count` garments with cycling categories and uniform styles."""
    images = np.empty((count, SIDE, SIDE, 3), dtype=np.uint8)
    styles = rng.random((count, 3), dtype=np.float32)
    categories = np.arange(count, dtype=np.int64) % len(CATEGORIES) + 1
    for index in range(count):
        cut, colour, pattern = (float(number) for number in styles[index])
        images[index] = render(CATEGORIES[categories[index] - 1], Style(cut, colour, pattern), rng)
        if (index + 1) % 50 == 0 or index + 1 == count:
            progress.update(index + 1, count, {})
    return Renders(images, styles, categories)
