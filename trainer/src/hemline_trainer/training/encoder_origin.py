"""Provenance of a run's image encoder and embedding bank, which decides whether they can be reused."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from hemline_trainer.artifact import manifest
from hemline_trainer.files.durable import write_text
from hemline_trainer.training.encoder import EncoderTraining

NAME: Final = "encoder.json"


@dataclass(frozen=True)
class EncoderOrigin:
    """Inputs of the image encoder and the embedding bank. Immutable.

    Attributes:
        encoder: settings and seed of its training, or the digest of a given graph.
        bank: seed and size of the embedding bank.
    """

    encoder: dict[str, Any]
    bank: dict[str, int]

    @staticmethod
    def expected(training: EncoderTraining, seed: int, given: Path | None) -> "EncoderOrigin":
        """The origin for some settings, or for a given graph."""
        inputs: dict[str, Any] = {"given": manifest.sha256(given)} if given is not None else asdict(training)
        inputs.pop("bank", None)
        if given is None:
            inputs["seed"] = seed
        return EncoderOrigin({**inputs, "int8": training.int8}, {"seed": seed, "size": training.bank})

    @staticmethod
    def read(folder: Path, encoder: Path) -> "EncoderOrigin | None":
        """The origin recorded in a run folder; None without an encoder, or if the record is of another one."""
        try:
            record = json.loads((folder / NAME).read_text(encoding="utf-8"))
            if record["digest"] != manifest.sha256(encoder):
                return None
            return EncoderOrigin(record["encoder"], record["bank"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def note(self, folder: Path, encoder: Path) -> None:
        """Records the origin in a run folder, with the digest of its graph."""
        write_text(folder / NAME, json.dumps({**asdict(self), "digest": manifest.sha256(encoder)}, indent=2) + "\n")

    def keep_given(self, before: "EncoderOrigin | None") -> "EncoderOrigin":
        """This origin with the previously given graph, if no graph is given now."""
        if before is None or "given" not in before.encoder or "given" in self.encoder:
            return self
        return EncoderOrigin({"given": before.encoder["given"], "int8": self.encoder["int8"]}, self.bank)
