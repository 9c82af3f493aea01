"""The training loop; a run is a function of its settings and its embedding bank.

SIGINT or SIGTERM completes the step, saves a checkpoint and raises KeyboardInterrupt; `resume` reproduces the weights
of an uninterrupted run.
"""

import logging
import math
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import numpy as np
import torch

from hemline_trainer.config import Config, flat
from hemline_trainer.data.batch import Batch
from hemline_trainer.data.embeddings import EmbeddingBank
from hemline_trainer.data.sampler import BatchSampler
from hemline_trainer.errors import CheckpointError, ConfigError, DivergedError
from hemline_trainer.evaluation.metrics import mase_denominator, volumes
from hemline_trainer.ops.tracking import Tracker
from hemline_trainer.training.calibration import fit_conformal_scale, fit_decision_threshold
from hemline_trainer.training.checkpoint import NAME, Checkpoint, Saved, read, save
from hemline_trainer.training.distributed import DistributedContext
from hemline_trainer.training.loss import forecast_loss, tensors
from hemline_trainer.training.signals import stop_requested
from hemline_trainer.training.step import Optimisation


class Progress(Protocol):
    """Receives the progress of a run."""

    def update(self, step: int, total: int, metrics: dict[str, float]) -> None:
        """Reports `step` finished steps."""


def train(
    config: Config,
    bank: EmbeddingBank | None,
    out: Path,
    progress: Progress,
    tracker: Tracker,
    resume: bool,
    distributed: DistributedContext | None = None,
) -> Checkpoint:
    """Trains to the last step and calibrates the averaged network.

    Args:
        config: all settings.
        bank: embeddings of rendered garments; None trains without images.
        out: run folder.
        progress: receives each report.
        tracker: receives the settings, each report and the final checkpoint.
        resume: continues from the checkpoint in `out`, if any.
        distributed: the processes of the run; None means a single one.
    """
    torch.set_num_threads(config.threads)
    with torch.random.fork_rng():
        run = _Run(config, bank, out, resume, distributed or DistributedContext())
        tracker.params(flat(config))
        with stop_requested(ignore_repeats=run.distributed.world_size > 1) as stop:
            run.steps(progress, tracker, stop)
        checkpoint = run.finish()
    tracker.metrics(checkpoint.metrics, checkpoint.step)
    tracker.artifact(checkpoint.path)
    return checkpoint


class _Run:
    """The mutable state of a run. Confined to one thread, except for the prefetched batch."""

    def __init__(
        self, config: Config, bank: EmbeddingBank | None, out: Path, resume: bool, distributed: DistributedContext
    ) -> None:
        if config.training.batch < distributed.world_size * config.scale.accumulate:
            raise ConfigError(f"training.batch is {config.training.batch}; it must be at least one row for every part")
        self.config = config
        self.sampler = BatchSampler(config, bank)
        self.digest = self.sampler.digest
        self.distributed = distributed
        self.path = out / NAME
        torch.manual_seed(config.seed)
        self.optimisation = Optimisation(config, distributed)
        self.saved: int | None = None
        self.finished = False
        self.metrics: dict[str, float] = {}
        self.history: list[dict[str, float]] = []
        if resume and self.path.is_file():
            self._resume()
        distributed.barrier()  # until every process has read the checkpoint, before one of them replaces it
        self.optimisation.compile()

    def _resume(self) -> None:
        saved = read(self.path)
        if replace(saved.config, scale=self.config.scale) != self.config:
            raise CheckpointError(f"{self.path}: was trained with other settings; train into another folder")
        if saved.shards != self.digest:
            raise CheckpointError(f"{self.path}: its shards were other ones; bring those, or train into another folder")
        self.optimisation.restore(saved.checkpoint.step, saved.weights, saved.average, saved.optimiser)
        self.saved = saved.checkpoint.step
        self.metrics = saved.checkpoint.metrics
        self.finished = saved.checkpoint.finished
        self.history = saved.history

    def steps(self, progress: Progress, tracker: Tracker, stop: threading.Event) -> None:
        """Runs the remaining steps; the next batch is drawn on a thread of its own."""
        training, optimisation = self.config.training, self.optimisation
        validation = self.sampler.validation(min(1024, 4 * training.batch))
        losses: list[float] = []
        began, first = time.monotonic(), optimisation.step
        with ThreadPoolExecutor(1, thread_name_prefix="batches") as prefetch:
            pending = prefetch.submit(self.sampler.batch, optimisation.step)
            try:
                while optimisation.step < training.steps:
                    batch = pending.result()
                    pending = prefetch.submit(self.sampler.batch, optimisation.step + 1)
                    loss, stops = self.distributed.all_reduce_sum(
                        [self._step(batch), float(stop.is_set())], optimisation.device
                    )
                    losses.append(loss)
                    step = optimisation.step
                    if self.distributed.is_main and (step % training.report_every == 0 or step == training.steps):
                        seconds = (time.monotonic() - began) / (step - first)
                        self.metrics = {
                            "loss": float(np.mean(losses)),
                            **self._validate(validation),
                            "ms_per_step": 1e3 * seconds,
                            "rows_per_second": training.batch / seconds,
                        }
                        losses = []
                        self.history.append({"step": float(step), **self.metrics})
                        progress.update(step, training.steps, self.metrics)
                        tracker.metrics(self.metrics, step)
                    if step % training.save_every == 0:
                        self.save()
                    _raise_if(stops)
            except KeyboardInterrupt:
                if not optimisation.mid_step:
                    self.save()
                raise

    def finish(self) -> Checkpoint:
        """Calibrates the averaged network and saves it; a finished run is returned as it is."""
        average, step = self.optimisation.average, self.optimisation.step
        if self.finished:
            return Checkpoint(self.path, step, self.finished, self.metrics)
        average.eval()
        calibration, device = self.config.calibration, self.optimisation.device
        rows = self.sampler.synthetic(calibration.rows)
        with torch.no_grad():
            fitted = fit_decision_threshold(average, rows, calibration.precision, device)
            average.decision_threshold.fill_(fitted.threshold)
            average.conformal_scale.copy_(fit_conformal_scale(average, rows, calibration.coverage, device))
        self.metrics |= {"call_margin": fitted.threshold, "synthetic_called_share": fitted.calls.share}
        if fitted.calls.called:
            self.metrics["synthetic_precision"] = fitted.calls.precision
        elif self.distributed.is_main:
            logging.getLogger(__name__).warning("the forecaster %s", fitted.warning(calibration.precision))
        self.finished = True
        return self.save()

    def save(self) -> Checkpoint:
        """Writes the checkpoint, in the first process only."""
        checkpoint = Checkpoint(self.path, self.optimisation.step, self.finished, self.metrics)
        self.saved = checkpoint.step
        if not self.distributed.is_main:
            return checkpoint
        return save(
            Saved(
                config=self.config,
                checkpoint=checkpoint,
                **self.optimisation.state(),
                history=self.history,
                shards=self.digest,
            )
        )

    def _step(self, batch: Batch) -> float:
        loss, norm = self.optimisation.update(batch)
        if not (math.isfinite(loss) and math.isfinite(norm)):
            kept = "no checkpoint stands yet" if self.saved is None else f"{self.path} holds step {self.saved}"
            raise DivergedError(
                f"step {self.optimisation.step + 1}: the loss is {loss:g} and its gradient {norm:g}; "
                f"the weights are unchanged, and {kept}. Train with a lower training.learning_rate or training.clip"
            )
        return loss

    def _validate(self, batch: Batch) -> dict[str, float]:
        """Loss and MASE of the averaged network."""
        average = self.optimisation.average
        average.eval()
        *inputs, future = tensors(batch, self.optimisation.device)
        with torch.no_grad():
            forecast = average.distribution(*inputs)
            loss = float(forecast_loss(forecast, future))
            median = average.median(forecast).cpu().numpy().astype(np.float64)
        error = np.abs(median - batch.future).mean(1) / mase_denominator(volumes(batch))
        known = error[np.isfinite(error)]
        return {"validation_loss": loss} | ({"validation_mase": float(known.mean())} if len(known) else {})


def _raise_if(stops: float) -> None:
    """Ends every process after the same step, whichever of them received the signal."""
    if stops:
        raise KeyboardInterrupt
