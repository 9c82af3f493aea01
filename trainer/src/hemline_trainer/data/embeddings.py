"""The embedding bank: embeddings of many rendered garments, computed once.

Training draws from it instead of encoding an image per trend and step. N embeddings, D = 64.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from hemline_trainer.contract import EMBEDDING
from hemline_trainer.errors import DataError
from hemline_trainer.files.durable import beside


@dataclass(frozen=True)
class EmbeddingBank:
    """Embeddings of rendered garments, with styles and categories. Immutable.

    Attributes:
        embeddings: float32 (N, 64), as `image_encoder.onnx` gives them.
        styles: float32 (N, 3), each in [0, 1]: cut, colour, pattern (see `garments.Style`).
        categories: int64 (N,), vocabulary ids, 1 = the first category.
        digest: SHA-256 of the image_encoder.onnx that gave them, hex.
    """

    embeddings: npt.NDArray[np.float32]
    styles: npt.NDArray[np.float32]
    categories: npt.NDArray[np.int64]
    digest: str

    def __post_init__(self) -> None:
        """Refuses arrays of inconsistent lengths or widths."""
        count = len(self.categories)
        if self.embeddings.shape != (count, EMBEDDING) or self.styles.shape != (count, 3):
            raise DataError(
                f"embedding bank: embeddings {self.embeddings.shape} and styles {self.styles.shape} "
                f"do not fit {count} categories"
            )

    def __len__(self) -> int:
        return len(self.categories)

    def save(self, path: Path) -> None:
        """Writes the bank as one .npz file, whole or not at all."""
        with beside(path) as part, part.open("wb") as file:
            np.savez(
                file,
                embeddings=self.embeddings,
                styles=self.styles,
                categories=self.categories,
                digest=np.array(self.digest),
            )

    @staticmethod
    def load(path: Path) -> "EmbeddingBank":
        """Reads a bank written by `save`."""
        try:
            with path.open("rb") as file, np.load(file) as arrays:
                return EmbeddingBank(
                    embeddings=arrays["embeddings"].astype(np.float32),
                    styles=arrays["styles"].astype(np.float32),
                    categories=arrays["categories"].astype(np.int64),
                    digest=str(arrays["digest"]),
                )
        except Exception as error:  # whatever NumPy, zipfile and pickle make of bytes that are no bank
            raise DataError(f"{path}: not an embedding bank ({str(error) or type(error).__name__})") from error
