"""The climate experts, their calendar, and the seasons of the synthetic series."""

from datetime import date

import numpy as np
import pytest
import torch

from hemline_trainer.contract import CATEGORIES, CONTEXT, HORIZON, MARKETS, YEAR
from hemline_trainer.data.batch import series_batch
from hemline_trainer.data.synthetic.seasons import MIDSUMMER, peak_weeks, week_of_year
from hemline_trainer.model.experts.climate import CLIMATE_NAMES, RIDGES, ClimateExperts, ClimateForecasts

MIDDLE_OF_MARCH = (date(2026, 3, 16) - date(1970, 1, 1)).days


def wave(weeks: np.ndarray, height: float) -> np.ndarray:
    """A level of 1 and a wave that peaks at midsummer; weeks after the middle of March."""
    week = week_of_year(np.array([MIDDLE_OF_MARCH]))[0, 0] + weeks
    return np.asarray(1 + height * np.cos(2 * np.pi * (week - MIDSUMMER) / YEAR))


def climate_forecasts(values: np.ndarray, last_week: int = MIDDLE_OF_MARCH) -> tuple[np.ndarray, np.ndarray]:
    """Forecasts (H, C) and validity (C) after a history that ends today."""
    series, mask = torch.zeros(1, CONTEXT), torch.zeros(1, CONTEXT)
    series[0, CONTEXT - len(values) :], mask[0, CONTEXT - len(values) :] = torch.tensor(values).float(), 1.0
    forecasts: ClimateForecasts = ClimateExperts()(series, mask, torch.tensor([last_week]))
    return forecasts.forecast[0].numpy(), forecasts.valid[0].numpy()


@pytest.mark.parametrize("height", [0.6, -0.6])
def test_half_a_year_determines_amplitude_and_sign_of_the_wave(height: float) -> None:
    forecast, _ = climate_forecasts(wave(np.arange(-25, 1), height))

    expected = wave(np.arange(1, HORIZON + 1), height)
    for expert in (0, len(RIDGES)):  # the smallest penalty, around either anchor
        assert forecast[:, expert] == pytest.approx(expected, abs=0.2 * abs(height))  # a penalty shrinks


def test_a_larger_penalty_gives_a_smaller_amplitude() -> None:
    forecast, _ = climate_forecasts(wave(np.arange(-7, 1), 0.6))

    moves = np.abs(forecast[-1] - forecast[0])
    assert moves[0] > moves[1] > moves[2]


def test_the_experts_are_invalid_from_a_year_of_weeks_on() -> None:
    assert not climate_forecasts(np.ones(YEAR))[1].any()
    assert not climate_forecasts(np.ones(2))[1].any()
    assert climate_forecasts(np.ones(YEAR - 1))[1].all()


def test_a_constant_history_gives_a_constant_forecast() -> None:
    forecast, _ = climate_forecasts(np.full(26, 3.0))

    assert forecast == pytest.approx(np.full((HORIZON, len(CLIMATE_NAMES)), 3.0), abs=1e-4)


def test_garments_of_summer_peak_half_a_year_later_in_the_south() -> None:
    rng = np.random.default_rng(1)
    shorts = CATEGORIES.index("shorts") + 1
    peaks = {
        market: peak_weeks(np.tile([MARKETS.index(market) + 1, 1, shorts], (4000, 1)), rng) for market in ("eu", "br")
    }

    near = {market: np.mean(np.abs(peak - MIDSUMMER) < 6) for market, peak in peaks.items()}
    assert near["eu"] > 0.75
    assert near["br"] < 0.1


def test_synthetic_series_peak_in_the_season_of_their_category() -> None:
    rows = series_batch(3000, np.random.default_rng(3))
    known = rows.observed[..., 0].all(1) & (rows.static_ids[:, 2] == CATEGORIES.index("shorts") + 1)
    known &= rows.static_ids[:, 0] > 0
    known &= rows.static_ids[:, 0] != MARKETS.index("br") + 1
    series = rows.history[known, :, 0]
    weeks = (week_of_year(rows.last_week[known]) - np.arange(CONTEXT - 1, -1, -1)) % YEAR
    relative = series / np.abs(series).mean(1, keepdims=True)

    summer, winter = np.abs(weeks - MIDSUMMER) < 8, np.abs(weeks - MIDSUMMER) > 18
    assert relative[summer].mean() > relative[winter].mean() + 0.1
