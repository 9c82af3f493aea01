"""A run folder, and the steps from nothing to an artifact in it.

    <run>/image_encoder.onnx   see      the encoder, trained here or taken from elsewhere
    <run>/encoder.json         see      what it was made from
    <run>/bank.npz             see      its embeddings of rendered garments
    <run>/forecaster.pt        learn    the checkpoint
    <run>/run.json             learn    where the forecaster comes from
    <run>/plots/               learn    loss curves, forecasts, calibration, attention
    <run>/forecaster.onnx      write    the graph, proven against PyTorch
    <run>/backtest.json        prove    figures with baselines
    <run>/artifact/            pack     what is published

Each step does nothing where its result already stands and still fits.
"""

import math
import subprocess
import warnings
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from hemline_trainer.artifact import manifest
from hemline_trainer.artifact.export import GraphReport, export_forecaster, session
from hemline_trainer.artifact.package import package
from hemline_trainer.config import Config
from hemline_trainer.data.batch import Batch
from hemline_trainer.data.embeddings import EmbeddingBank
from hemline_trainer.data.own import shards
from hemline_trainer.data.sampler import Draw
from hemline_trainer.errors import CheckpointError, DataError
from hemline_trainer.evaluation.backtest import Backtest, answerer, backtest, synthetic_backtests
from hemline_trainer.evaluation.benchmarks import hermes
from hemline_trainer.evaluation.plots import draw
from hemline_trainer.files.durable import sync, workshop, write_text
from hemline_trainer.files.strict_json import dumps, loads
from hemline_trainer.ops.tracking import Tracker
from hemline_trainer.progress import Bars
from hemline_trainer.told import listed
from hemline_trainer.training import checkpoint
from hemline_trainer.training.checkpoint import Checkpoint
from hemline_trainer.training.distributed import Ranks
from hemline_trainer.training.embed import sight
from hemline_trainer.training.encoder import EncoderTraining
from hemline_trainer.training.loop import train
from hemline_trainer.training.see import BANK, ENCODER, see

Read = TypeVar("Read")

_DRAWN = 512
"""Rows that the plots are of."""


class Run:
    """The steps of one run. Confined to one thread."""

    def __init__(self, folder: Path, bars: Bars) -> None:
        """Opens a run folder, which need not exist yet."""
        self.folder = folder
        self.bars = bars
        self.image_encoder = folder / ENCODER
        self.forecaster = folder / "forecaster.onnx"
        self.artifact = folder / "artifact"
        self._bank = folder / BANK
        self._origin = folder / "run.json"
        self._backtest = folder / "backtest.json"
        self._commit = _git_commit()  # asked now: the tree may change while the run goes on

    def see(self, training: EncoderTraining, config: Config, given: Path | None = None) -> EmbeddingBank:
        """Trains the image encoder, or takes the graph `given`, and fills the embedding bank with what is published.

        What stands in the folder is kept where it was made from the same settings, seed or given graph; a run that has
        begun to learn from it refuses others.
        """
        return see(self.folder, training, config, given, self.bars)

    def learn(
        self, config: Config, bank: EmbeddingBank, tracker: Tracker, *, resume: bool, ranks: Ranks | None = None
    ) -> Checkpoint:
        """Trains the forecaster; one that was finished before keeps its origin."""
        done = resume and self.finished()
        trained = train(config, bank, self.folder, self.bars.stage("forecaster"), tracker, resume, ranks)
        if ranks is not None and not ranks.first:
            return trained
        if not done or not self._origin.is_file():
            origin = manifest.Training(
                mlflow_run_id="" if done else tracker.run_id,
                git_commit="" if done else self._commit,  # nobody noted whose weights these are
                data_fingerprint=_fingerprint(config, bank),
                synthetic=not config.data.shards,
                seed=config.seed,
            )
            write_text(self._origin, dumps(asdict(origin), self._origin.name, indent=2) + "\n")
        if done:
            return trained
        rows = Draw(config, bank).validation(_DRAWN)
        history = checkpoint.read(self.folder).history
        for picture in draw(checkpoint.load(self.folder)[0], rows, history, self.folder / "plots"):
            tracker.artifact(picture)
        return trained

    def finished(self) -> bool:
        """Whether the forecaster was trained to its end."""
        return (self.folder / checkpoint.NAME).is_file() and checkpoint.read(self.folder).checkpoint.finished

    def bank(self) -> EmbeddingBank:
        """The run's embedding bank."""
        return EmbeddingBank.load(self._bank)

    def write(self) -> GraphReport:
        """Exports the forecaster and proves it against PyTorch; figures of another graph are dropped."""
        model, _ = checkpoint.load(self.folder)
        before = manifest.sha256(self.forecaster) if self.forecaster.is_file() else ""
        with workshop(self.folder, ".export-") as made:
            report = export_forecaster(model, made / self.forecaster.name)
            if manifest.sha256(report.path) != before:
                self._backtest.unlink(missing_ok=True)  # first, lest a killed export leaves figures of another graph
            report.path.replace(self.forecaster)
        sync(self.folder)
        return replace(report, path=self.forecaster)

    def hold_out(self, rows: int, folder: Path | None = None) -> Batch | None:
        """The last weeks of the own series that it learned from; None where it learned from none.

        Args:
            rows: at most.
            folder: of the shards, where they moved since.
        """
        saved = checkpoint.read(self.folder)
        data = saved.config.data
        if not data.shards:
            return None
        folder = folder or Path(data.shards)
        own = shards.Shards(folder, saved.config.seed, data.buffer)
        if shards.digest(folder) != saved.shards:
            raise DataError(f"{folder}: other shards than {self.folder} learned from; name those with --shards")
        return own.held_out(rows)

    def prove(self, rows: int, data: Path | None, folder: Path | None = None) -> list[Backtest]:
        """Back-tests the exported graph on what it never saw: see `backtests`, `hold_out`."""
        _, config = checkpoint.load(self.folder)
        tests = backtests(self.forecaster, self.bank(), rows, config.seed, data, self.hold_out(rows, folder))
        kept = [asdict(described(test)) for test in tests]
        write_text(self._backtest, dumps(kept, self._backtest.name, indent=2) + "\n")
        return tests

    def proven(self) -> bool:
        """Whether the figures of the exported graph are known."""
        return self._backtest.is_file()

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
        notes = [f"Reading the image embeddings linearly gives {listed(sight(self.bank()))} on renders never seen."]
        if saved.metrics.get("synthetic_called_share") == 0:
            notes.append("It makes no calls: none were shown to be right often enough, so every trend is stable.")
        return package(
            self.folder,
            self.artifact,
            model=model,
            created=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            training=_read(self._origin, lambda said: manifest.Training(**said)),
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
        return _read(self._backtest, lambda said: [manifest.Backtest(**entry) for entry in said])


def _read(path: Path, form: Callable[[Any], Read]) -> Read:
    """What a step wrote into the run folder."""
    try:
        return form(loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, TypeError) as error:
        raise DataError(f"{path}: is not what this trainer wrote there ({error})") from error


def backtests(
    forecaster: Path,
    bank: EmbeddingBank | None,
    rows: int,
    seed: int,
    data: Path | None,
    own: Batch | None = None,
) -> list[Backtest]:
    """Figures of a graph on synthetic draws, on HERMES-100 where `data` is given, and on the hold-out of own series."""
    ask = answerer(session(forecaster))
    with warnings.catch_warnings():
        # Histories of one week have no MASE; the figure becomes NaN and `described` leaves it out.
        warnings.filterwarnings("ignore", "Mean of empty slice|All-NaN", RuntimeWarning)
        tests = synthetic_backtests(ask, bank, rows, seed)
    if data is not None:
        series = hermes.read_series(data)
        report = hermes.score(hermes.ask_graph(ask, series), series)
        baselines = {name: {"mase": mase} for name, mase in report.baselines.items()}
        tests.append(Backtest("hermes-100", len(series.names), report.metrics, baselines))
    if own is not None and len(own):
        tests.append(backtest(ask, "own-series", own))
    return tests


def described(test: Backtest) -> manifest.Backtest:
    """A back-test as the manifest holds it; a figure that could not be measured is left out."""
    return manifest.Backtest(
        dataset=test.dataset,
        metrics=_measured(test.metrics),
        baselines={name: _measured(figures) for name, figures in test.baselines.items()},
    )


def _measured(figures: Mapping[str, float]) -> dict[str, float]:
    return {name: float(f"{value:.6g}") for name, value in figures.items() if math.isfinite(value)}


def _fingerprint(config: Config, bank: EmbeddingBank) -> str:
    """SHA-256 of what the data is a function of, beside the code: settings, embedding bank and own series."""
    settings = asdict(config)
    del settings["scale"]  # changes no data
    data = settings.pop("data")
    own = [shards.digest(Path(data.pop("shards"))), data] if data["shards"] else []
    return manifest.sha256_of(dumps([settings, bank.digest, len(bank), *own], "the settings", sort_keys=True).encode())


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
