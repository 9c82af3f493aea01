"""The Python API: an estimator with the habits of scikit-learn around the steps of `pipeline.py`."""

import inspect
import shutil
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import pandas as pd

from hemline_trainer.artifact import manifest
from hemline_trainer.config import Config, load_config
from hemline_trainer.contract import HORIZON, QUANTILES
from hemline_trainer.data.own.frames import read_frame, series_of
from hemline_trainer.data.own.shard_write import INDEX, write_series
from hemline_trainer.data.own.shards import EPOCH, digest, histories
from hemline_trainer.errors import ConfigError, DataError, NotFittedError
from hemline_trainer.evaluation.backtest import answerer
from hemline_trainer.evaluation.metrics import reference, trend_score, volumes
from hemline_trainer.files.digest import sha256, sha256_of
from hemline_trainer.files.durable import place, workshop
from hemline_trainer.files.strict_json import dumps
from hemline_trainer.ops.tracking import Untracked
from hemline_trainer.pipeline import Pipeline
from hemline_trainer.progress import Bars
from hemline_trainer.steps.evaluate import ROWS, Evaluation
from hemline_trainer.store.open import open_store
from hemline_trainer.training import checkpoint
from hemline_trainer.training.encoder import EncoderTraining, load_encoder_training

CLASSES: Final = {-1: "falling", 0: "stable", 1: "rising"}
_SHARD: Final = 4096
"""Series of a shard."""


class Forecaster:
    """Forecasts weekly series 13 weeks ahead; trained on synthetic series and, after `fit(data)`, on own ones.

    Example:
        >>> from hemline_trainer import Forecaster
        >>> forecaster = Forecaster(config="trainer/configs/demo.toml").fit("sales.csv")  # doctest: +SKIP
        >>> forecast = forecaster.predict("sales.csv")  # doctest: +SKIP
        >>> forecaster.publish("store")  # doctest: +SKIP

    Tables are in long format: `unique_id`, `ds` (the Monday of the week), `y`; `data.own.frames` names further columns.

    Args:
        folder: of the runs; a run has a folder of its own, named by its settings and data, so that an interrupted fit
            goes on when it is called again.
        config: settings, or their TOML file; None means the defaults.
        own_share: share of the own series in a training batch.
        image_encoder: image_encoder.onnx to use; None trains one.
        evaluation_rows: rows of each synthetic data set of the back-test, and at most of the hold-out.
        quiet: shows no progress.

    Attributes:
        run_folder_: folder of the fitted run.
        model_: the trained net.
        metrics_: the last figures of training.
        quantiles_: names of the quantile columns of a forecast.
    """

    def __init__(
        self,
        folder: str | Path = "runs-output/forecaster",
        *,
        config: Config | str | Path | None = None,
        own_share: float = 0.5,
        image_encoder: str | Path | None = None,
        evaluation_rows: int = ROWS,
        quiet: bool = False,
    ) -> None:
        self.folder = folder
        self.config = config
        self.own_share = own_share
        self.image_encoder = image_encoder
        self.evaluation_rows = evaluation_rows
        self.quiet = quiet

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: ARG002 - scikit-learn passes it
        """The arguments of the constructor."""
        return {name: getattr(self, name) for name in _PARAMETERS}

    def set_params(self, **params: Any) -> Self:  # noqa: ANN401 - the constructor's types
        """Changes arguments of the constructor; takes effect with the next `fit`."""
        for name, value in params.items():
            if name not in _PARAMETERS:
                raise ConfigError(f"Forecaster has no parameter {name}; it has {', '.join(_PARAMETERS)}")
            vars(self)[name] = value
        return self

    def fit(self, data: pd.DataFrame | str | Path | None = None) -> Self:
        """Trains to the end; a run that was interrupted goes on.

        Args:
            data: own series: a table in long format, a CSV file of one, a folder of Parquet files of one, or a folder
                that `hemline-trainer dataset` wrote. None trains on synthetic series alone.
        """
        folder, config, images = Path(self.folder), self._config(), self._images()
        given = None if self.image_encoder is None else Path(self.image_encoder)
        if data is not None:
            shards = _shards(data, folder)
            config = replace(config, data=replace(config.data, shards=str(shards), share=self.own_share))
        with Bars(quiet=self.quiet) as bars:
            pipeline = Pipeline(folder / _run_name(config, images, given), bars)
            dataset = pipeline.dataset(config, images, given)
            trained = pipeline.train(dataset, Untracked(), resume=True)
        self.run_folder_ = pipeline.run.path
        self.model_ = checkpoint.load(pipeline.run.path)[0]
        self.metrics_ = trained.metrics
        self.quantiles_ = tuple(str(level) for level in QUANTILES)
        return self

    def predict(self, data: pd.DataFrame | str | Path) -> pd.DataFrame:
        """Forecasts the 13 weeks after the last week of each series.

        Args:
            data: series that need not be those of `fit`, as for it.

        Returns:
            13 rows a series: unique_id, ds, a column for each quantile, and, equal in all rows of a series,
            trend_score (NaN where the recent level is not above 0) and trend_class (falling, stable or rising).
        """
        self._check_fitted()
        frame, source = (data, "the table") if isinstance(data, pd.DataFrame) else (read_frame(Path(data)), str(data))
        found = list(series_of(frame, source))
        if not found:
            return pd.DataFrame(columns=["unique_id", "ds", *self.quantiles_, "trend_score", "trend_class"])
        rows = histories(found)
        answers = answerer(self.model_)(rows.inputs())
        quantiles = answers["quantiles"].reshape(-1, len(QUANTILES))  # (R, H, Q) to (R · H, Q)
        median = answers["quantiles"][..., QUANTILES.index(0.5)].astype(np.float64)
        score = trend_score(median, reference(volumes(rows)))
        ahead = range(1, HORIZON + 1)
        weeks = [EPOCH + timedelta(days=int(last), weeks=week) for last in rows.last_week for week in ahead]
        return pd.DataFrame(
            {
                "unique_id": np.repeat([each.trend for each in found], HORIZON),
                "ds": pd.to_datetime(weeks),
                **{name: quantiles[:, place] for place, name in enumerate(self.quantiles_)},
                "trend_score": np.repeat(score, HORIZON),
                "trend_class": np.repeat([CLASSES[int(each)] for each in answers["trend_class"]], HORIZON),
            }
        )

    def export(self, folder: str | Path, model: str = "trend") -> Path:
        """Exports, evaluates and packages the fitted run, and puts a copy of the artifact at `folder`.

        Raises:
            DataError: the folder is there already and holds something else than an artifact.
        """
        out = Path(folder)
        if out.exists() and not (out / manifest.MANIFEST).is_file():
            raise DataError(f"{out}: is there already and holds no artifact; name another folder")
        with Bars(quiet=self.quiet) as bars, workshop(out.parent, f".{out.name}-") as scratch:
            artifact = self._packaged(bars, model).run.artifact
            place(Path(shutil.copytree(artifact, scratch / "artifact")), out)
        return out

    def publish(self, store: str | Path, model: str = "trend", *, channel: str = "stable", force: str = "") -> int:
        """Publishes the fitted run to a store if it passes the evaluation gate, and points the channel at it.

        Args:
            store: a folder, or s3://bucket/prefix.
            model: its name in the store.
            channel: stable, canary or shadow.
            force: a reason to publish in spite of the gate; it is written on the model card.

        Returns:
            The version.

        Raises:
            GateRefused: a check fails and no reason was given; its `table` says which.
        """
        target = open_store(str(store), model)
        with Bars(quiet=self.quiet) as bars:
            pipeline = self._packaged(bars, model)
            return pipeline.publish(target, model, channel=channel, force=force or None).published.version

    def _packaged(self, bars: Bars, model: str) -> Pipeline:
        self._check_fitted()
        pipeline = Pipeline(self.run_folder_, bars)
        pipeline.export()
        pipeline.evaluate(Evaluation(rows=self.evaluation_rows))
        pipeline.package(model)
        return pipeline

    def _check_fitted(self) -> None:
        if not hasattr(self, "model_"):
            raise NotFittedError("this Forecaster is not fitted; call fit before")

    def _config(self) -> Config:
        if self.config is None:
            return Config()
        return self.config if isinstance(self.config, Config) else load_config(Path(self.config))

    def _images(self) -> EncoderTraining:
        if self.config is None or isinstance(self.config, Config):
            return EncoderTraining()
        return load_encoder_training(Path(self.config))


_PARAMETERS: Final = tuple(name for name in inspect.signature(Forecaster.__init__).parameters if name != "self")


def _shards(data: pd.DataFrame | str | Path, folder: Path) -> Path:
    """The folder of the own series as shards, named by their digest."""
    if not isinstance(data, pd.DataFrame) and (Path(data) / INDEX).is_file():
        return Path(data)
    frame, source = (data, "the table") if isinstance(data, pd.DataFrame) else (read_frame(Path(data)), str(data))
    with workshop(folder, ".series-") as scratch:
        write_series(series_of(frame, source), scratch / "made", size=_SHARD, source=source)
        out = folder / f"series-{digest(scratch / 'made')[:12]}"
        if not out.is_dir():
            place(scratch / "made", out)
    return out


def _run_name(config: Config, images: EncoderTraining, given: Path | None) -> str:
    """Twelve digits of the SHA-256 of everything that the weights are a function of, beside the code."""
    settings = asdict(config)
    shards = settings["data"].pop("shards")
    encoder = asdict(images) if given is None else sha256(given)
    parts = [settings, digest(Path(shards)) if shards else "", encoder, images.bank, images.int8]
    return f"run-{sha256_of(dumps(parts, 'the settings', sort_keys=True).encode())[:12]}"
