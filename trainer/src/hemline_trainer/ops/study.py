"""The study that trials are kept in: Optuna's, in a database, which outlives processes and which several share."""

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
from hemline_trainer.ops.pareto import Tried
from hemline_trainer.ops.search_space import Space, params_of

VALIDATION_ROWS: Final = 1024
HEARTBEAT_SECONDS: Final = 60
"""A process that was not heard of for twice as long is dead, and another one goes on with its trial."""

TABLES_PAUSES: Final = (0.2, 0.5, 1.0, 2.0)
"""Seconds before the tables of a study are asked for again, while another process makes them."""

ENDED: Final = (TrialState.COMPLETE, TrialState.PRUNED)


@dataclass(frozen=True)
class Search:
    """What is searched, and where its traces go. Immutable.

    Attributes:
        study: its name.
        storage: database URL, as SQLAlchemy reads it.
        config: settings that the trials vary; `training.steps` is the length of each.
        space: what they vary.
        bank: embeddings of rendered garments.
        folder: of this search; the trials' run folders lie in `trials/`.
        trials: how many must have come to an end.
        seed: of the sampler; None draws one, so that processes side by side propose different trials.
        tracking: see `tracking.tracked`.
        runs: folder of the default tracking file.
        rows: validation rows; None means `VALIDATION_ROWS`.
        heartbeat: seconds.
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
        """How many rows a trial is judged by."""
        return self.rows or VALIDATION_ROWS


@contextmanager
def opened(wish: Search) -> Iterator[optuna.Study]:
    """The study of that name, made where there is none; refuses one that was begun with other settings."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with warnings.catch_warnings(), _reachable(wish.storage):
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)  # heartbeats
        storage = _storage(wish)
    try:
        yield _study(wish, storage)
    finally:
        storage.remove_session()
        storage.engine.dispose()


def _storage(wish: Search) -> optuna.storages.RDBStorage:
    """The database, with its tables.

    Processes that meet on an empty one all want to make them; who comes second is refused, and finds them when it tries
    again.
    """
    for pause in TABLES_PAUSES:
        try:
            return _connected(wish)
        except sqlalchemy.exc.DBAPIError as error:
            if "already exists" not in str(error):
                raise
            time.sleep(pause)
    return _connected(wish)


def _connected(wish: Search) -> optuna.storages.RDBStorage:
    return optuna.storages.RDBStorage(
        wish.storage,
        heartbeat_interval=wish.heartbeat,
        heartbeat_stale_trial_callback=optuna.storages.RetryHeartbeatStaleTrialCallback(),
    )


def _study(wish: Search, storage: optuna.storages.RDBStorage) -> optuna.Study:
    study = optuna.create_study(
        study_name=wish.study,
        storage=storage,
        sampler=optuna.samplers.TPESampler(seed=wish.seed),
        directions=["minimize", "minimize"],
        load_if_exists=True,
    )
    mark = _mark(wish)
    before = study.user_attrs.get("mark")
    if before is None:
        study.set_user_attr("mark", mark)
        own = params_of(wish.config)
        if wish.space.holds(own):  # the settings as they are come first, so that the search starts from what is known
            study.enqueue_trial(own, skip_if_exists=True)
    elif before != mark:
        raise ConfigError(
            f"study {wish.study} was begun with other settings, bounds or image embeddings; name another --study"
        )
    return study


def ended(study: optuna.Study) -> list[FrozenTrial]:
    """The trials that came to an end, as Optuna keeps them."""
    return study.get_trials(deepcopy=False, states=ENDED)


def tried(study: optuna.Study) -> list[Tried]:
    """Every trial that came to an end."""
    return [_tried(each) for each in ended(study)]


def _tried(trial: FrozenTrial) -> Tried:
    looks: Mapping[str, float] = trial.user_attrs.get("looks", {})
    finished = trial.state is TrialState.COMPLETE
    return Tried(
        number=trial.number,
        params=dict(trial.params),
        mase=trial.values[0] if finished else None,
        cost=trial.user_attrs.get("cost"),
        stopped_at=None if finished else max(map(int, looks), default=0),
        run=str(trial.user_attrs.get("run", "")),
    )


def _mark(wish: Search) -> str:
    """What trials must share to be compared."""
    embeddings = None if wish.bank is None else [wish.bank.digest, len(wish.bank)]
    shared = [asdict(wish.config), wish.space.as_json(), embeddings, wish.validation_rows]
    return dumps(shared, "the study's settings", sort_keys=True)


@contextmanager
def _reachable(storage: str) -> Iterator[None]:
    try:
        yield
    except (sqlalchemy.exc.SQLAlchemyError, ImportError, RuntimeError, ValueError, LookupError) as error:
        hidden = storage.rpartition("@")[2]  # whoever reads the message need not know the password
        raise TrainerError(f"cannot keep a study in {hidden}: {str(error).splitlines()[0]}") from error
