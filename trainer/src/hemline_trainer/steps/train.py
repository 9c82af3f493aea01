"""Step `train`: the forecaster, its plots, and a record of where its weights come from."""

import subprocess
from dataclasses import asdict
from pathlib import Path
from typing import Final

from hemline_trainer.artifact import manifest
from hemline_trainer.data.dataset import Dataset
from hemline_trainer.data.sampler import BatchSampler
from hemline_trainer.evaluation.plots import draw
from hemline_trainer.files.durable import write_text
from hemline_trainer.files.strict_json import dumps
from hemline_trainer.ops.tracking import Tracker
from hemline_trainer.progress import Bars
from hemline_trainer.steps.run_folder import RunFolder
from hemline_trainer.training import checkpoint
from hemline_trainer.training.checkpoint import Checkpoint
from hemline_trainer.training.distributed import DistributedContext
from hemline_trainer.training.loop import train

_PLOTTED: Final = 512
"""Rows that the plots show."""


def train_forecaster(
    run: RunFolder,
    dataset: Dataset,
    tracker: Tracker,
    bars: Bars,
    *,
    resume: bool,
    distributed: DistributedContext | None = None,
    commit: str = "",
) -> Checkpoint:
    """Trains to the last step, from the checkpoint in the run folder if `resume`; a finished run stays as it is.

    Args:
        run: where the checkpoint is kept.
        dataset: what is learned from.
        tracker: is given settings, figures and files.
        bars: show progress.
        resume: goes on from the checkpoint, which must be of the same settings and own series.
        distributed: the processes that share the work; None means this one alone.
        commit: of the code.
    """
    finished = resume and run.finished()
    trained = train(dataset.config, dataset.bank, run.path, bars.stage("forecaster"), tracker, resume, distributed)
    if distributed is not None and not distributed.is_main:
        return trained
    if not finished or not run.origin.is_file():
        origin = manifest.Training(
            mlflow_run_id="" if finished else tracker.run_id,
            git_commit="" if finished else commit,  # no record tells which code made these weights
            data_fingerprint=dataset.fingerprint,
            synthetic=dataset.synthetic,
            seed=dataset.config.seed,
        )
        write_text(run.origin, dumps(asdict(origin), run.origin.name, indent=2) + "\n")
    if finished:
        return trained
    rows = BatchSampler(dataset.config, dataset.bank).validation(_PLOTTED)
    history = checkpoint.read(run.path).history
    for picture in draw(checkpoint.load(run.path)[0], rows, history, run.plots):
        tracker.artifact(picture)
    return trained


def git_commit() -> str:
    """The commit of this code, with + when the tree was changed; empty outside a checkout."""
    here = Path(__file__).parents[1]
    try:
        commit = _git(here, "rev-parse", "HEAD")
        return commit + ("+" if _git(here, "status", "--porcelain", "--untracked-files=no", str(here)) else "")
    except (OSError, subprocess.CalledProcessError):
        return ""


def _git(folder: Path, *words: str) -> str:
    asked = subprocess.run(["git", "-C", folder, *words], capture_output=True, text=True, check=True)  # noqa: S603, S607
    return asked.stdout.strip()
