"""The Optuna study of a search, in a database shared by processes."""

import logging
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import optuna
import sqlalchemy.exc
from optuna.trial import FrozenTrial, TrialState

from hemline_trainer.config import Config
from hemline_trainer.data.embeddings import EmbeddingBank
from hemline_trainer.errors import ConfigError, TrainerError
from hemline_trainer.files.strict_json import dumps
from hemline_trainer.ops.pareto import CompletedTrial
from hemline_trainer.ops.search_space import Space, params_of

VALIDATION_ROWS: Final = 1024
HEARTBEAT_SECONDS: Final = 60
"""A process without a heartbeat for twice as long counts as dead; another one resumes its trial."""

TABLES_PAUSES: Final = (0.2, 0.5, 1.0, 2.0)
"""Delays in seconds between attempts, while another process creates the tables."""

ENDED: Final = (TrialState.COMPLETE, TrialState.PRUNED)


@dataclass(frozen=True)
class Search:
    """Settings of a search. Immutable.

    Attributes:
        study: name of the study.
        storage: SQLAlchemy URL.
        config: base settings; `training.steps` is the length of a trial.
        space: search space.
        bank: embeddings of rendered garments.
        folder: of the search; run folders of trials are in `trials/`.
        trials: number of completed trials.
        seed: of the sampler; None draws one, so that concurrent processes propose different trials.
        tracking: see `tracking.tracked`.
        runs: folder of the default tracking file.
        rows: validation rows; None means `VALIDATION_ROWS`.
        heartbeat: interval in seconds.
    """

    study: str
    storage: str
    config: Config
    space: Space
    bank: EmbeddingBank | None
    folder: Path
    trials: int
    seed: int | None = None
    tracking: str | None = None
    runs: Path = Path("runs-output")
    rows: int | None = None
    heartbeat: int = HEARTBEAT_SECONDS

    @property
    def validation_rows(self) -> int:
        """Number of validation rows."""
        return self.rows or VALIDATION_ROWS


@contextmanager
def open_study(search: Search) -> Iterator[optuna.Study]:
    """Opens or creates the study; rejects one created with other settings."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with warnings.catch_warnings(), _translated_errors(search.storage):
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)  # heartbeats
        storage = _storage(search)
    try:
        yield _study(search, storage)
    finally:
        storage.remove_session()
        storage.engine.dispose()


def _storage(search: Search) -> optuna.storages.RDBStorage:
    """The database with its tables; retries while another process creates them."""
    for pause in TABLES_PAUSES:
        try:
            return _connected(search)
        except sqlalchemy.exc.DBAPIError as error:
            if "already exists" not in str(error):
                raise
            time.sleep(pause)
    return _connected(search)


def _connected(search: Search) -> optuna.storages.RDBStorage:
    return optuna.storages.RDBStorage(
        search.storage,
        heartbeat_interval=search.heartbeat,
        heartbeat_stale_trial_callback=optuna.storages.RetryHeartbeatStaleTrialCallback(),
    )


def _study(search: Search, storage: optuna.storages.RDBStorage) -> optuna.Study:
    study = optuna.create_study(
        study_name=search.study,
        storage=storage,
        sampler=optuna.samplers.TPESampler(seed=search.seed),
        directions=["minimize", "minimize"],
        load_if_exists=True,
    )
    fingerprint = _fingerprint(search)
    before = study.user_attrs.get("mark")
    if before is None:
        study.set_user_attr("mark", fingerprint)
        own = params_of(search.config)
        if search.space.holds(own):  # the base settings are the first trial
            study.enqueue_trial(own, skip_if_exists=True)
    elif before != fingerprint:
        raise ConfigError(
            f"study {search.study} was begun with other settings, bounds or image embeddings; name another --study"
        )
    return study


def ended_trials(study: optuna.Study) -> list[FrozenTrial]:
    """Completed and pruned trials of Optuna."""
    return study.get_trials(deepcopy=False, states=ENDED)


def completed_trials(study: optuna.Study) -> list[CompletedTrial]:
    """Completed and pruned trials."""
    return [_completed_trial(each) for each in ended_trials(study)]


def _completed_trial(trial: FrozenTrial) -> CompletedTrial:
    looks: Mapping[str, float] = trial.user_attrs.get("looks", {})
    finished = trial.state is TrialState.COMPLETE
    return CompletedTrial(
        number=trial.number,
        params=dict(trial.params),
        mase=trial.values[0] if finished else None,
        cost=trial.user_attrs.get("cost"),
        stopped_at=None if finished else max(map(int, looks), default=0),
        run=str(trial.user_attrs.get("run", "")),
    )


def _fingerprint(search: Search) -> str:
    """Settings that comparable trials share."""
    embeddings = None if search.bank is None else [search.bank.digest, len(search.bank)]
    shared = [asdict(search.config), search.space.as_json(), embeddings, search.validation_rows]
    return dumps(shared, "the study's settings", sort_keys=True)


@contextmanager
def _translated_errors(storage: str) -> Iterator[None]:
    try:
        yield
    except (sqlalchemy.exc.SQLAlchemyError, ImportError, RuntimeError, ValueError, LookupError) as error:
        address = storage.rpartition("@")[2]  # without user and password
        raise TrainerError(f"cannot keep a study in {address}: {str(error).splitlines()[0]}") from error
