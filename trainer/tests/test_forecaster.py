from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch

from hemline_trainer.artifact.probes import Probe, forecaster_probes, inputs_of, seasonal
from hemline_trainer.contract import CONTEXT, DRIVERS, HORIZON, QUANTILES
from hemline_trainer.model.forecaster import Forecaster, Shape

Inputs = Mapping[str, npt.NDArray[Any]]


@pytest.fixture(scope="module")
def model() -> Forecaster:
    with torch.random.fork_rng():
        torch.manual_seed(5)
        made = Forecaster(Shape(trunk=32, token=16))
        # Larger heads than at the start of training, so that every path through the net counts.
        for head in (made.gate, made.residual, made.step_residual, made.width):
            torch.nn.init.normal_(head.weight, std=0.3)
    return made.eval()


def ask(model: Forecaster, inputs: Inputs) -> list[npt.NDArray[Any]]:
    with torch.no_grad():
        return [each.numpy() for each in model(*(torch.from_numpy(array) for array in inputs.values()))]


def plain(rows: int = 8, weeks: int = CONTEXT) -> dict[str, npt.NDArray[Any]]:
    rng = np.random.default_rng(11)
    return inputs_of(seasonal(rows, rng), rng, weeks=weeks)


@pytest.mark.parametrize("probe", forecaster_probes(), ids=lambda probe: probe.name)
def test_any_input_gives_finite_ordered_quantiles_and_weights_that_sum_to_one(model: Forecaster, probe: Probe) -> None:
    quantiles, classes, variables, weeks = ask(model, probe.inputs)

    rows = len(classes)
    assert quantiles.shape == (rows, HORIZON, len(QUANTILES))
    assert np.isfinite(quantiles).all()
    assert (np.diff(quantiles, axis=2) >= 0).all()
    assert set(classes.tolist()) <= {-1, 0, 1}
    assert variables.shape == (rows, len(DRIVERS))
    assert variables.sum(1) == pytest.approx(np.ones(rows), abs=1e-5)
    assert weeks.shape == (rows, CONTEXT)
    assert weeks.sum(1) == pytest.approx(np.ones(rows), abs=1e-5)
    assert (weeks >= 0).all()


@pytest.mark.parametrize("extreme", [1e30, -1e30, 1e-30, 1e-38])
def test_survives_extreme_values_of_every_variable(model: Forecaster, extreme: float) -> None:
    inputs = plain()
    for week in (3, 150, 207):
        inputs["history"][:, week] = extreme
    inputs["image_embedding"][:] = extreme

    assert all(np.isfinite(answer).all() for answer in ask(model, inputs))


@pytest.mark.parametrize("weeks", [1, 8, 60, 208])
@pytest.mark.parametrize("scale", [1e-6, 1e-3, 1e3, 1e6, 1e12])
def test_a_thousand_times_the_series_is_a_thousand_times_the_forecast(
    model: Forecaster, weeks: int, scale: float
) -> None:
    one, thousand = plain(weeks=weeks), plain(weeks=weeks)
    one["history"][..., 0] *= np.float32(scale)
    thousand["history"][..., 0] = one["history"][..., 0] * np.float32(1000)

    (first, first_class, *_), (second, second_class, *_) = ask(model, one), ask(model, thousand)

    assert second / scale == pytest.approx(1000 * first / scale, rel=1e-4, abs=1e-3)
    assert np.array_equal(first_class, second_class)


def test_zeros_stay_zero(model: Forecaster) -> None:
    inputs = plain()
    inputs["history"][..., 0] = 0

    quantiles, classes, *_ = ask(model, inputs)

    assert not quantiles.any()
    assert not classes.any()


def test_a_non_negative_series_has_a_non_negative_forecast(model: Forecaster) -> None:
    assert (ask(model, plain())[0] >= 0).all()


def test_the_date_has_no_effect_on_whole_histories(model: Forecaster) -> None:
    inputs = plain()
    later = {**inputs, "last_week": inputs["last_week"] + 7 * 19}

    for before, after in zip(ask(model, inputs), ask(model, later), strict=True):
        assert np.array_equal(before, after)


def test_the_input_features_are_float32_under_bfloat16_autocast(model: Forecaster) -> None:
    inputs_seen: list[torch.Tensor] = []
    hooks = [
        part.register_forward_pre_hook(lambda _, given: inputs_seen.append(given[0]))
        for part in (model.season, model.volume)
    ]
    ask(model, plain())
    with torch.autocast("cpu", torch.bfloat16):
        ask(model, plain())
    for hook in hooks:
        hook.remove()

    for exact, learning in zip(inputs_seen[:2], inputs_seen[2:], strict=True):
        assert torch.equal(exact, learning)


def test_rows_of_a_batch_are_independent(model: Forecaster) -> None:
    inputs = plain()
    others = plain()
    others["history"][1:] *= 7
    others["has_image"][1:] ^= True

    first, second = ask(model, inputs), ask(model, others)

    for before, after in zip(first, second, strict=True):
        assert before[0] == pytest.approx(after[0], rel=1e-5, abs=1e-6)


def test_unobserved_values_have_no_effect(model: Forecaster) -> None:
    inputs = plain(weeks=40)
    inputs["observed"][:, 180:190] = False
    noisy = {**inputs, "history": inputs["history"].copy(), "image_embedding": inputs["image_embedding"].copy()}
    noisy["history"][~inputs["observed"]] = 99.0
    noisy["image_embedding"][~inputs["has_image"]] = 99.0

    for before, after in zip(ask(model, inputs), ask(model, noisy), strict=True):
        assert np.array_equal(before, after)


def test_unobserved_weeks_and_drivers_have_no_weight(model: Forecaster) -> None:
    inputs = plain(weeks=40)
    inputs["observed"][:, :, 1:] = False
    inputs["observed"][:, 180:190] = False
    inputs["static_ids"][:, 1] = 0
    inputs["has_image"][:] = False

    _, _, variables, weeks = ask(model, inputs)

    assert not weeks[:, :168].any()
    assert not weeks[:, 180:190].any()
    absent = [DRIVERS.index(name) for name in ("influencer_share", "sentiment", "engagement", "gender", "image")]
    assert not variables[:, absent].any()
    assert (variables[:, 0] > 0).all()


def test_nothing_is_called_without_a_recent_reference(model: Forecaster) -> None:
    model.decision_threshold.fill_(0.0)
    inputs = plain()
    called = ask(model, inputs)[1]
    inputs["observed"][:, -HORIZON:, 0] = False

    silent = ask(model, inputs)[1]

    model.decision_threshold.fill_(1.0)
    assert called.any()
    assert not silent.any()


@pytest.mark.parametrize("threshold", [0.0, 0.4, 1.5])
def test_a_call_is_the_sign_of_a_certainty_above_the_threshold(model: Forecaster, threshold: float) -> None:
    inputs = [torch.from_numpy(array) for array in plain(rows=200).values()]

    with torch.no_grad():
        model.decision_threshold.fill_(threshold)
        called = model(*inputs)[1]
        model.decision_threshold.fill_(1.0)
        forecast = model.distribution(*inputs)
        certainty = model.certainty(forecast)

    change = model.median(forecast).mean(-1) / forecast.scaled.factor[:, 0] - forecast.scaled.reference[:, 0]
    band = forecast.mean_levels[:, 4] - torch.where(change > 0, forecast.mean_levels[:, 0], forecast.mean_levels[:, -1])
    assert torch.equal(called, (certainty > threshold).long() - (certainty < -threshold).long())
    assert called.any()
    called_rows = certainty != 0
    torch.testing.assert_close(certainty[called_rows], (change / band.abs())[called_rows], rtol=1e-4, atol=1e-5)
    assert (change.abs() <= 0.05 * forecast.scaled.reference[:, 0])[~called_rows].all()


def test_an_id_outside_the_vocabulary_is_accepted(model: Forecaster) -> None:
    inputs = plain()
    inputs["static_ids"][:] = [[99, -5, 1]]

    assert np.isfinite(ask(model, inputs)[0]).all()
