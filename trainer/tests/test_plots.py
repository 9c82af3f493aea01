import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from PIL import Image

from hemline_trainer.data.batch import Batch, training_batch
from hemline_trainer.evaluation import plots
from hemline_trainer.evaluation.backtest import answerer
from hemline_trainer.evaluation.plots import observed_shares
from hemline_trainer.model.distribution import LEVELS
from hemline_trainer.model.forecaster import Forecaster, Shape

HISTORY = [{"step": step, "loss": 1 / step, "validation_loss": 1.1 / step} for step in (10.0, 20.0, 30.0)]
HISTORY[1]["validation_mase"] = 0.7


@pytest.fixture
def drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[dict[str, list[Axes]], Forecaster, Batch]:
    """The axes of each picture by the name of its file, and what they were drawn of."""
    with torch.random.fork_rng():
        torch.manual_seed(1)
        model = Forecaster(Shape(trunk=16, token=8)).eval()
    rows = training_batch(32, 0.4, None, seed=1, step=0)
    axes, save = {}, plots._Figure.save

    def remembered(picture: plots._Figure, path: Path) -> Path:
        axes[path.name] = picture.axes
        return save(picture, path)

    monkeypatch.setattr(plots._Figure, "save", remembered)
    made = plots.draw(model, rows, HISTORY, tmp_path / "plots")

    assert [path.name for path in made] == ["loss.png", "forecasts.png", "calibration.png", "attention.png"]
    assert sorted(path.name for path in (tmp_path / "plots").iterdir()) == sorted(axes)
    for path in made:
        with Image.open(path) as picture:
            assert picture.format == "PNG"
            assert picture.width > 400
    return axes, model, rows


def points(line: Line2D) -> tuple[list[float], list[float]]:
    return np.asarray(line.get_xdata()).tolist(), np.asarray(line.get_ydata()).tolist()


def test_the_loss_curves_show_the_reports_of_the_run(
    drawn: tuple[dict[str, list[Axes]], Forecaster, Batch],
) -> None:
    losses, mase = drawn[0]["loss.png"]

    assert {str(line.get_label()): points(line) for line in losses.lines} == {
        "loss": ([10, 20, 30], [1 / 10, 1 / 20, 1 / 30]),
        "validation loss": ([10, 20, 30], [1.1 / 10, 1.1 / 20, 1.1 / 30]),
    }
    assert [points(line) for line in mase.lines] == [([20], [0.7])]  # a report may lack a figure


def test_forecasts_are_drawn_with_band_and_actual_weeks(
    drawn: tuple[dict[str, list[Axes]], Forecaster, Batch],
) -> None:
    axes, model, rows = drawn
    answers = answerer(model)(rows.inputs())["quantiles"]

    for place, row in ((0, 0), (-1, len(rows) - 1)):
        past, middle, came = axes["forecasts.png"][place].lines
        (band,) = axes["forecasts.png"][place].collections
        edges = np.asarray(band.get_paths()[0].vertices)[:, 1]
        seen = rows.observed[row, -104:, 0]
        assert np.allclose(np.asarray(past.get_ydata())[seen], rows.history[row, -104:, 0][seen])
        assert np.allclose(middle.get_ydata(), answers[row, :, 1], rtol=1e-4)
        assert np.allclose(came.get_ydata(), rows.future[row])
        assert np.allclose([edges.min(), edges.max()], [answers[row, :, 0].min(), answers[row, :, 2].max()], rtol=1e-4)


def test_calibration_and_weights_are_drawn_from_the_forecasts(
    drawn: tuple[dict[str, list[Axes]], Forecaster, Batch],
) -> None:
    axes, model, rows = drawn
    answers = answerer(model)(rows.inputs())
    (calibration,), (drivers, weeks) = axes["calibration.png"], axes["attention.png"]

    promised, observed = calibration.lines
    assert points(promised) == ([0, 1], [0, 1])
    assert points(observed)[0] == list(LEVELS)
    assert np.all(np.diff(points(observed)[1]) >= 0)
    assert 0 < points(observed)[1][4] < 1
    widths = [bar.get_width() for bar in drivers.patches if isinstance(bar, Rectangle)]
    assert np.allclose(widths, answers["variable_weights"].mean(0), atol=1e-5)
    assert np.allclose(weeks.lines[0].get_ydata(), answers["week_weights"].mean(0), atol=1e-5)


def test_a_calibrated_forecast_lies_on_the_diagonal() -> None:
    rows = training_batch(400, 0.0, None, seed=1, step=0)
    ranks = np.arange(0.1, 1.0, 0.1)
    truth = np.random.default_rng(0).uniform(size=rows.future.shape)
    rows.future[:] = truth

    shares = observed_shares(np.broadcast_to(ranks, (*truth.shape, 9)).astype(np.float64), rows)

    assert np.allclose(shares, ranks, atol=0.03)


def test_matplotlib_and_pyarrow_are_imported_on_use() -> None:
    loaded = "hemline_trainer.evaluation.plots, hemline_trainer.data.own.shards, hemline_trainer.training.loop"
    asked = f"import json, sys, {loaded}; print(json.dumps(sorted(sys.modules)))"

    answers = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)  # noqa: S603

    assert not {"matplotlib", "pyarrow", "mlflow"} & set(json.loads(answers.stdout))
