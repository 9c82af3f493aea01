import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from hemline_trainer.batches import training_batch
from hemline_trainer.forecaster import Forecaster, Shape
from hemline_trainer.plots import draw, observed_shares

HISTORY = [{"step": step, "loss": 1 / step, "validation_loss": 1.1 / step} for step in (10.0, 20.0, 30.0)]


def test_a_run_is_drawn_as_four_pictures(tmp_path: Path) -> None:
    with torch.random.fork_rng():
        torch.manual_seed(1)
        model = Forecaster(Shape(trunk=16, token=8)).eval()

    drawn = draw(model, training_batch(32, 0.4, None, seed=1, step=0), HISTORY, tmp_path / "plots")

    assert [path.name for path in drawn] == ["loss.png", "forecasts.png", "calibration.png", "attention.png"]
    assert sorted(path.name for path in (tmp_path / "plots").iterdir()) == sorted(path.name for path in drawn)
    for path in drawn:
        with Image.open(path) as picture:
            assert picture.format == "PNG"
            assert len(np.unique(np.asarray(picture.convert("L")))) > 20


def test_a_net_that_promises_rightly_is_calibrated_in_the_picture() -> None:
    rows = training_batch(400, 0.0, None, seed=1, step=0)
    ranks = np.arange(0.1, 1.0, 0.1)
    truth = np.random.default_rng(0).uniform(size=rows.future.shape)
    rows.future[:] = truth

    shares = observed_shares(np.broadcast_to(ranks, (*truth.shape, 9)).astype(np.float64), rows)

    assert np.allclose(shares, ranks, atol=0.03)


def test_nothing_loads_matplotlib_or_pyarrow_before_it_is_needed() -> None:
    loaded = "hemline_trainer.plots, hemline_trainer.shards, hemline_trainer.train"
    asked = f"import json, sys, {loaded}; print(json.dumps(sorted(sys.modules)))"

    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)  # noqa: S603

    assert not {"matplotlib", "pyarrow", "mlflow"} & set(json.loads(said.stdout))
