"""A run folder, and the steps from nothing to an artifact in it.

    <run>/image_encoder.onnx   see      the encoder, trained here or taken from elsewhere
    <run>/bank.npz             see      its embeddings of rendered garments
    <run>/forecaster.pt        learn    the checkpoint
    <run>/run.json             learn    where the forecaster comes from
    <run>/backtest.json        prove    figures with baselines
    <run>/forecaster.onnx      write    the graph, proven against PyTorch
    <run>/artifact/            pack     what is published

Each step does nothing where its result already stands and still fits.
"""

import json
import shutil
import subprocess
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import torch

from hemline_trainer import checkpoint, manifest
from hemline_trainer.bank import EmbeddingBank
from hemline_trainer.checkpoint import Checkpoint
from hemline_trainer.config import Config
from hemline_trainer.embed import fill_bank, sight
from hemline_trainer.encoder_train import EncoderTraining, train_encoder
from hemline_trainer.errors import CheckpointError, DataError
from hemline_trainer.export import GraphReport, export_encoder, export_forecaster
from hemline_trainer.package import package
from hemline_trainer.progress import Bars
from hemline_trainer.tracking import Tracker
from hemline_trainer.train import train


class Run:
    """The steps of one run. Confined to one thread."""

    def __init__(self, folder: Path, bars: Bars) -> None:
        """Opens a run folder, which need not exist yet."""
        self.folder = folder
        self.bars = bars
        self.image_encoder = folder / "image_encoder.onnx"
        self.forecaster = folder / "forecaster.onnx"
        self.artifact = folder / "artifact"
        self._bank = folder / "bank.npz"
        self._origin = folder / "run.json"
        self._backtest = folder / "backtest.json"

    def see(self, training: EncoderTraining, config: Config, given: Path | None = None) -> EmbeddingBank:
        """Trains the image encoder, or takes the graph `given`, and fills the embedding bank with it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if given is not None:
            if not given.is_file():
                raise DataError(f"{given}: there is no image encoder")
            shutil.copyfile(given, self.image_encoder)
        elif not self.image_encoder.is_file():
            torch.set_num_threads(config.threads)
            encoder = train_encoder(training, config.seed, config.device, self.bars.stage("image encoder"))
            beside = self.image_encoder.with_suffix(".part")
            export_encoder(encoder, beside, encoder.dim)
            beside.replace(self.image_encoder)
        if self._bank.is_file():
            bank = EmbeddingBank.load(self._bank)
            if bank.digest == manifest.sha256(self.image_encoder) and len(bank) == training.bank:
                return bank
        bank = fill_bank(self.image_encoder, config.seed, training.bank, self.bars.stage("embedding bank"))
        bank.save(self._bank)
        return bank

    def learn(self, config: Config, bank: EmbeddingBank, tracker: Tracker, *, resume: bool) -> Checkpoint:
        """Trains the forecaster."""
        trained = train(config, bank, self.folder, self.bars.stage("forecaster"), tracker, resume)
        origin = manifest.Training(
            mlflow_run_id=tracker.run_id,
            git_commit=_git_commit(),
            data_fingerprint=_fingerprint(config, bank),
            synthetic=True,
            seed=config.seed,
        )
        self._origin.write_text(json.dumps(asdict(origin), indent=2) + "\n", encoding="utf-8")
        return trained

    def bank(self) -> EmbeddingBank:
        """The run's embedding bank."""
        return EmbeddingBank.load(self._bank)

    def note(self, backtest: list[manifest.Backtest]) -> None:
        """Keeps measured figures for the manifest and the card."""
        kept = [asdict(entry) for entry in backtest]
        self._backtest.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")

    def write(self) -> GraphReport:
        """Exports the forecaster and proves it against PyTorch."""
        model, _ = checkpoint.load(self.folder)
        return export_forecaster(model, self.forecaster)

    def pack(self, model: str = "trend") -> str:
        """Builds the artifact; one that was built from the same graphs and figures is kept, digest and all.

        Returns:
            The digest.
        """
        saved = checkpoint.read(self.folder).checkpoint
        if not saved.finished:
            raise CheckpointError(f"{saved.path}: stopped at step {saved.step}; finish it with train --resume")
        if self._packed(model):
            return manifest.digest(self.artifact)
        notes = [f"Reading the image embeddings linearly gives {_listed(sight(self.bank()))} on renders never seen."]
        return package(
            self.folder,
            self.artifact,
            model=model,
            created=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            training=manifest.Training(**json.loads(self._origin.read_text(encoding="utf-8"))),
            backtest=self._figures(),
            notes=notes,
        )

    def _packed(self, model: str) -> bool:
        if not (self.artifact / manifest.MANIFEST).is_file():
            return False
        standing = manifest.read(self.artifact)
        digests = {entry["path"]: entry["sha256"] for entry in standing["files"]}
        return bool(
            standing["model"] == model
            and standing["backtest"] == [asdict(entry) for entry in self._figures()]
            and digests["forecaster.onnx"] == manifest.sha256(self.forecaster)
            and digests["image_encoder.onnx"] == manifest.sha256(self.image_encoder)
        )

    def _figures(self) -> list[manifest.Backtest]:
        if not self._backtest.is_file():
            return []
        return [manifest.Backtest(**entry) for entry in json.loads(self._backtest.read_text(encoding="utf-8"))]


def _fingerprint(config: Config, bank: EmbeddingBank) -> str:
    """SHA-256 of what the synthetic data is a function of, beside the code: settings and embedding bank."""
    return manifest.sha256_of(json.dumps([asdict(config), bank.digest, len(bank)], sort_keys=True).encode())


def _git_commit() -> str:
    """The commit of this code, with + when the tree was changed; empty outside a checkout."""
    here = Path(__file__).parent
    try:
        commit = _git(here, "rev-parse", "HEAD")
        return commit + ("+" if _git(here, "status", "--porcelain", "--untracked-files=no", str(here)) else "")
    except (OSError, subprocess.CalledProcessError):
        return ""


def _git(folder: Path, *words: str) -> str:
    asked = subprocess.run(["git", "-C", folder, *words], capture_output=True, text=True, check=True)  # noqa: S603, S607
    return asked.stdout.strip()


def _listed(figures: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.3f}" for name, value in figures.items())
