"""Band and calls keep what they promise on rows that calibrated them, and say nothing of rows that cannot."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from hemline_trainer.batches import Batch, prior_batch
from hemline_trainer.calibration import STRETCH_LIMITS, fit_call_margin, fit_stretch
from hemline_trainer.evaluate import answerer
from hemline_trainer.forecaster import LENGTHS, Forecaster, Shape


@pytest.fixture(scope="module")
def model() -> Forecaster:
    with torch.random.fork_rng():
        torch.manual_seed(4)
        return Forecaster(Shape(trunk=32, token=16)).eval()


@pytest.fixture(scope="module")
def rows() -> Batch:
    return prior_batch(1500, np.random.default_rng(5))


def covered(model: Forecaster, rows: Batch) -> np.ndarray:
    """Share of the weeks of each row that lie in the band."""
    quantiles = answerer(model)(rows.inputs())["quantiles"].astype(np.float64)
    inside = (rows.future >= quantiles[..., 0]) & (rows.future <= quantiles[..., -1])
    return np.asarray(inside.mean(1))


def test_every_length_of_history_gets_the_coverage_that_is_asked(model: Forecaster, rows: Batch) -> None:
    with torch.no_grad():
        model.stretch.fill_(1.0)
        model.stretch.copy_(fit_stretch(model, rows, 0.8))

    weeks = np.asarray(rows.observed[..., 0].sum(1))
    place = np.asarray(weeks[:, None] > np.array(LENGTHS)).sum(1)
    stretch = model.stretch.numpy()
    inside = covered(model, rows)
    for length in range(len(LENGTHS) + 1):
        here = inside[place == length]
        free = bool(np.all((stretch[length] > STRETCH_LIMITS[0]) & (stretch[length] < STRETCH_LIMITS[1])))
        if len(here) >= 100 and free:
            assert here.mean() == pytest.approx(0.8, abs=0.04)
    model.stretch.fill_(1.0)


def test_a_length_that_no_row_has_keeps_its_band(model: Forecaster, rows: Batch) -> None:
    whole = rows.rows(rows.observed[..., 0].sum(1) > LENGTHS[-1])

    stretch = fit_stretch(model, whole, 0.8)

    assert (stretch[:-1] == 1).all()
    assert (stretch[-1] != 1).any()


def test_the_band_stays_in_order_however_it_is_stretched(model: Forecaster, rows: Batch) -> None:
    with torch.no_grad():
        model.stretch.copy_(torch.tensor([STRETCH_LIMITS] * (len(LENGTHS) + 1)))

    quantiles = answerer(model)(rows.rows(slice(0, 200)).inputs())["quantiles"]

    assert (np.diff(quantiles, axis=-1) >= 0).all()
    model.stretch.fill_(1.0)


def test_a_few_right_calls_are_no_proof(model: Forecaster, rows: Batch) -> None:
    few = rows.rows(slice(0, 12))

    _, _, share = fit_call_margin(model, few, precision=0.95)

    assert share == 0


def test_calls_that_are_always_wrong_are_never_made(model: Forecaster, rows: Batch) -> None:
    upside_down = replace(rows, future=2 * rows.history[:, -1:, 0] - rows.future)

    _, _, share = fit_call_margin(model, upside_down, precision=0.9)

    assert share < 0.1
