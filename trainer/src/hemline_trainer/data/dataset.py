"""The data of a run: what the forecaster learns from, and the hold-out that it is scored on but never learns from."""

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from hemline_trainer.config import Config
from hemline_trainer.data.batch import Batch
from hemline_trainer.data.embeddings import EmbeddingBank
from hemline_trainer.data.own.shards import Shards, digest
from hemline_trainer.errors import DataError
from hemline_trainer.files.digest import sha256_of
from hemline_trainer.files.strict_json import dumps

OWN: Final = "own-series"


@dataclass(frozen=True)
class HoldOut:
    """Rows that a data set keeps from training. Immutable.

    Attributes:
        dataset: its name in reports, on the model card and in the checks of the gate.
        rows: histories with the weeks that followed.
    """

    dataset: str
    rows: Batch


@dataclass(frozen=True)
class Dataset:
    """Synthetic series, the synthetic market and, where they are named, own series. Immutable.

    Attributes:
        config: seed, and the share of each source in a batch.
        bank: image embeddings of the market's trends.
    """

    config: Config
    bank: EmbeddingBank

    @property
    def synthetic(self) -> bool:
        """Whether no observed series is among them."""
        return not self.config.data.shards

    @property
    def fingerprint(self) -> str:
        """SHA-256 of everything that the data is a function of, beside the code: settings, bank and own series."""
        settings = asdict(self.config)
        del settings["scale"]  # changes no data
        data = settings.pop("data")
        own = [digest(Path(data.pop("shards"))), data] if data["shards"] else []
        parts = [settings, self.bank.digest, len(self.bank), *own]
        return sha256_of(dumps(parts, "the settings", sort_keys=True).encode())

    def hold_outs(self, rows: int) -> tuple[HoldOut, ...]:
        """The last 13 weeks of own series, at most `rows` of them; nothing where there are none.

        Evaluation, model card and gate score it before the synthetic draws, of which every seed gives fresh ones, and
        before public benchmarks.
        """
        if self.synthetic:
            return ()
        data = self.config.data
        return (_own(Shards(Path(data.shards), self.config.seed, data.buffer), rows),)

    def at(self, folder: Path, expected: str) -> "Dataset":
        """The same data set with its own series in another folder.

        Raises:
            DataError: the folder holds no shards, or those of another digest than expected.
        """
        if self.synthetic:
            return self
        Shards(folder, self.config.seed, self.config.data.buffer)
        if digest(folder) != expected:
            raise DataError(f"{folder}: other shards than the run was trained on; name those with --shards")
        return replace(self, config=replace(self.config, data=replace(self.config.data, shards=str(folder))))


def own_hold_outs(folder: Path, rows: int) -> tuple[HoldOut, ...]:
    """The hold-out of own series that an artifact was trained on, from their folder alone."""
    return (_own(Shards(folder, seed=0, buffer=8192), rows),)


def _own(shards: Shards, rows: int) -> HoldOut:
    return HoldOut(OWN, shards.held_out(rows))
