"""`from hemline_trainer import Forecaster`: fitted, asked, exported and published from Python alone."""

import pickle
import re
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tiny import write_graphs

from hemline_trainer import Forecaster
from hemline_trainer.artifact import manifest
from hemline_trainer.artifact.equivalence import session
from hemline_trainer.artifact.verify import verify
from hemline_trainer.contract import OUTPUTS
from hemline_trainer.data.own.frames import series_of
from hemline_trainer.data.own.shards import histories
from hemline_trainer.errors import ConfigError, DataError, GateRefused, NotFittedError
from hemline_trainer.store.folder import ModelStore
from hemline_trainer.training import checkpoint

README = Path(__file__).parents[1] / "README.md"
SETTINGS = """seed = 7
threads = 1
[net]
trunk = 16
token = 8
[training]
steps = 2
batch = 16
warmup = 1
[calibration]
rows = 64
[encoder]
bank = 22
"""


def table(series: int = 8, weeks: int = 60, seed: int = 5) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    days = [date(2024, 1, 1) + timedelta(weeks=week) for week in range(weeks)]
    parts = [
        pd.DataFrame(
            {
                "unique_id": f"trend-{number}",
                "ds": pd.to_datetime(days),
                "y": rng.uniform(10, 20, weeks),
                "market": ("eu", "us")[number % 2],
                "category": "shoes",
            }
        )
        for number in range(series)
    ]
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("api")
    (folder / "settings.toml").write_text(SETTINGS, encoding="utf-8")
    write_graphs(folder)
    return folder


def unfitted(folder: Path) -> Forecaster:
    return Forecaster(
        folder / "runs",
        config=folder / "settings.toml",
        image_encoder=folder / "image_encoder.onnx",
        evaluation_rows=16,
        quiet=True,
    )


@pytest.fixture(scope="module")
def fitted(folder: Path) -> Forecaster:
    return unfitted(folder).fit(table())


def test_the_constructor_keeps_its_arguments_and_does_nothing_else(tmp_path: Path) -> None:
    forecaster = Forecaster(tmp_path / "runs", own_share=0.3)

    assert forecaster.get_params() == {
        "folder": tmp_path / "runs",
        "config": None,
        "own_share": 0.3,
        "image_encoder": None,
        "evaluation_rows": 512,
        "quiet": False,
    }
    assert forecaster.set_params(own_share=0.4).get_params()["own_share"] == 0.4
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ConfigError, match="no parameter steps; it has folder, config"):
        forecaster.set_params(steps=3)


def test_a_forecaster_that_is_not_fitted_says_so(tmp_path: Path) -> None:
    forecaster = Forecaster(tmp_path)

    for call in (lambda: forecaster.predict(table()), lambda: forecaster.export(tmp_path / "artifact")):
        with pytest.raises(NotFittedError, match="call fit before"):
            call()


def test_thirteen_weeks_of_each_series_with_quantiles_score_and_class(fitted: Forecaster) -> None:
    forecast = fitted.predict(table(series=3))

    assert list(forecast.columns) == ["unique_id", "ds", "0.1", "0.5", "0.9", "trend_score", "trend_class"]
    assert forecast.groupby("unique_id").size().tolist() == [13, 13, 13]
    assert forecast["ds"].iloc[0] == pd.Timestamp(date(2024, 1, 1) + timedelta(weeks=60))
    assert (forecast["0.1"] <= forecast["0.5"]).all()
    assert (forecast["0.5"] <= forecast["0.9"]).all()
    assert set(forecast["trend_class"]) <= {"falling", "stable", "rising"}
    recent = table(series=1)["y"].to_numpy()[-13:].mean()
    first = forecast[forecast["unique_id"] == "trend-0"]
    assert first["trend_score"].iloc[0] == pytest.approx(first["0.5"].mean() / recent - 1, rel=1e-5)


def test_the_exported_graph_forecasts_what_predict_forecasts(fitted: Forecaster, tmp_path: Path) -> None:
    gaps = table(series=3, seed=6).drop(index=[5, 6, 70])
    gaps.loc[gaps.index[10], "y"] = np.nan

    artifact = fitted.export(tmp_path / "artifact")

    verify(artifact, "trend")
    rows = histories(list(series_of(gaps, "the table")))
    served = dict(zip(OUTPUTS, session(artifact / "forecaster.onnx").run(list(OUTPUTS), rows.inputs()), strict=True))
    forecast = fitted.predict(gaps)
    assert forecast[["0.1", "0.5", "0.9"]].to_numpy() == pytest.approx(served["quantiles"].reshape(-1, 3), rel=1e-5)
    classes = np.array(["falling", "stable", "rising"])[np.repeat(served["trend_class"], 13) + 1]
    assert forecast["trend_class"].tolist() == classes.tolist()


def test_trend_class_is_the_direction_of_trend_score_where_the_model_is_sure_enough(fitted: Forecaster) -> None:
    sure = pickle.loads(pickle.dumps(fitted))  # noqa: S301 - our own
    sure.model_.call_margin.zero_()
    steep = table(series=6)
    weeks = steep.groupby("unique_id").cumcount()
    steep["y"] += np.where(steep["unique_id"] < "trend-3", weeks, 60 - weeks) / 2

    forecast = sure.predict(steep)

    called = forecast[forecast["trend_class"] != "stable"]
    assert set(called["trend_class"]) == {"falling", "rising"}
    assert ((called["trend_class"] == "rising") == (called["trend_score"] > 0)).all()


def test_a_history_is_laid_out_as_the_server_lays_out_a_posted_series() -> None:
    gaps = table(series=1, weeks=300).drop(index=[299 - 3])

    rows = histories(list(series_of(gaps, "the table")))

    assert rows.last_week.tolist() == [(date(2024, 1, 1) + timedelta(weeks=299) - date(1970, 1, 1)).days]
    assert rows.observed[0, :, 0].tolist() == [True] * 204 + [False] + [True] * 3
    assert not rows.observed[..., 1:].any()
    assert rows.history[0, -1, 0] == np.float32(gaps["y"].iloc[-1])
    assert rows.history[0, -4, 0] == 0
    assert rows.static_ids.tolist() == [[3, 0, 3]]
    assert not rows.has_image.any()


def test_the_hold_out_of_the_fitted_series_comes_first_on_the_card(fitted: Forecaster, tmp_path: Path) -> None:
    artifact = fitted.export(tmp_path / "artifact")

    backtest = manifest.read(artifact)["backtest"]
    assert [entry["dataset"] for entry in backtest][:2] == ["own-series", "synthetic-series"]
    assert "called_share" in backtest[0]["metrics"]
    assert "no training step has seen them" in (artifact / "card.md").read_text(encoding="utf-8")


def test_fitting_again_trains_only_what_is_new(fitted: Forecaster, folder: Path) -> None:
    stamp = (fitted.run_folder_ / checkpoint.NAME).stat().st_mtime_ns
    shuffled = table().sample(frac=1, random_state=3)

    again = unfitted(folder).fit(shuffled)
    other = unfitted(folder).set_params(own_share=0.25).fit(shuffled)

    assert again.run_folder_ == fitted.run_folder_
    assert (again.run_folder_ / checkpoint.NAME).stat().st_mtime_ns == stamp
    assert other.run_folder_ != fitted.run_folder_


def test_a_csv_file_and_a_folder_of_parquet_are_the_same_series(fitted: Forecaster, tmp_path: Path) -> None:
    table().to_csv(tmp_path / "sales.csv", index=False)
    (tmp_path / "parts").mkdir()
    for number, part in enumerate(np.array_split(np.arange(len(table())), 3)):
        table().iloc[part].to_parquet(tmp_path / "parts" / f"part-{number}.parquet")

    expected = fitted.predict(table())

    for source in (tmp_path / "sales.csv", tmp_path / "parts"):
        pd.testing.assert_frame_equal(fitted.predict(source), expected)


def test_publishing_asks_the_gate_and_a_reason_overrules_it(fitted: Forecaster, tmp_path: Path) -> None:
    with pytest.raises(GateRefused) as refused:
        fitted.publish(tmp_path / "store")

    assert "own-series: MASE beats seasonal_naive" in refused.value.table
    assert fitted.publish(tmp_path / "store", force="two steps of training") == 1
    assert ModelStore(tmp_path / "store").channel("stable") == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda frame: frame.drop(columns="y"), "there is no column y; needed are unique_id, ds, y"),
        (lambda frame: frame.assign(colour="red"), "column 'colour' is unknown; known are unique_id"),
        (lambda frame: frame.assign(ds=frame["ds"] + pd.Timedelta(days=1)), "is a Tuesday; a week is named by its"),
        (lambda frame: pd.concat([frame, frame.iloc[[3]]]), "'trend-0', column ds: 2024-01-22 is there twice"),
        (lambda frame: frame.assign(y="many"), "'trend-0', column y: 'many' is not a number"),
        (lambda frame: frame.assign(y=np.inf), "'trend-0', column y: inf is beyond 1e\\+30"),
        (lambda frame: frame.assign(unique_id=7), "column unique_id: 7 is not a name"),
        (lambda frame: frame.assign(market=["us", "eu"] * (len(frame) // 2)), "column market: 'eu' differs from 'us'"),
    ],
)
def test_what_is_wrong_with_a_table_is_named(change: object, message: str) -> None:
    assert callable(change)
    with pytest.raises(DataError, match=message):
        list(series_of(change(table(series=1)), "the table"))


def test_the_example_of_the_readme_runs(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    for path, source in (
        ("trainer/configs/demo.toml", "settings.toml"),
        ("model-store/demo/store/trend/versions/2/image_encoder.onnx", "image_encoder.onnx"),
    ):
        assert path in example
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_bytes((folder / source).read_bytes())
    table().to_csv(tmp_path / "sales.csv", index=False)
    monkeypatch.chdir(tmp_path)

    example = example.replace('"runs-output/sales",', '"runs-output/sales", evaluation_rows=16,')
    names: dict[str, object] = {}
    exec(compile(example, str(README), "exec"), names)  # noqa: S102 - the example is ours

    forecast = names["forecast"]
    assert isinstance(forecast, pd.DataFrame)
    assert len(forecast) == 8 * 13
    assert verify(tmp_path / "artifact", "trend")["training"]["synthetic"] is False
