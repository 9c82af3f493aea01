"""MLflow's model registry as a mirror of the store.

A registered version is an artifact identified by its digest, with its metrics as tags; MLflow numbers it independently
of the store. The aliases stable, canary and shadow mirror the store's pointers and never control them: servers read the
store only.
"""

import logging
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from hemline_trainer.artifact import manifest
from hemline_trainer.errors import ConfigError, TrainerError
from hemline_trainer.files.decimals import number
from hemline_trainer.ops.figure_keys import key_of, names_of
from hemline_trainer.ops.sqlite_url import sqlite_url
from hemline_trainer.store.folder import CHANNELS, ModelStore, check_name
from hemline_trainer.store.s3_store import S3ModelStore

FIGURE: Final = "backtest/"
"""Prefix of metric tags: backtest/<data set>/<metric>, escaped for MLflow."""

PAGE: Final = 1000


@dataclass(frozen=True)
class Registered:
    """A version in the registry. Immutable.

    Attributes:
        version: MLflow's number.
        digest: of the artifact.
        source: URL of the artifact.
        run: MLflow id of the training run, empty if unknown.
        store_version: number in the store mirrored last, empty for none.
        aliases: sorted.
        figures: metrics by "<data set>/<metric>".
    """

    version: int
    digest: str
    source: str
    run: str = ""
    store_version: str = ""
    aliases: tuple[str, ...] = ()
    figures: Mapping[str, float] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The JSON form of `--json`."""
        return {
            "version": self.version,
            "digest": self.digest,
            "source": self.source,
            "mlflow_run_id": self.run,
            "store_version": self.store_version,
            "aliases": list(self.aliases),
            "metrics": dict(self.figures),
        }


@dataclass(frozen=True)
class Moved:
    """Change of one alias by `sync`: MLflow's versions before and after, None for none. Immutable."""

    alias: str
    before: int | None
    after: int | None
    store_version: int | None


class Registry:
    """One model in MLflow's registry. Confined to one thread."""

    def __init__(self, uri: str | None, runs: Path, model: str) -> None:
        """Opens the registry at a tracking URI; None means the SQLite file in `runs`."""
        if uri == "off":
            raise ConfigError("a registry needs MLflow: name another --tracking than 'off'")
        check_name(model)
        if uri is None:
            runs.mkdir(parents=True, exist_ok=True)
            uri = sqlite_url(runs / "mlflow.db")
        self.model = model
        self._uri = uri
        os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
        for name in ("mlflow", "alembic"):  # verbose about creating tables
            logging.getLogger(name).setLevel(logging.WARNING)
        with self._translated_errors():
            # Imported on use, since the import takes two seconds.
            from mlflow.tracking import MlflowClient  # noqa: PLC0415

            self._client = MlflowClient(uri, registry_uri=uri)
            if not self._client.search_registered_models(f"name = '{model}'"):
                self._client.create_registered_model(model, description="Mirrors the model store; see its pointers.")

    def versions(self) -> list[Registered]:
        """Every version, the newest first."""
        with self._translated_errors():
            aliases = dict(self._client.get_registered_model(self.model).aliases)
            found, token = [], None
            while True:
                page = self._client.search_model_versions(f"name = '{self.model}'", PAGE, page_token=token)
                found += [_registered(each, aliases) for each in page]
                token = page.token
                if not token:
                    return sorted(found, key=lambda each: -each.version)

    def find(self, name: str) -> Registered:
        """A version by its number or an alias."""
        for each in self.versions():
            if name in {str(each.version), *each.aliases}:
                return each
        raise TrainerError(f"{self.model} has no registered version or alias {name!r}; `registry list` shows them")

    def register(self, artifact: Path, source: str | None = None) -> tuple[Registered, bool]:
        """Registers an artifact, once per digest.

        Args:
            artifact: folder of the artifact.
            source: URL of the artifact; None means the folder.

        Returns:
            The version, and whether it is new.
        """
        document, digest = manifest.read(artifact), manifest.digest(artifact)
        for each in self.versions():
            if each.digest == digest:
                return each, False
        training = document["training"]
        tags = {
            "digest": digest,
            "created": document["created"],
            "git_commit": training["git_commit"],
            "data_fingerprint": training["data_fingerprint"],
            **{
                key_of(FIGURE, entry["dataset"], name): repr(float(value))
                for entry in document["backtest"]
                for name, value in entry["metrics"].items()
            },
        }
        with self._translated_errors():
            made = self._client.create_model_version(
                self.model,
                source=source or artifact.resolve().as_uri(),
                run_id=self._known_run(training["mlflow_run_id"]),
                tags=tags,
            )
            return _registered(self._client.get_model_version(self.model, str(made.version)), {}), True

    def sync(self, store: ModelStore | S3ModelStore, url: str) -> list[Moved]:
        """Sets the aliases to the store's pointers, and registers their versions where necessary."""
        moves = []
        for channel in CHANNELS:
            desired = store.channel(channel)
            after = None if desired is None else self._mirrored(store, url, desired)
            with self._translated_errors():
                before = dict(self._client.get_registered_model(self.model).aliases).get(channel)
                if after is not None:
                    self._client.set_registered_model_alias(self.model, channel, str(after))
                elif before is not None:
                    self._client.delete_registered_model_alias(self.model, channel)
            moves.append(Moved(channel, None if before is None else int(before), after, desired))
        return moves

    def _mirrored(self, store: ModelStore | S3ModelStore, url: str, version: int) -> int:
        """Registers a version of the store; returns MLflow's number."""
        place = f"{url.rstrip('/')}/{self.model}/versions/{version}"
        with tempfile.TemporaryDirectory(prefix="hemline-") as scratch:
            folder = store.bring(version, Path(scratch))
            registered, _ = self.register(folder, place if url.startswith("s3://") else folder.resolve().as_uri())
        with self._translated_errors():
            self._client.set_model_version_tag(self.model, str(registered.version), "store_version", str(version))
        return registered.version

    def _known_run(self, run: str) -> str | None:
        """The run's id, if this MLflow knows it."""
        from mlflow.exceptions import MlflowException  # noqa: PLC0415

        try:
            return str(self._client.get_run(run).info.run_id) if run else None
        except MlflowException:
            return None

    @contextmanager
    def _translated_errors(self) -> Iterator[None]:
        from mlflow.exceptions import MlflowException  # noqa: PLC0415
        from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

        try:
            yield
        except (MlflowException, SQLAlchemyError) as error:
            raise TrainerError(f"the registry at {self._uri} refuses: {str(error).splitlines()[0]}") from error


def _registered(version: Any, aliases: Mapping[str, str | int]) -> Registered:  # noqa: ANN401 - MLflow has no types
    tags: dict[str, str] = dict(version.tags)
    return Registered(
        version=int(version.version),
        digest=tags.get("digest", ""),
        source=str(version.source),
        run=str(version.run_id or ""),
        store_version=tags.get("store_version", ""),
        aliases=tuple(sorted(alias for alias, named in aliases.items() if int(named) == int(version.version))),
        figures=_figures(tags),
    )


def _figures(tags: Mapping[str, str]) -> dict[str, float]:
    """The metrics among a version's tags; tags that are not numbers are skipped."""
    found = {}
    for key in sorted(tags):
        if key.startswith(FIGURE):
            with suppress(ValueError):
                found["/".join(names_of(key, FIGURE))] = number(tags[key], sys.float_info.max)
    return found


def format_versions(versions: Sequence[Registered]) -> str:
    """A text table, the newest version first."""
    head = ("VERSION", "ALIASES", "STORE", "DIGEST", "RUN", "SOURCE")
    rows = [
        (str(v.version), ",".join(v.aliases) or "-", v.store_version or "-", v.digest[:12], v.run[:12] or "-", v.source)
        for v in versions
    ]
    return _table([head, *rows]) if rows else "no version is registered yet"


def format_comparison(first: Registered, second: Registered) -> str:
    """Metrics of two versions side by side; blank where missing."""
    rows = [("data set", "metric", _named(first), _named(second), "difference")]
    for key in sorted({*first.figures, *second.figures}):
        dataset, metric = key.rsplit("/", 1)
        ours, theirs = first.figures.get(key), second.figures.get(key)
        difference = "" if ours is None or theirs is None else f"{theirs - ours:+.4f}"
        rows.append((dataset, metric, _figure(ours), _figure(theirs), difference))
    if len(rows) == 1:
        return "neither version has figures"
    return _table(rows)


def _named(version: Registered) -> str:
    return f"version {version.version}" + (f" ({','.join(version.aliases)})" if version.aliases else "")


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
