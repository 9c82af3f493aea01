"""Trains the forecaster on synthetic series; a run is a function of its settings and its embedding bank.

Ctrl-C or SIGTERM finishes the step, saves and raises KeyboardInterrupt; `resume` goes on to the same weights.
"""

import logging
import math
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from hemline_trainer.config import Config, flat
from hemline_trainer.data.batch import Batch
from hemline_trainer.data.embeddings import EmbeddingBank
from hemline_trainer.data.sampler import Draw
from hemline_trainer.errors import CheckpointError, ConfigError, DivergedError
from hemline_trainer.evaluation.metrics import ordinary_error, volumes
from hemline_trainer.model.forecaster import Forecaster
from hemline_trainer.ops.tracking import Tracker
from hemline_trainer.training.calibration import fit_call_margin, fit_stretch
from hemline_trainer.training.checkpoint import NAME, Checkpoint, Saved, load, read, save
from hemline_trainer.training.distributed import Ranks
from hemline_trainer.training.loss import forecast_loss
from hemline_trainer.training.loss_module import Lesson, alive_rows, given, parts


class Progress(Protocol):
    """Shows how far a run is."""

    def update(self, step: int, total: int, metrics: dict[str, float]) -> None:
        """Reports `step` finished steps."""


def train(
    config: Config,
    bank: EmbeddingBank | None,
    out: Path,
    progress: Progress,
    tracker: Tracker,
    resume: bool,
    ranks: Ranks | None = None,
) -> Checkpoint:
    """Trains to the end and calibrates the calls.

    Args:
        config: all settings.
        bank: embeddings of rendered garments; None trains without images.
        out: run folder.
        progress: told at each report.
        tracker: told at each report; gets the settings at the start and the checkpoint at the end.
        resume: goes on from the checkpoint in `out` where there is one.
        ranks: the processes that share the work; None means this one alone.
    """
    torch.set_num_threads(config.threads)
    with torch.random.fork_rng():
        run = _Run(config, bank, out, resume, ranks or Ranks())
        tracker.params(flat(config))
        with _interrupts(patient=run.ranks.count > 1) as stop:
            run.steps(progress, tracker, stop)
        checkpoint = run.finish()
    tracker.metrics(checkpoint.metrics, checkpoint.step)
    tracker.artifact(checkpoint.path)
    return checkpoint


class _Run:
    """The mutable state of a run. Confined to one thread, but for the batches drawn ahead."""

    def __init__(self, config: Config, bank: EmbeddingBank | None, out: Path, resume: bool, ranks: Ranks) -> None:
        if config.training.batch < ranks.count * config.scale.accumulate:
            raise ConfigError(f"training.batch is {config.training.batch}; it must be at least one row for every part")
        self.config = config
        self.draw = Draw(config, bank)
        self.digest = self.draw.digest
        self.ranks = ranks
        self.path = out / NAME
        torch.manual_seed(config.seed)
        self.device = ranks.device(config.device)
        self.model = _begun(config).to(self.device)
        self.average = Forecaster(config.net).to(self.device)
        self.average.load_state_dict(self.model.state_dict())
        self.optimiser = torch.optim.AdamW(
            self.model.parameters(), lr=config.training.learning_rate, weight_decay=config.training.weight_decay
        )
        self.step = 0
        self.torn = False
        self.saved: int | None = None
        self.finished = False
        self.metrics: dict[str, float] = {}
        self.history: list[dict[str, float]] = []
        if resume and self.path.is_file():
            self._resume()
        ranks.wait()  # nobody writes a checkpoint before all have read the last one
        self.lesson = ranks.wrapped(Lesson(self.model, config.scale.precision))
        backend = config.scale.compile
        self.summed: Callable[..., Tensor] = torch.compile(self.lesson, backend=backend) if backend else self.lesson

    def _resume(self) -> None:
        saved = read(self.path)
        if replace(saved.config, scale=self.config.scale) != self.config:
            raise CheckpointError(f"{self.path}: was trained with other settings; train into another folder")
        if saved.shards != self.digest:
            raise CheckpointError(f"{self.path}: its shards were other ones; bring those, or train into another folder")
        self.model.load_state_dict(saved.weights)
        self.average.load_state_dict(saved.average)
        self.optimiser.load_state_dict(saved.optimiser)
        self.step = self.saved = saved.checkpoint.step
        self.metrics = saved.checkpoint.metrics
        self.finished = saved.checkpoint.finished
        self.history = saved.history

    def steps(self, progress: Progress, tracker: Tracker, stop: threading.Event) -> None:
        """Runs the remaining steps."""
        training = self.config.training
        validation = self.draw.validation(min(1024, 4 * training.batch))
        losses: list[float] = []
        began, first = time.monotonic(), self.step
        with ThreadPoolExecutor(1, thread_name_prefix="batches") as ahead:
            coming = ahead.submit(self.draw.batch, self.step)
            try:
                while self.step < training.steps:
                    batch = coming.result()
                    coming = ahead.submit(self.draw.batch, self.step + 1)
                    loss, stops = self.ranks.total([self._step(batch), float(stop.is_set())], self.device)
                    losses.append(loss)
                    if self.ranks.first and (self.step % training.report_every == 0 or self.step == training.steps):
                        seconds = (time.monotonic() - began) / (self.step - first)
                        self.metrics = {
                            "loss": float(np.mean(losses)),
                            **self._validate(validation),
                            "ms_per_step": 1e3 * seconds,
                            "rows_per_second": training.batch / seconds,
                        }
                        losses = []
                        self.history.append({"step": float(self.step), **self.metrics})
                        progress.update(self.step, training.steps, self.metrics)
                        tracker.metrics(self.metrics, self.step)
                    if self.step % training.save_every == 0:
                        self.save()
                    _heed(stops)
            except KeyboardInterrupt:
                if not self.torn:
                    self.save()
                raise

    def finish(self) -> Checkpoint:
        """Calibrates the calls of the averaged net and saves it; what was finished before stays as it is."""
        if self.finished:
            return Checkpoint(self.path, self.step, self.finished, self.metrics)
        self.average.eval()
        calibration = self.config.calibration
        rows = self.draw.synthetic(calibration.rows)
        with torch.no_grad():
            fitted = fit_call_margin(self.average, rows, calibration.precision, self.device)
            self.average.call_margin.fill_(fitted.margin)
            self.average.stretch.copy_(fit_stretch(self.average, rows, calibration.coverage, self.device))
        self.metrics |= {"call_margin": fitted.margin, "synthetic_called_share": fitted.calls.share}
        if fitted.calls.called:
            self.metrics["synthetic_precision"] = fitted.calls.precision
        elif self.ranks.first:
            logging.getLogger(__name__).warning("the forecaster %s", fitted.warning(calibration.precision))
        self.finished = True
        return self.save()

    def save(self) -> Checkpoint:
        """Writes the checkpoint, once however many processes there are."""
        checkpoint = Checkpoint(self.path, self.step, self.finished, self.metrics)
        self.saved = self.step
        if not self.ranks.first:
            return checkpoint
        return save(
            Saved(
                config=self.config,
                checkpoint=checkpoint,
                weights=self.model.state_dict(),
                average=self.average.state_dict(),
                optimiser=self.optimiser.state_dict(),
                history=self.history,
                shards=self.digest,
            )
        )

    def _step(self, batch: Batch) -> float:
        training = self.config.training
        self.torn = True
        # Dropout, whatever was drawn before; each process drops its own.
        torch.manual_seed(self.config.seed * 1_000_003 + self.step + 500_000_003 * self.ranks.rank)
        for group in self.optimiser.param_groups:
            group["lr"] = training.learning_rate * rate(self.step, training.warmup, training.steps)
        self.model.train()
        self.optimiser.zero_grad(set_to_none=True)
        loss = self._learn(batch)
        norm = float(torch.nn.utils.clip_grad_norm_(self.model.parameters(), training.clip))
        if not (math.isfinite(loss) and math.isfinite(norm)):
            raise self._diverged(loss, norm)
        self.optimiser.step()
        self.step += 1
        decay = min(training.average, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            ours: list[Tensor] = list(self.model.parameters())
            kept: list[Tensor] = list(self.average.parameters())
            torch._foreach_lerp_(kept, ours, 1 - decay)
        self.torn = False
        return loss

    def _diverged(self, loss: float, norm: float) -> DivergedError:
        """Before weights, averages and checkpoint take it."""
        kept = "no checkpoint stands yet" if self.saved is None else f"{self.path} holds step {self.saved}"
        return DivergedError(
            f"step {self.step + 1}: the loss is {loss:g} and its gradient {norm:g}; nothing of it was learned, "
            f"and {kept}. Train with a lower training.learning_rate or training.clip"
        )

    def _learn(self, batch: Batch) -> float:
        """Adds up the gradients of the parts; returns this process's part of the batch's mean loss."""
        alive = torch.tensor(max(1.0, float(alive_rows(batch))), device=self.device)
        mine = parts(batch, self.ranks.rank, self.ranks.count, self.config.scale.accumulate)
        learned = 0.0
        for number, part in enumerate(mine):
            with self.ranks.alone(self.lesson, last=number + 1 == len(mine)):
                loss = self.summed(*given(part, self.device)) / alive
                learned += float(loss.detach())
                if self.ranks.count > 1:
                    loss = loss * self.ranks.count  # their gradients are averaged, and ours are parts of a sum
                loss.backward()  # type: ignore[no-untyped-call]
        return learned

    def _validate(self, batch: Batch) -> dict[str, float]:
        """Loss of the averaged net, and its error beside that of last year's weeks."""
        self.average.eval()
        *asked, future = given(batch, self.device)
        with torch.no_grad():
            forecast = self.average.distribution(*asked)
            loss = float(forecast_loss(forecast, future))
            middle = self.average.median(forecast).cpu().numpy().astype(np.float64)
        error = np.abs(middle - batch.future).mean(1) / ordinary_error(volumes(batch))
        known = error[np.isfinite(error)]
        return {"validation_loss": loss} | ({"validation_mase": float(known.mean())} if len(known) else {})


def _begun(config: Config) -> Forecaster:
    """A net before its first step."""
    if not config.training.begin_from:
        return Forecaster(config.net)
    path = Path(config.training.begin_from)
    model, before = load(path)
    if before.net != config.net:
        raise ConfigError(f"training.begin_from is {path}, a net of {before.net}; [net] says {config.net}")
    return model


def _heed(stops: float) -> None:
    """Ends all processes after the same step, whoever was told to stop."""
    if stops:
        raise KeyboardInterrupt


def rate(step: int, warmup: int, steps: int) -> float:
    """Share of the learning rate: linear warm-up, then a cosine down to 2 %."""
    if step < warmup:
        return (step + 1) / warmup
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * (step - warmup) / max(1, steps - warmup)))


@contextmanager
def _interrupts(patient: bool) -> Iterator[threading.Event]:
    """Turns Ctrl-C and SIGTERM into an event, so that no step is torn.

    A second Ctrl-C ends at once, unless `patient`: who started many processes sends each its signals more than once.
    """
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def interrupted(number: int, _frame: object) -> None:
        stop.set()
        if number == signal.SIGINT and not patient:
            signal.signal(number, before[signal.SIGINT])

    for number in before:
        signal.signal(number, interrupted)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
