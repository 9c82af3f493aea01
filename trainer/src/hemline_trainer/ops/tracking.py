"""Where runs are remembered. Beside `registry.py` the only file that knows MLflow.

The default is a SQLite file in the runs folder, so nothing needs to listen anywhere; any MLflow tracking URI works.
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
    """Remembers one run: its parameters once, its metrics by step, its files."""

    @property
    def run_id(self) -> str:
        """The run's id, empty when nothing is remembered."""

    def params(self, params: Mapping[str, Param]) -> None:
        """Remembers settings; call once."""

    def metrics(self, metrics: Mapping[str, float], step: int) -> None:
        """Remembers figures of one step."""

    def artifact(self, path: Path) -> None:
        """Remembers a file."""


class Untracked:
    """Remembers nothing."""

    run_id = ""

    def params(self, params: Mapping[str, Param]) -> None:
        """Forgets them."""

    def metrics(self, metrics: Mapping[str, float], step: int) -> None:
        """Forgets them."""

    def artifact(self, path: Path) -> None:
        """Forgets it."""


class MlflowTracker:
    """Remembers one run in MLflow."""

    def __init__(self, uri: str, experiment: str, name: str, artifacts: Path) -> None:
        os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
        self._told = False
        # Imported here: it takes two seconds, and most commands never track.
        from mlflow.exceptions import MlflowException  # noqa: PLC0415
        from mlflow.tracking import MlflowClient  # noqa: PLC0415
        from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

        for talker in ("mlflow", "alembic"):  # they say at length that they make their tables
            logging.getLogger(talker).setLevel(logging.WARNING)
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
        with self._forgiving():
            for key, value in params.items():
                self._client.log_param(self.run_id, key, value)

    def metrics(self, metrics: Mapping[str, float], step: int) -> None:
        """Logs figures of one step in one call."""
        from mlflow.entities import Metric  # noqa: PLC0415

        now = time.time_ns() // 1_000_000
        with self._forgiving():
            self._client.log_batch(
                self.run_id, metrics=[Metric(key, float(value), now, step) for key, value in metrics.items()]
            )

    def artifact(self, path: Path) -> None:
        """Copies a file to the run's artifacts."""
        with self._forgiving():
            self._client.log_artifact(self.run_id, str(path))

    def end(self, status: str) -> None:
        """Closes the run as FINISHED, FAILED or KILLED."""
        with self._forgiving():
            self._client.set_terminated(self.run_id, status)

    @contextmanager
    def _forgiving(self) -> Iterator[None]:
        """A full disk or a server that went away costs what was to be remembered, not the training; said once."""
        from mlflow.exceptions import MlflowException  # noqa: PLC0415

        try:
            yield
        except (MlflowException, OSError) as error:
            if not self._told:
                logging.getLogger(__name__).warning("tracking lost: %s; the run goes on", str(error).splitlines()[0])
            self._told = True


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
