"""The pipeline of a run: dataset → train → export → evaluate → package → gate → publish.

    step      makes                          from                                     record of its inputs
    dataset   image_encoder.onnx, bank.npz   settings, or a given encoder             encoder.json
    train     forecaster.pt                  dataset, settings                        forecaster.pt, run.json
    export    forecaster.onnx                forecaster.pt, versions of the exporter  steps/export.json
    evaluate  backtest.json                  forecaster.onnx, bank, hold-outs         steps/evaluate.json
    package   artifact/                      graphs, backtest.json, run.json          steps/package.json
    gate      a verdict                      artifact/, the live version, hold-outs   none: it is always made
    publish   a version of the store         artifact/                                digest of the manifest

A step keeps its output while its inputs are those recorded and its output is unchanged, so that an interrupted pipeline
goes on where it stopped. Training never overwrites a checkpoint of other settings: it refuses them.
"""

from pathlib import Path

from hemline_trainer.artifact.equivalence import GraphReport
from hemline_trainer.config import Config
from hemline_trainer.data.dataset import Dataset, HoldOut
from hemline_trainer.evaluation.backtest import Backtest
from hemline_trainer.evaluation.gate_report import GateReport, Limits
from hemline_trainer.ops.tracking import Tracker
from hemline_trainer.progress import Bars
from hemline_trainer.steps.dataset import make_dataset, trained_dataset
from hemline_trainer.steps.evaluate import Evaluation, evaluate
from hemline_trainer.steps.export import export
from hemline_trainer.steps.gate import gate
from hemline_trainer.steps.package import package_run
from hemline_trainer.steps.publish import Publication, publish
from hemline_trainer.steps.run_folder import RunFolder
from hemline_trainer.steps.train import git_commit, train_forecaster
from hemline_trainer.store.open import Store
from hemline_trainer.training.checkpoint import Checkpoint
from hemline_trainer.training.distributed import DistributedContext
from hemline_trainer.training.encoder import EncoderTraining


class Pipeline:
    """The steps of one run folder, in their order. Confined to one thread."""

    def __init__(self, folder: Path, bars: Bars) -> None:
        """Opens a run folder, which need not exist yet."""
        self.run = RunFolder(folder)
        self.bars = bars
        self._commit = git_commit()  # asked now: the tree may change while training goes on

    def dataset(self, config: Config, images: EncoderTraining, given: Path | None = None) -> Dataset:
        """Trains the image encoder, or takes the graph `given`, and fills the embedding bank."""
        return make_dataset(self.run, config, images, given, self.bars)

    def train(
        self, dataset: Dataset, tracker: Tracker, *, resume: bool, distributed: DistributedContext | None = None
    ) -> Checkpoint:
        """Trains the forecaster; `resume` goes on from the checkpoint. Ctrl-C saves one."""
        return train_forecaster(
            self.run, dataset, tracker, self.bars, resume=resume, distributed=distributed, commit=self._commit
        )

    def export(self) -> GraphReport:
        """Writes the graph and compares it with PyTorch."""
        return export(self.run)

    def evaluate(self, wanted: Evaluation, *, keep: bool = False) -> list[Backtest]:
        """Back-tests the graph; `keep` contents itself with figures of this graph on other rows."""
        return evaluate(self.run, wanted, keep=keep)

    def package(self, model: str = "trend") -> Path:
        """Builds the artifact folder."""
        package_run(self.run, model)
        return self.run.artifact

    def hold_outs(self, rows: int, shards: Path | None = None) -> tuple[HoldOut, ...]:
        """What the data set of this run keeps from training."""
        return trained_dataset(self.run, shards).hold_outs(rows)

    def gate(
        self,
        store: Store,
        channel: str = "stable",
        *,
        limits: Limits | None = None,
        data: Path | None = None,
        shards: Path | None = None,
        candidate: Path | None = None,
    ) -> GateReport:
        """Compares the artifact, or a `candidate` copy of it, with the live version and with baselines."""
        limits = limits or Limits()
        return gate(
            candidate or self.run.artifact,
            store,
            channel,
            limits=limits,
            progress=self.bars.stage("gate"),
            data=data,
            hold_outs=self.hold_outs(limits.rows, shards),
        )

    def publish(
        self, store: Store, model: str = "trend", *, channel: str = "stable", force: str | None = None
    ) -> Publication:
        """Publishes the artifact if it passes the gate, and points the channel at it."""
        return publish(
            self.run.artifact,
            store,
            model,
            lambda candidate: self.gate(store, channel, candidate=candidate),
            channel=channel,
            force=force,
            say=self.bars.say,
        )
