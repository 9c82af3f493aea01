"""Multi-objective search of settings with Optuna: MASE and microseconds per row.

    space ─▶ suggest ─▶ cost of the shape ─▶ train, with pruning ─▶ MASE ─▶ report ─▶ Pareto front

No test rows are used: the validation rows come from the validation stream of training, at a step that no training
draws.
"""

import math
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final, Protocol

import numpy as np
import optuna
from optuna.trial import FrozenTrial, Trial, TrialState

from hemline_trainer.artifact.equivalence import session
from hemline_trainer.artifact.export import export_forecaster
from hemline_trainer.config import Config
from hemline_trainer.data.batch import Batch, joined, market_batch, series_batch
from hemline_trainer.data.embeddings import EmbeddingBank
from hemline_trainer.data.sampler import VALIDATION_SEED
from hemline_trainer.errors import TrainerError
from hemline_trainer.evaluation.backtest import answerer, costs, evaluate
from hemline_trainer.model.forecaster import Forecaster
from hemline_trainer.ops.pareto import CompletedTrial
from hemline_trainer.ops.pruner import Evaluation, evaluation_interval, should_prune
from hemline_trainer.ops.search_space import CHOICES, LOGARITHMIC, Space, Value, applied
from hemline_trainer.ops.study import ENDED, Search, completed_trials, ended_trials, open_study
from hemline_trainer.ops.tracking import Tracker, tracked
from hemline_trainer.training import checkpoint
from hemline_trainer.training.loop import train

COST_BATCH: Final = 8
"""The batch size of the evaluation gate's latency check."""

REPORTS_PER_EVALUATION: Final = 10


class Observer(Protocol):
    """Receives the progress of a search."""

    def trial(self, completed: CompletedTrial, ended: int, wanted: int) -> None:
        """A trial is completed or pruned."""

    def step(self, number: int, step: int, total: int) -> None:
        """A trial has finished `step` of `total` steps."""


def search(settings: Search, observer: Observer) -> list[CompletedTrial]:
    """Runs trials until the study has the configured number, and returns all of them.

    Raises:
        KeyboardInterrupt: SIGINT; the running trial is enqueued again and will resume from its checkpoint.
    """
    with open_study(settings) as study:
        if len(ended_trials(study)) < settings.trials:
            study.optimize(_Objective(settings, study, observer), callbacks=[_StopAfter(settings.trials)])
        return completed_trials(study)


def found(settings: Search) -> list[CompletedTrial]:
    """Completed and pruned trials of a study."""
    with open_study(settings) as study:
        return completed_trials(study)


def validation_rows(config: Config, bank: EmbeddingBank | None, rows: int) -> Batch:
    """Rows outside of training and back-tests: half synthetic series, half trends of the market."""
    rng = np.random.default_rng([config.seed + VALIDATION_SEED, 1])
    return joined([series_batch(rows - rows // 2, rng), market_batch(rows // 2, bank, rng)])


class _StopAfter:
    """Callback that stops a process when the study has enough trials, including those of other processes."""

    def __init__(self, trials: int) -> None:
        self._trials = trials

    def __call__(self, study: optuna.Study, _trial: FrozenTrial) -> None:
        """Called after each trial."""
        if len(ended_trials(study)) >= self._trials:
            study.stop()


class _Objective:
    """One trial from suggestion to objectives. Confined to one thread."""

    def __init__(self, settings: Search, study: optuna.Study, observer: Observer) -> None:
        self.settings = settings
        self.study = study
        self.observer = observer
        self.rows = validation_rows(settings.config, settings.bank, settings.validation_rows)

    def __call__(self, trial: Trial) -> tuple[float, float]:
        """Trains and measures; raises TrialPruned."""
        config = applied(self.settings.config, _drawn(trial, self.settings.space))
        every = evaluation_interval(config.training.steps)
        watched = replace(config.training, save_every=every, report_every=max(1, every // REPORTS_PER_EVALUATION))
        config = replace(config, training=watched)
        folder, resume = self._folder(trial)
        try:
            cost = self._cost(trial, config, folder)
            monitor = _Monitor(self, trial, folder, cost)
            with tracked(
                self.settings.tracking, self.settings.runs, "tune", f"{self.settings.study}-{trial.number}"
            ) as tracker:
                trial.set_user_attr("run", tracker.run_id)
                mase = self._trained(config, folder, monitor, tracker, resume)
        except KeyboardInterrupt:
            # Enqueued with its attributes, so that any process resumes from the checkpoint.
            kept: dict[str, object] = {
                name: trial.user_attrs[name] for name in ("folder", "looks") if name in trial.user_attrs
            }
            self.study.enqueue_trial(dict(trial.params), user_attrs=kept)
            raise
        if mase is None:
            self._report(
                CompletedTrial(trial.number, dict(trial.params), None, cost, monitor.evaluated_at, tracker.run_id)
            )
            raise optuna.TrialPruned
        self._report(CompletedTrial(trial.number, dict(trial.params), mase, cost, None, tracker.run_id))
        return mase, cost

    def evaluate(self, folder: Path) -> float:
        """MASE of the checkpoint in a run folder."""
        return evaluate(answerer(checkpoint.load(folder)[0]), self.rows)["mase"]

    def peers(self, trial: Trial, step: int) -> Iterator[Evaluation]:
        """Evaluations of the other trials at the same step."""
        for other in self.study.get_trials(deepcopy=False, states=(*ENDED, TrialState.RUNNING)):
            looks = other.user_attrs.get("looks", {})
            if other.number != trial.number and str(step) in looks and "cost" in other.user_attrs:
                yield Evaluation(looks[str(step)], other.user_attrs["cost"])

    def _folder(self, trial: Trial) -> tuple[Path, bool]:
        """The run folder of the trial, and whether it is resumed."""
        resume = "folder" in trial.user_attrs
        if not resume:
            trial.set_user_attr("folder", f"{self.settings.study}-{trial.number}")
        folder = self.settings.folder / "trials" / str(trial.user_attrs["folder"])
        if not resume:
            shutil.rmtree(folder, ignore_errors=True)  # left by a study of this name in another database
        return folder, resume

    def _trained(
        self, config: Config, folder: Path, monitor: "_Monitor", tracker: Tracker, resume: bool
    ) -> float | None:
        """MASE after training; None if pruned."""
        try:
            train(config, self.settings.bank, folder, monitor, tracker, resume)
        except _Pruned:
            figures = {"validation_mase": monitor.mase, "us_per_row": monitor.cost, "stopped": 1.0}
            tracker.metrics(figures, monitor.evaluated_at or 0)
            return None
        mase = self.evaluate(folder)
        figures = {"validation_mase": mase, "us_per_row": monitor.cost, "stopped": 0.0}
        tracker.metrics(figures, config.training.steps)
        if not math.isfinite(mase):
            raise TrainerError(f"{folder}: MASE on the validation rows is {mase}")
        return mase

    def _cost(self, trial: Trial, config: Config, folder: Path) -> float:
        """Microseconds per row of the shape, measured once per study on an untrained network.

        The minimum counts, since other load only ever adds to a measurement.
        """
        shape = [config.net.trunk, config.net.token]
        for other in self.study.get_trials(deepcopy=False):
            if other.user_attrs.get("shape") == shape and "cost" in other.user_attrs:
                cost = float(other.user_attrs["cost"])
                break
        else:
            folder.mkdir(parents=True, exist_ok=True)
            graph = folder / "untrained.onnx"
            export_forecaster(Forecaster(config.net).eval(), graph)
            (measured,) = costs(session(graph), (COST_BATCH,))
            graph.unlink()
            cost = round(measured.best, 2)
        trial.set_user_attr("shape", shape)
        trial.set_user_attr("cost", cost)
        return cost

    def _report(self, completed: CompletedTrial) -> None:
        self.observer.trial(completed, len(ended_trials(self.study)) + 1, self.settings.trials)


class _Pruned(Exception):  # noqa: N818 - not an error
    """The pruning rule ended a training."""


class _Monitor:
    """Receives the reports of a training, evaluates new checkpoints and applies the pruning rule."""

    def __init__(self, objective: _Objective, trial: Trial, folder: Path, cost: float) -> None:
        self.evaluated_at: int | None = None
        self.mase = math.nan
        self._objective = objective
        self._trial = trial
        self._folder = folder
        self.cost = cost
        self._seen = 0

    def update(self, step: int, total: int, metrics: dict[str, float]) -> None:
        """Evaluates the checkpoint if it is new."""
        assert metrics
        self._objective.observer.step(self._trial.number, step, total)
        file = self._folder / checkpoint.NAME
        written = file.stat().st_mtime_ns if file.is_file() else 0
        if written == self._seen or step == total:
            return
        self._seen = written
        at = checkpoint.read(file).checkpoint.step
        if at % evaluation_interval(total):
            return  # written by an interrupt between two evaluations
        self.evaluated_at, self.mase = at, self._objective.evaluate(self._folder)
        looks = {**self._trial.user_attrs.get("looks", {}), str(at): self.mase}
        self._trial.set_user_attr("looks", looks)
        if should_prune(Evaluation(self.mase, self.cost), self._objective.peers(self._trial, at)):
            raise _Pruned


def _drawn(trial: Trial, space: Space) -> dict[str, Value]:
    drawn: dict[str, Value] = {name: trial.suggest_categorical(name, getattr(space, name)) for name in CHOICES}
    for name in space.ranges():
        low, high = getattr(space, name)
        drawn[name] = trial.suggest_float(name, low, high, log=name in LOGARITHMIC)
    return drawn
