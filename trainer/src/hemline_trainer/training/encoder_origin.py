"""What a run's image encoder and embedding bank were made from, so that neither is taken for one of other settings."""

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
    """Everything that the two are a function of, beside the code. Immutable.

    Attributes:
        encoder: settings and seed of its training, or the digest of the graph that was given.
        bank: seed and size of the embedding bank.
    """

    encoder: dict[str, Any]
    bank: dict[str, int]

    @staticmethod
    def wanted(training: EncoderTraining, seed: int, given: Path | None) -> "EncoderOrigin":
        """That of the settings, or of a graph that is taken as it is."""
        made: dict[str, Any] = {"given": manifest.sha256(given)} if given is not None else asdict(training)
        made.pop("bank", None)
        if given is None:
            made["seed"] = seed
        return EncoderOrigin({**made, "int8": training.int8}, {"seed": seed, "size": training.bank})

    @staticmethod
    def read(folder: Path, encoder: Path) -> "EncoderOrigin | None":
        """That of a run folder; None where there is no encoder yet, or nobody noted where this very one came from."""
        try:
            noted = json.loads((folder / NAME).read_text(encoding="utf-8"))
            if noted["digest"] != manifest.sha256(encoder):
                return None
            return EncoderOrigin(noted["encoder"], noted["bank"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def note(self, folder: Path, encoder: Path) -> None:
        """Writes it to a run folder, with the digest of the graph that it is of."""
        write_text(folder / NAME, json.dumps({**asdict(self), "digest": manifest.sha256(encoder)}, indent=2) + "\n")

    def keeping(self, before: "EncoderOrigin | None") -> "EncoderOrigin":
        """The same with the graph that was given before, where none is named now."""
        if before is None or "given" not in before.encoder or "given" in self.encoder:
            return self
        return EncoderOrigin({"given": before.encoder["given"], "int8": self.encoder["int8"]}, self.bank)
