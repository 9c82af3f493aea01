"""The experts of the weather, the calendar they read, and the seasons that teach them."""

from datetime import date

import numpy as np
import pytest
import torch

from hemline_trainer.contract import CATEGORIES, CONTEXT, HORIZON, MARKETS, YEAR
from hemline_trainer.data.batch import prior_batch
from hemline_trainer.data.synthetic.seasons import MIDSUMMER, peak_weeks, week_of_year
from hemline_trainer.model.experts.climate import CLIMATE_NAMES, RIDGES, Climate, Weather

MIDDLE_OF_MARCH = (date(2026, 3, 16) - date(1970, 1, 1)).days


def wave(weeks: np.ndarray, height: float) -> np.ndarray:
    """A level of 1 and a wave that peaks at midsummer; weeks after the middle of March."""
    week = week_of_year(np.array([MIDDLE_OF_MARCH]))[0, 0] + weeks
    return np.asarray(1 + height * np.cos(2 * np.pi * (week - MIDSUMMER) / YEAR))


def asked(values: np.ndarray, last_week: int = MIDDLE_OF_MARCH) -> tuple[np.ndarray, np.ndarray]:
    """Forecasts (H, C) and validity (C) after a history that ends today."""
    series, mask = torch.zeros(1, CONTEXT), torch.zeros(1, CONTEXT)
    series[0, CONTEXT - len(values) :], mask[0, CONTEXT - len(values) :] = torch.tensor(values).float(), 1.0
    weather: Weather = Climate()(series, mask, torch.tensor([last_week]))
    return weather.forecast[0].numpy(), weather.valid[0].numpy()


@pytest.mark.parametrize("height", [0.6, -0.6])
def test_half_a_year_shows_how_high_the_wave_is_and_of_which_sign(height: float) -> None:
    said, _ = asked(wave(np.arange(-25, 1), height))

    expected = wave(np.arange(1, HORIZON + 1), height)
    for expert in (0, len(RIDGES)):  # the smallest penalty, around either anchor
        assert said[:, expert] == pytest.approx(expected, abs=0.2 * abs(height))  # a penalty shrinks


def test_a_greater_penalty_moves_less() -> None:
    said, _ = asked(wave(np.arange(-7, 1), 0.6))

    moves = np.abs(said[-1] - said[0])
    assert moves[0] > moves[1] > moves[2]


def test_a_year_of_weeks_needs_no_weather() -> None:
    assert not asked(np.ones(YEAR))[1].any()
    assert not asked(np.ones(2))[1].any()
    assert asked(np.ones(YEAR - 1))[1].all()


def test_a_level_without_a_wave_stays_where_it_is() -> None:
    said, _ = asked(np.full(26, 3.0))

    assert said == pytest.approx(np.full((HORIZON, len(CLIMATE_NAMES)), 3.0), abs=1e-4)


def test_garments_of_summer_peak_half_a_year_later_in_the_south() -> None:
    rng = np.random.default_rng(1)
    shorts = CATEGORIES.index("shorts") + 1
    peaks = {
        market: peak_weeks(np.tile([MARKETS.index(market) + 1, 1, shorts], (4000, 1)), rng) for market in ("eu", "br")
    }

    near = {market: np.mean(np.abs(peak - MIDSUMMER) < 6) for market, peak in peaks.items()}
    assert near["eu"] > 0.75
    assert near["br"] < 0.1


def test_series_of_the_prior_peak_when_their_date_says() -> None:
    rows = prior_batch(3000, np.random.default_rng(3))
    known = rows.observed[..., 0].all(1) & (rows.static_ids[:, 2] == CATEGORIES.index("shorts") + 1)
    known &= rows.static_ids[:, 0] > 0
    known &= rows.static_ids[:, 0] != MARKETS.index("br") + 1
    series = rows.history[known, :, 0]
    weeks = (week_of_year(rows.last_week[known]) - np.arange(CONTEXT - 1, -1, -1)) % YEAR
    relative = series / np.abs(series).mean(1, keepdims=True)

    summer, winter = np.abs(weeks - MIDSUMMER) < 8, np.abs(weeks - MIDSUMMER) > 18
    assert relative[summer].mean() > relative[winter].mean() + 0.1
