"""The layout of a run folder, and the records that let a step keep its output.

<run>/image_encoder.onnx   dataset    the image encoder, trained here or given
<run>/encoder.json         dataset    what encoder and bank were made from
<run>/bank.npz             dataset    embeddings of rendered garments
<run>/forecaster.pt        train      the checkpoint: settings, digest of own series, weights
<run>/run.json             train      origin of the weights, with the fingerprint of the data
<run>/plots/               train      loss curves, forecasts, calibration, attention
<run>/forecaster.onnx      export     the graph, compared with PyTorch
<run>/backtest.json        evaluate   figures of the graph and of the baselines
<run>/artifact/            package    the folder that is published
<run>/steps/<step>.json               inputs, output digests and result of export, evaluate and package
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hemline_trainer.files.digest import sha256
from hemline_trainer.files.durable import write_text
from hemline_trainer.files.strict_json import dumps, loads
from hemline_trainer.training import checkpoint

Inputs = Mapping[str, str | int | None]
"""Settings, versions and content digests by name: everything that the output is a function of."""

ENCODER: Final = "image_encoder.onnx"
BANK: Final = "bank.npz"


@dataclass(frozen=True)
class RunFolder:
    """Paths of a run. Immutable."""

    path: Path

    @property
    def image_encoder(self) -> Path:
        """The image encoder."""
        return self.path / ENCODER

    @property
    def bank(self) -> Path:
        """The embedding bank."""
        return self.path / BANK

    @property
    def checkpoint(self) -> Path:
        """The checkpoint of the forecaster."""
        return self.path / checkpoint.NAME

    @property
    def origin(self) -> Path:
        """Where the weights come from."""
        return self.path / "run.json"

    @property
    def plots(self) -> Path:
        """Folder of the plots."""
        return self.path / "plots"

    @property
    def forecaster(self) -> Path:
        """The exported graph."""
        return self.path / "forecaster.onnx"

    @property
    def backtest(self) -> Path:
        """The figures that the model card shows."""
        return self.path / "backtest.json"

    @property
    def artifact(self) -> Path:
        """The artifact folder."""
        return self.path / "artifact"

    def finished(self) -> bool:
        """Whether the forecaster was trained to its last step and calibrated."""
        return self.checkpoint.is_file() and checkpoint.read(self.path).checkpoint.finished

    def recorded(self, step: str) -> "Record | None":
        """The record of a step; None where there is none that can be read."""
        try:
            content = loads(self._record(step).read_text(encoding="utf-8"))
            return Record(content["inputs"], content["outputs"], content["result"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def current(self, step: str, inputs: Inputs) -> "Record | None":
        """The record of a step, where its inputs are these and its outputs are unchanged since."""
        record = self.recorded(step)
        if record is None or record.inputs != inputs or record.outputs != self._digests(record.outputs):
            return None
        return record

    def record(self, step: str, inputs: Inputs, outputs: list[Path], result: object = None) -> None:
        """Notes what a step made and from what; call it after the outputs are in place."""
        digests = self._digests({str(path.relative_to(self.path)): None for path in outputs})
        content = {"inputs": dict(inputs), "outputs": digests, "result": result}
        path = self._record(step)
        write_text(path, dumps(content, path.name, indent=2) + "\n")

    def _record(self, step: str) -> Path:
        return self.path / "steps" / f"{step}.json"

    def _digests(self, names: Mapping[str, object]) -> dict[str, str]:
        paths = {name: self.path / name for name in names}
        return {name: sha256(path) if path.is_file() else "" for name, path in paths.items()}


@dataclass(frozen=True)
class Record:
    """Inputs, SHA-256 of each output, and the result of a step. Immutable."""

    inputs: Inputs
    outputs: Mapping[str, str]
    result: Any
