"""Trains the forecaster on synthetic series; a run is a function of its settings and its embedding bank.

Ctrl-C finishes the step, saves and raises KeyboardInterrupt; `resume` goes on from there to the same weights.
"""

import math
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from hemline_trainer.bank import EmbeddingBank
from hemline_trainer.batches import Batch, training_batch
from hemline_trainer.calibration import fit_call_margin
from hemline_trainer.checkpoint import NAME, Checkpoint, Saved, read, save
from hemline_trainer.config import Config, flat
from hemline_trainer.errors import CheckpointError
from hemline_trainer.forecaster import Forecaster
from hemline_trainer.loss import forecast_loss
from hemline_trainer.tracking import Tracker

VALIDATION_SEED = 900_001
"""Added to the seed: validation batches come from another stream."""


class Progress(Protocol):
    """Shows how far a run is."""

    def update(self, step: int, total: int, metrics: dict[str, float]) -> None:
        """Reports `step` finished steps."""


def train(
    config: Config, bank: EmbeddingBank | None, out: Path, progress: Progress, tracker: Tracker, resume: bool
) -> Checkpoint:
    """Trains to the end and calibrates the calls.

    Args:
        config: all settings.
        bank: embeddings of rendered garments; None trains without images.
        out: run folder.
        progress: told at each report.
        tracker: told at each report; gets the settings at the start and the checkpoint at the end.
        resume: goes on from the checkpoint in `out` where there is one.
    """
    torch.set_num_threads(config.threads)
    with torch.random.fork_rng():
        run = _Run(config, bank, out, resume)
        tracker.params(flat(config))
        with _interrupts() as stop:
            run.steps(progress, tracker, stop)
        checkpoint = run.finish()
    tracker.metrics(checkpoint.metrics, checkpoint.step)
    tracker.artifact(checkpoint.path)
    return checkpoint


class _Run:
    """The mutable state of a run. Confined to one thread, but for the batches drawn ahead."""

    def __init__(self, config: Config, bank: EmbeddingBank | None, out: Path, resume: bool) -> None:
        self.config = config
        self.bank = bank
        self.path = out / NAME
        torch.manual_seed(config.seed)
        self.device = torch.device(config.device)
        self.model = Forecaster(config.net).to(self.device)
        self.average = Forecaster(config.net).to(self.device)
        self.average.load_state_dict(self.model.state_dict())
        self.optimiser = torch.optim.AdamW(
            self.model.parameters(), lr=config.training.learning_rate, weight_decay=config.training.weight_decay
        )
        self.step = 0
        self.finished = False
        self.metrics: dict[str, float] = {}
        if resume and self.path.is_file():
            self._resume()

    def _resume(self) -> None:
        saved = read(self.path)
        if saved.config != self.config:
            raise CheckpointError(f"{self.path}: was trained with other settings; train into another folder")
        self.model.load_state_dict(saved.weights)
        self.average.load_state_dict(saved.average)
        self.optimiser.load_state_dict(saved.optimiser)
        self.step = saved.checkpoint.step
        self.metrics = saved.checkpoint.metrics
        self.finished = saved.checkpoint.finished

    def steps(self, progress: Progress, tracker: Tracker, stop: threading.Event) -> None:
        """Runs the remaining steps."""
        training = self.config.training
        validation = self._validation()
        losses: list[float] = []
        began, first = time.monotonic(), self.step
        with ThreadPoolExecutor(1, thread_name_prefix="batches") as ahead:
            coming = ahead.submit(self._batch, self.step)
            try:
                while self.step < training.steps:
                    batch = coming.result()
                    coming = ahead.submit(self._batch, self.step + 1)
                    losses.append(self._step(batch))
                    if self.step % training.report_every == 0 or self.step == training.steps:
                        self.metrics = {
                            "loss": float(np.mean(losses)),
                            "validation_loss": self._validate(validation),
                            "ms_per_step": 1e3 * (time.monotonic() - began) / (self.step - first),
                        }
                        losses = []
                        progress.update(self.step, training.steps, self.metrics)
                        tracker.metrics(self.metrics, self.step)
                    if self.step % training.save_every == 0:
                        self.save()
                    _heed(stop)
            except KeyboardInterrupt:
                self.save()
                raise

    def finish(self) -> Checkpoint:
        """Calibrates the calls of the averaged net and saves it."""
        if not self.finished:
            self.average.eval()
            calibration = self.config.calibration
            rows = _rows(self.config, self.bank, calibration.rows)
            with torch.no_grad():
                margin, precision, share = fit_call_margin(self.average, rows, calibration.precision, self.device)
                self.average.call_margin.fill_(margin)
            self.metrics |= {"call_margin": margin, "synthetic_precision": precision, "synthetic_called_share": share}
            self.finished = True
        return self.save()

    def save(self) -> Checkpoint:
        """Writes the checkpoint."""
        return save(
            Saved(
                config=self.config,
                checkpoint=Checkpoint(self.path, self.step, self.finished, self.metrics),
                weights=self.model.state_dict(),
                average=self.average.state_dict(),
                optimiser=self.optimiser.state_dict(),
            )
        )

    def _batch(self, step: int) -> Batch:
        training = self.config.training
        return training_batch(training.batch, training.market_share, self.bank, self.config.seed, step)

    def _step(self, batch: Batch) -> float:
        training = self.config.training
        torch.manual_seed(self.config.seed * 1_000_003 + self.step)  # dropout, whatever was drawn before
        for group in self.optimiser.param_groups:
            group["lr"] = training.learning_rate * rate(self.step, training.warmup, training.steps)
        self.model.train()
        loss = self._loss(self.model, batch)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), training.clip)
        self.optimiser.step()
        self.step += 1
        decay = min(training.average, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            ours: list[Tensor] = list(self.model.parameters())
            kept: list[Tensor] = list(self.average.parameters())
            torch._foreach_lerp_(kept, ours, 1 - decay)
        return float(loss.detach())

    def _loss(self, model: Forecaster, batch: Batch) -> Tensor:
        give = {name: torch.from_numpy(array).to(self.device) for name, array in batch.inputs().items()}
        forecast = model.distribution(
            give["history"], give["observed"], give["static_ids"], give["image_embedding"], give["has_image"]
        )
        return forecast_loss(forecast, torch.from_numpy(batch.future).to(self.device))

    def _validation(self) -> Batch:
        return _rows(self.config, self.bank, min(1024, 4 * self.config.training.batch))

    def _validate(self, batch: Batch) -> float:
        self.average.eval()
        with torch.no_grad():
            return float(self._loss(self.average, batch))


def _heed(stop: threading.Event) -> None:
    if stop.is_set():
        raise KeyboardInterrupt


def _rows(config: Config, bank: EmbeddingBank | None, count: int) -> Batch:
    return training_batch(count, config.training.market_share, bank, config.seed + VALIDATION_SEED, 0)


def rate(step: int, warmup: int, steps: int) -> float:
    """Share of the learning rate: linear warm-up, then a cosine down to 2 %."""
    if step < warmup:
        return (step + 1) / warmup
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * (step - warmup) / max(1, steps - warmup)))


@contextmanager
def _interrupts() -> Iterator[threading.Event]:
    """Turns the first Ctrl-C into an event, so that a step is never torn; the second one interrupts at once."""
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = signal.getsignal(signal.SIGINT)

    def interrupted(_number: int, _frame: object) -> None:
        stop.set()
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, interrupted)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)
