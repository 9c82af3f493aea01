import numpy as np
import pytest
import torch

from hemline_trainer.contract import ANNUAL, CONTEXT, HORIZON, YEAR
from hemline_trainer.model.experts.forecasts import ExpertForecasts, Experts
from hemline_trainer.model.experts.rules import NAMES


def evaluated(series: torch.Tensor, mask: torch.Tensor | None = None) -> ExpertForecasts:
    mask = torch.ones_like(series) if mask is None else mask
    expert_forecasts: ExpertForecasts = Experts()(series * mask, mask)
    return expert_forecasts


def path(expert_forecasts: ExpertForecasts, name: str) -> np.ndarray:
    return expert_forecasts.forecast[0, :, NAMES.index(name)].numpy()


def line() -> torch.Tensor:
    return (torch.arange(CONTEXT, dtype=torch.float32) / 100).unsqueeze(0)


def test_the_last_value_is_repeated() -> None:
    assert path(evaluated(line()), "last") == pytest.approx(np.full(HORIZON, 2.07), abs=1e-4)


def test_the_last_value_bridges_a_gap() -> None:
    mask = torch.ones(1, CONTEXT)
    mask[0, -3:] = 0

    assert path(evaluated(line(), mask), "last") == pytest.approx(np.full(HORIZON, 2.04), abs=1e-4)


@pytest.mark.parametrize("years", [1, 2, 3])
def test_a_season_shows_the_same_days_of_an_earlier_year(years: int) -> None:
    expected = (CONTEXT + np.arange(HORIZON) - years * ANNUAL) / 100

    assert path(evaluated(line()), f"season{years * YEAR}") == pytest.approx(expected, abs=1e-5)
    assert path(evaluated(line()), f"season{years * YEAR}_smooth") == pytest.approx(expected, abs=1e-5)


def test_a_missing_week_of_a_season_is_filled_from_its_smoothed_form() -> None:
    mask = torch.ones(1, CONTEXT)
    mask[0, CONTEXT - YEAR + 4] = 0  # of a line: the weeks that remain around it have nearly its own value as mean

    season, smooth = (path(evaluated(line(), mask), name) for name in ("season52", "season52_smooth"))

    assert season[4] == pytest.approx(smooth[4], abs=1e-6)
    assert season[4] == pytest.approx(1.60, abs=0.005)


def test_weeks_of_a_season_that_the_smoothed_form_lacks_too_are_filled_with_its_mean() -> None:
    mask = torch.ones(1, CONTEXT)
    mask[0, CONTEXT - YEAR : CONTEXT - YEAR + 4] = 0

    season, smooth = (path(evaluated(line(), mask), name) for name in ("season52", "season52_smooth"))

    assert season[5:] == pytest.approx((np.arange(161, 169) + YEAR - ANNUAL) / 100, abs=1e-5)
    assert season[:4] == pytest.approx(smooth[:4], abs=1e-6)
    assert smooth[:4] == pytest.approx(np.full(4, smooth[4:].mean()), abs=1e-5)


def test_a_season_on_todays_level_continues_a_line_with_backtest_error_zero() -> None:
    expert_forecasts = evaluated(line())

    assert path(expert_forecasts, "season52_plus13") == pytest.approx(np.arange(208, 221) / 100, abs=1e-4)
    assert expert_forecasts.backtest_error[0, :, NAMES.index("season52_plus13")].numpy() == pytest.approx(
        np.zeros(4), abs=1e-4
    )


def test_a_ratio_moves_the_season_to_todays_level() -> None:
    series = torch.ones(1, CONTEXT)
    series[0, -YEAR:] = 2.0

    assert path(evaluated(series), "season52_ratio13")[1:] == pytest.approx(np.full(HORIZON - 1, 4.0), abs=1e-5)
    assert path(evaluated(series), "season104_ratio13") == pytest.approx(np.full(HORIZON, 2.0), abs=1e-5)


@pytest.mark.parametrize("lag", [52, 104, 156])
def test_a_drift_goes_on_as_the_quarters_mean_did_since_then(lag: int) -> None:
    assert path(evaluated(line()), f"last_drift{lag}") == pytest.approx(np.arange(208, 221) / 100, abs=1e-4)


def test_a_damped_slope_goes_half_as_far() -> None:
    assert path(evaluated(line()), "last_damped13") == pytest.approx(2.07 + np.arange(1, 14) / 200, abs=1e-4)


def test_an_expert_without_enough_weeks_is_invalid() -> None:
    mask = torch.zeros(1, CONTEXT)
    mask[0, -8:] = 1

    valid = {name for name, fine in zip(NAMES, evaluated(line(), mask).valid[0].tolist(), strict=True) if fine}

    assert {"last", "mean4", "mean13", "mean_all"} == valid


def test_at_least_one_expert_is_always_valid() -> None:
    expert_forecasts = evaluated(torch.zeros(1, CONTEXT), torch.zeros(1, CONTEXT))

    assert expert_forecasts.valid[0].sum() == 1
    assert torch.isfinite(expert_forecasts.forecast).all()


def test_the_backtest_errors_are_those_of_forecasts_at_the_past_origins() -> None:
    series = torch.rand(1, CONTEXT, generator=torch.Generator().manual_seed(3)) + 0.5

    error = evaluated(series).backtest_error[0, :, NAMES.index("mean13")]

    expected = [
        float((series[0, end - HORIZON : end].mean() - series[0, end : end + HORIZON]).abs().mean())
        for end in (CONTEXT - 52, CONTEXT - 39, CONTEXT - 26, CONTEXT - 13)
    ]
    assert error.numpy() == pytest.approx(np.array(expected), abs=1e-5)
