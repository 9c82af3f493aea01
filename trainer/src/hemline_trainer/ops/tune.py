"""Searches settings by Optuna, for MASE and microseconds per row at once. Only this file and `study.py` know Optuna.

    space ─▶ ask ─▶ cost of the shape ─▶ train, looked at on its way ─▶ MASE ─▶ tell ─▶ front

Test rows are never asked: the validation rows are drawn from the stream that training validates by, at a step that no
training ever draws.
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

from hemline_trainer.artifact.export import export_forecaster, session
from hemline_trainer.config import Config
from hemline_trainer.data.batch import Batch, joined, market_batch, series_batch
from hemline_trainer.data.embeddings import EmbeddingBank
from hemline_trainer.data.sampler import VALIDATION_SEED
from hemline_trainer.errors import TrainerError
from hemline_trainer.evaluation.backtest import answerer, costs, evaluate
from hemline_trainer.model.forecaster import Forecaster
from hemline_trainer.ops.pareto import Tried
from hemline_trainer.ops.pruner import Looked, hopeless, look_every
from hemline_trainer.ops.search_space import CHOICES, LOGARITHMIC, Space, Value, applied
from hemline_trainer.ops.study import ENDED, Search, ended, opened, tried
from hemline_trainer.ops.tracking import Tracker, tracked
from hemline_trainer.training import checkpoint
from hemline_trainer.training.loop import train

COST_BATCH: Final = 8
"""The gate's batch size, so that both speak of the same microseconds."""

REPORTS_BETWEEN_LOOKS: Final = 10


class Teller(Protocol):
    """Shows how the search goes."""

    def trial(self, tried: Tried, ended: int, wanted: int) -> None:
        """A trial came to its end."""

    def step(self, number: int, step: int, total: int) -> None:
        """A trial has done `step` of `total` steps."""


def search(wish: Search, teller: Teller) -> list[Tried]:
    """Runs trials until the study has as many as are wished, and returns all of them.

    Raises:
        KeyboardInterrupt: Ctrl-C; the trial under way is put back and goes on from its checkpoint next time.
    """
    with opened(wish) as study:
        if len(ended(study)) < wish.trials:
            study.optimize(_Objective(wish, study, teller), callbacks=[_Enough(wish.trials)])
        return tried(study)


def found(wish: Search) -> list[Tried]:
    """Every trial of a study that came to an end so far."""
    with opened(wish) as study:
        return tried(study)


def validation_rows(config: Config, bank: EmbeddingBank | None, rows: int) -> Batch:
    """Rows that no training draws and no back-test asks: half plain series, half trends of the market."""
    rng = np.random.default_rng([config.seed + VALIDATION_SEED, 1])
    return joined([series_batch(rows - rows // 2, rng), market_batch(rows // 2, bank, rng)])


class _Enough:
    """Ends a process when the study has its trials, whoever ran them."""

    def __init__(self, trials: int) -> None:
        self._trials = trials

    def __call__(self, study: optuna.Study, _trial: FrozenTrial) -> None:
        """Told after each trial."""
        if len(ended(study)) >= self._trials:
            study.stop()


class _Objective:
    """One trial from proposal to figures. Confined to one thread."""

    def __init__(self, wish: Search, study: optuna.Study, teller: Teller) -> None:
        self.wish = wish
        self.study = study
        self.teller = teller
        self.rows = validation_rows(wish.config, wish.bank, wish.validation_rows)

    def __call__(self, trial: Trial) -> tuple[float, float]:
        """Trains and measures; raises TrialPruned where the rule stops it."""
        config = applied(self.wish.config, _drawn(trial, self.wish.space))
        every = look_every(config.training.steps)
        watched = replace(config.training, save_every=every, report_every=max(1, every // REPORTS_BETWEEN_LOOKS))
        config = replace(config, training=watched)
        folder, resume = self._folder(trial)
        try:
            cost = self._cost(trial, config, folder)
            watch = _Watch(self, trial, folder, cost)
            with tracked(self.wish.tracking, self.wish.runs, "tune", f"{self.wish.study}-{trial.number}") as tracker:
                trial.set_user_attr("run", tracker.run_id)
                mase = self._trained(config, folder, watch, tracker, resume)
        except KeyboardInterrupt:
            # Put back with what it has: whoever takes it next goes on from the checkpoint.
            kept: dict[str, object] = {
                name: trial.user_attrs[name] for name in ("folder", "looks") if name in trial.user_attrs
            }
            self.study.enqueue_trial(dict(trial.params), user_attrs=kept)
            raise
        if mase is None:
            self._say(Tried(trial.number, dict(trial.params), None, cost, watch.looked, tracker.run_id))
            raise optuna.TrialPruned
        self._say(Tried(trial.number, dict(trial.params), mase, cost, None, tracker.run_id))
        return mase, cost

    def look(self, folder: Path) -> float:
        """MASE of the checkpoint in a run folder."""
        return evaluate(answerer(checkpoint.load(folder)[0]), self.rows)["mase"]

    def peers(self, trial: Trial, step: int) -> Iterator[Looked]:
        """What the other trials had after as many steps."""
        for other in self.study.get_trials(deepcopy=False, states=(*ENDED, TrialState.RUNNING)):
            looks = other.user_attrs.get("looks", {})
            if other.number != trial.number and str(step) in looks and "cost" in other.user_attrs:
                yield Looked(looks[str(step)], other.user_attrs["cost"])

    def _folder(self, trial: Trial) -> tuple[Path, bool]:
        """The trial's run folder, and whether what lies there is its own from before."""
        resume = "folder" in trial.user_attrs
        if not resume:
            trial.set_user_attr("folder", f"{self.wish.study}-{trial.number}")
        folder = self.wish.folder / "trials" / str(trial.user_attrs["folder"])
        if not resume:
            shutil.rmtree(folder, ignore_errors=True)  # of a study of this name in another database
        return folder, resume

    def _trained(self, config: Config, folder: Path, watch: "_Watch", tracker: Tracker, resume: bool) -> float | None:
        """MASE at the end; None where it was stopped."""
        try:
            train(config, self.wish.bank, folder, watch, tracker, resume)
        except _Stopped:
            figures = {"validation_mase": watch.mase, "us_per_row": watch.cost, "stopped": 1.0}
            tracker.metrics(figures, watch.looked or 0)
            return None
        mase = self.look(folder)
        figures = {"validation_mase": mase, "us_per_row": watch.cost, "stopped": 0.0}
        tracker.metrics(figures, config.training.steps)
        if not math.isfinite(mase):
            raise TrainerError(f"{folder}: MASE on the validation rows is {mase}")
        return mase

    def _cost(self, trial: Trial, config: Config, folder: Path) -> float:
        """Microseconds per row of the shape, which training does not change; measured once in a study.

        The best of many runs counts, since whatever disturbs makes a run dearer and never cheaper.
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

    def _say(self, one: Tried) -> None:
        self.teller.trial(one, len(ended(self.study)) + 1, self.wish.trials)


class _Stopped(Exception):  # noqa: N818 - not an error
    """The rule ended a training."""


class _Watch:
    """Told of each report of a training; looks at its checkpoints and ends it where it is hopeless."""

    def __init__(self, objective: _Objective, trial: Trial, folder: Path, cost: float) -> None:
        self.looked: int | None = None
        self.mase = math.nan
        self._objective = objective
        self._trial = trial
        self._folder = folder
        self.cost = cost
        self._seen = 0

    def update(self, step: int, total: int, metrics: dict[str, float]) -> None:
        """A report; the checkpoint of the last look may be new."""
        assert metrics
        self._objective.teller.step(self._trial.number, step, total)
        file = self._folder / checkpoint.NAME
        written = file.stat().st_mtime_ns if file.is_file() else 0
        if written == self._seen or step == total:
            return
        self._seen = written
        at = checkpoint.read(file).checkpoint.step
        if at % look_every(total):
            return  # an interrupted training left it between two looks
        self.looked, self.mase = at, self._objective.look(self._folder)
        looks = {**self._trial.user_attrs.get("looks", {}), str(at): self.mase}
        self._trial.set_user_attr("looks", looks)
        if hopeless(Looked(self.mase, self.cost), self._objective.peers(self._trial, at)):
            raise _Stopped


def _drawn(trial: Trial, space: Space) -> dict[str, Value]:
    drawn: dict[str, Value] = {name: trial.suggest_categorical(name, getattr(space, name)) for name in CHOICES}
    for name in space.ranges():
        low, high = getattr(space, name)
        drawn[name] = trial.suggest_float(name, low, high, log=name in LOGARITHMIC)
    return drawn
