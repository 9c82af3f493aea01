"""Tracking of runs in MLflow.

The default is a SQLite file in the runs folder, which needs no server; any MLflow tracking URI works.
"""

import logging
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from hemline_trainer.errors import TrainerError
from hemline_trainer.ops.sqlite_url import sqlite_url

Param = str | int | float | bool | None


class Tracker(Protocol):
    """Records one run: parameters, metrics by step, and files."""

    @property
    def run_id(self) -> str:
        """The run's id, empty without tracking."""

    def params(self, params: Mapping[str, Param]) -> None:
        """Records settings; call once."""

    def metrics(self, metrics: Mapping[str, float], step: int) -> None:
        """Records metrics of one step."""

    def artifact(self, path: Path) -> None:
        """Records a file."""


class Untracked:
    """Records nothing."""

    run_id = ""

    def params(self, params: Mapping[str, Param]) -> None:
        """Does nothing."""

    def metrics(self, metrics: Mapping[str, float], step: int) -> None:
        """Does nothing."""

    def artifact(self, path: Path) -> None:
        """Does nothing."""


class MlflowTracker:
    """Records one run in MLflow. Confined to one thread."""

    def __init__(self, uri: str, experiment: str, name: str, artifacts: Path) -> None:
        os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
        self._warned = False
        # Imported on use, since the import takes two seconds.
        from mlflow.exceptions import MlflowException  # noqa: PLC0415
        from mlflow.tracking import MlflowClient  # noqa: PLC0415
        from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

        for name_of_logger in ("mlflow", "alembic"):  # verbose about creating tables
            logging.getLogger(name_of_logger).setLevel(logging.WARNING)
        try:
            self._client = MlflowClient(uri)
            found = self._client.get_experiment_by_name(experiment)
            experiment_id = (
                found.experiment_id
                if found
                else self._client.create_experiment(experiment, artifact_location=artifacts.resolve().as_uri())
            )
            self._run = self._client.create_run(experiment_id, run_name=name)
        except (MlflowException, SQLAlchemyError) as error:
            raise TrainerError(f"cannot track to {uri}: {str(error).splitlines()[0]}") from error

    @property
    def run_id(self) -> str:
        """MLflow's id of the run."""
        return str(self._run.info.run_id)

    def params(self, params: Mapping[str, Param]) -> None:
        """Logs each setting."""
        with self._tolerated():
            for key, value in params.items():
                self._client.log_param(self.run_id, key, value)

    def metrics(self, metrics: Mapping[str, float], step: int) -> None:
        """Logs metrics of one step in one call."""
        from mlflow.entities import Metric  # noqa: PLC0415

        now = time.time_ns() // 1_000_000
        with self._tolerated():
            self._client.log_batch(
                self.run_id, metrics=[Metric(key, float(value), now, step) for key, value in metrics.items()]
            )

    def artifact(self, path: Path) -> None:
        """Copies a file to the run's artifacts."""
        with self._tolerated():
            self._client.log_artifact(self.run_id, str(path))

    def end(self, status: str) -> None:
        """Closes the run as FINISHED, FAILED or KILLED."""
        with self._tolerated():
            self._client.set_terminated(self.run_id, status)

    @contextmanager
    def _tolerated(self) -> Iterator[None]:
        """A full disk or an unreachable server costs the tracking, not the run; logs one warning."""
        from mlflow.exceptions import MlflowException  # noqa: PLC0415

        try:
            yield
        except (MlflowException, OSError) as error:
            if not self._warned:
                logging.getLogger(__name__).warning("tracking lost: %s; the run goes on", str(error).splitlines()[0])
            self._warned = True


@contextmanager
def tracked(uri: str | None, runs: Path, experiment: str, name: str) -> Iterator[Tracker]:
    """Opens a run; `uri` None means a SQLite file in `runs`, "off" means none."""
    if uri == "off":
        yield Untracked()
        return
    if uri is None:
        runs.mkdir(parents=True, exist_ok=True)
        uri = sqlite_url(runs / "mlflow.db")
    tracker = MlflowTracker(uri, experiment, name, runs / "mlflow-artifacts")
    try:
        yield tracker
    except KeyboardInterrupt:
        tracker.end("KILLED")
        raise
    except BaseException:
        tracker.end("FAILED")
        raise
    tracker.end("FINISHED")
