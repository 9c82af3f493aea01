"""Batches of a run: synthetic series, the synthetic market, and own series where shards are named.

A batch is a function of seed and step, so that resumed runs and all processes of one run draw the same.
"""

from pathlib import Path
from typing import Final

import numpy as np

from hemline_trainer.config import Config
from hemline_trainer.data.batch import Batch, cut, joined, training_batch
from hemline_trainer.data.embeddings import EmbeddingBank
from hemline_trainer.data.own.mixup import mixup
from hemline_trainer.data.own.shards import Shards, digest

VALIDATION_SEED: Final = 900_001
"""Added to the seed: validation batches come from another stream."""


class BatchSampler:
    """Samples the batches of a run. Confined to one thread at a time."""

    def __init__(self, config: Config, bank: EmbeddingBank | None) -> None:
        """Opens the shards, if any are named; nothing is read yet but their index."""
        self._config = config
        self._bank = bank
        data = config.data
        self._shards = Shards(Path(data.shards), config.seed, data.buffer) if data.shards else None

    @property
    def digest(self) -> str:
        """Digest of the own series; empty without any."""
        return digest(Path(self._config.data.shards)) if self._shards is not None else ""

    def batch(self, step: int) -> Batch:
        """Batch number `step`; own series come last."""
        training, shards = self._config.training, self._shards
        if shards is None:
            return training_batch(training.batch, training.market_share, self._bank, self._config.seed, step)
        own = round(training.batch * self._config.data.share)
        rng = np.random.default_rng([self._config.seed, step, 44])
        ours = cut(mixup(shards.batch(own, step), self._config.data.mix, rng), rng, self._config.data.short)
        if own == training.batch:
            return ours
        rest = training_batch(training.batch - own, training.market_share, self._bank, self._config.seed, step)
        return joined([rest, ours])

    def synthetic(self, rows: int) -> Batch:
        """Synthetic rows that training never draws."""
        training = self._config.training
        return training_batch(rows, training.market_share, self._bank, self._config.seed + VALIDATION_SEED, 0)

    def validation(self, rows: int) -> Batch:
        """Rows that training never draws: of own series the last weeks, in their share of a batch."""
        if self._shards is None:
            return self.synthetic(rows)
        own = round(rows * self._config.data.share)
        ours = self._shards.held_out(own)
        return ours if own == rows else joined([self.synthetic(rows - own), ours])
