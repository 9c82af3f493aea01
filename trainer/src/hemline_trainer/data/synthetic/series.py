"""Synthetic weekly series, drawn so that a network trained on them forecasts unseen series.

Every series is synthetic. A row is a level (slope, random walk, mean-reverting waves, steps, launches, pulses) times or
plus a yearly season (harmonics that change from year to year, rough profiles, sharp peaks) and noise (light or heavy
tails, outliers, counts, rounding). About a third are random walks, some led by a slope that lasts; most of the others
are calm: their level and their season change little from year to year. Most noises shrink as the years go by, since the
counted audience grows. Levels of calm and noise were set from the training weeks of real weekly fashion series.

R rows, W weeks, Y years, K = 6 harmonics.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from hemline_trainer.contract import ANNUAL, YEAR

Array = npt.NDArray[np.float64]

WALK_SHARE: Final = 0.35
CALM_SHARE: Final = 0.8
CALM_LEVEL: Final = 0.5
"""The moves of a calm level, as a share of another's."""
CALM_SEASON: Final = 0.3
"""The changes of a calm season from year to year, as a share of another's."""
GROWN_SHARE: Final = 0.7
"""Series whose noise shrinks from year to year, by `GROWTH` in the logarithm on average."""
GROWTH: Final = 0.22
LED_SHARE: Final = 0.3
"""Random walks with a slope that lasts."""
HARMONICS: Final = 6
OUTLIERS: Final = 0.015
"""Share of outlying weeks in a series that has any."""


def log_uniform(low: float, high: float, rows: int, rng: np.random.Generator) -> Array:
    """Draws (rows, 1) between low and high, uniform in the logarithm."""
    return np.exp(rng.uniform(np.log(low), np.log(high), (rows, 1)))


def chosen(share: float, rows: int, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """Draws (rows, 1), true with the given probability."""
    return rng.uniform(size=(rows, 1)) < share


def mean_reverting(weeks: int, half_life: Array, rng: np.random.Generator) -> Array:
    """AR(1) of standard deviation 1: (R, W) for half-lives (R, 1) in weeks."""
    keep = 0.5 ** (1 / half_life[:, 0])
    shock = rng.standard_normal((weeks, len(keep))) * np.sqrt(1 - keep**2)
    values = np.empty_like(shock)
    state = rng.standard_normal(len(keep))
    for week in range(weeks):
        state = keep * state + shock[week]
        values[week] = state
    return values.T


def synthetic_series(
    rows: int, weeks: int, rng: np.random.Generator, peak: Array | None = None
) -> npt.NDArray[np.float32]:
    """Draws (rows, weeks) non-negative or signed series around 1, the newest week last.

    Args:
        rows: R.
        weeks: W.
        rng: owner of the draw.
        peak: (R, 1) weeks from the newest week to a peak of the season, for the rows that are fashion; None draws any.
    """
    walks = round(rows * WALK_SHARE)
    order = rng.permutation(rows)
    peak = rng.uniform(0, YEAR, (rows, 1)) if peak is None else peak
    ours = np.empty((rows, 1))
    ours[order] = peak
    series = np.concatenate([_walk(walks, weeks, rng), _fashion(ours[walks:], weeks, rng)])[order]
    # A mixture of two series has shapes of neither family.
    mixed = chosen(0.3, rows, rng)
    share = rng.uniform(0.1, 0.9, (rows, 1))
    size = np.abs(series).mean(1, keepdims=True) + 1e-9
    blend = share * series / size + (1 - share) * np.roll(series / size, 1, axis=0)
    return np.where(mixed, blend, series).astype(np.float32)


def _walk(rows: int, weeks: int, rng: np.random.Generator) -> Array:
    """Random walks, some with drift, a weak season and a little noise."""
    step = log_uniform(0.004, 0.06, rows, rng)
    shock = rng.standard_normal((rows, weeks))
    heavy = chosen(0.3, rows, rng)
    shock = np.where(heavy, rng.standard_t(3, (rows, weeks)) / np.sqrt(3), shock)
    # Some keep their momentum for a while.
    momentum = np.where(chosen(0.3, rows, rng), rng.uniform(0.2, 0.7, (rows, 1)), 0.0)
    shock[:, 1:] += momentum * shock[:, :-1]
    # Others are led by a slope that changes slowly, with little on top of it.
    led = chosen(LED_SHARE, rows, rng)
    slope = led * step * log_uniform(0.1, 1.0, rows, rng) * mean_reverting(weeks, log_uniform(8, 150, rows, rng), rng)
    shock = slope + step * shock * np.where(led, log_uniform(0.05, 0.3, rows, rng), 1.0)
    path = np.cumsum(shock, axis=1) + rng.normal(0, 0.06, (rows, 1)) * (np.arange(weeks) - weeks) / YEAR
    path -= path[:, weeks // 2 : weeks // 2 + 1]
    season = _season(rng.uniform(0, YEAR, (rows, 1)), weeks, rng) * np.where(
        chosen(0.6, rows, rng), log_uniform(0.005, 0.3, rows, rng), 0.0
    )
    noise = rng.standard_normal((rows, weeks)) * np.where(
        chosen(0.6, rows, rng), step * log_uniform(0.1, 3.0, rows, rng) * np.where(led, 0.3, 1.0), 0.0
    )
    bent = np.clip(path + season + noise, -4, 4)
    straight = 1 + np.clip(path, -0.9, 4) + season + noise
    return np.where(chosen(0.6, rows, rng), np.exp(bent), straight)


def _fashion(peak: Array, weeks: int, rng: np.random.Generator) -> Array:
    """Level, season and noise of garments."""
    rows = len(peak)
    calm = chosen(CALM_SHARE, rows, rng)
    level = np.exp(np.clip(_log_level(rows, weeks, calm, rng), -5, 4))
    amplitude = log_uniform(0.06, 0.8, rows, rng)
    season = _season(peak, weeks, rng, np.where(calm, CALM_SEASON, 1.0)) * amplitude
    times = level * np.exp(np.clip(season, -4, 3))
    plus = level + season * level.mean(1, keepdims=True)
    clean = np.where(chosen(0.6, rows, rng), times, np.maximum(plus, 0.0))
    return _observe(clean, rng)


def _log_level(rows: int, weeks: int, calm: npt.NDArray[np.bool_], rng: np.random.Generator) -> Array:
    time = np.arange(weeks, dtype=np.float64)
    years = (time - weeks) / YEAR
    level = rng.normal(0, 0.10, (rows, 1)) * years
    walk = log_uniform(0.002, 0.02, rows, rng) * np.where(calm, 0.3, 1.0)
    level += np.cumsum(walk * rng.standard_normal((rows, weeks)), axis=1)
    wave = rng.uniform(0.03, 0.25, (rows, 1)) * np.where(calm, 0.5, 1.0)
    level += wave * mean_reverting(weeks, rng.uniform(2, 26, (rows, 1)), rng)
    # A step to another level.
    steps = chosen(0.15, rows, rng) * rng.normal(0, 0.5, (rows, 1))
    level += steps * (time > rng.uniform(0, weeks, (rows, 1)))
    # A launch: logistic rise, slow decay.
    launched = chosen(0.12, rows, rng)
    peak = rng.uniform(-40, weeks, (rows, 1))
    rise = rng.uniform(2, 20, (rows, 1))
    decay = rng.uniform(8, 80, (rows, 1))
    cycle = np.where(
        time < peak, -np.logaddexp(0, (peak - time) / rise - 2) * 0.8, -np.minimum((time - peak) / decay, 2.5)
    )
    level += launched * cycle
    # Pulses that pass.
    for share in (0.3, 0.15):
        height = chosen(share, rows, rng) * rng.exponential(0.5, (rows, 1))
        width = rng.uniform(1, 8, (rows, 1))
        level += height * np.exp(-0.5 * ((time - rng.uniform(0, weeks, (rows, 1))) / width) ** 2)
    return np.asarray(level * np.where(calm, CALM_LEVEL, 1.0))


def _season(peak: Array, weeks: int, rng: np.random.Generator, variability: Array | float = 1.0) -> Array:
    """Yearly shapes (R, W) of mean absolute size near 1; the slowest wave peaks `peak` weeks after the newest week.

    They change from year to year, by more where `variability` (R, 1) is large.
    """
    rows = len(peak)
    years = weeks // YEAR + 3
    position = (np.arange(weeks) + rng.uniform(0, ANNUAL)) / ANNUAL
    order = np.arange(1, HARMONICS + 1)
    fade = order ** -rng.uniform(0.5, 2.0, (rows, 1))  # (R, K)
    first = rng.standard_normal((rows, 1, 2, HARMONICS))
    # Shift the shape so that its slowest wave peaks at `peak`.
    late = 2 * np.pi * (position[-1] + peak / YEAR) - np.arctan2(first[:, 0, 0, :1], first[:, 0, 1, :1])
    wave = np.exp(1j * order * late) * (first[:, 0, 1] + 1j * first[:, 0, 0])  # (R, K)
    first = np.stack([wave.imag, wave.real], axis=1)[:, None]
    change = rng.uniform(0, 0.5, (rows, 1, 1, 1)) * (variability * chosen(0.7, rows, rng))[:, :, None, None]
    sine, cosine = np.moveaxis(
        (first + change * rng.standard_normal((rows, years, 2, HARMONICS))) * fade[:, None, None, :], 2, 0
    )  # each (R, Y, K)
    # The season comes some days early or late: a rotation of each harmonic.
    turn = rng.normal(0, 0.7, (rows, years, 1)) * 2 * np.pi / YEAR * order
    sine, cosine = sine * np.cos(turn) + cosine * np.sin(turn), cosine * np.cos(turn) - sine * np.sin(turn)
    between = np.maximum(0.0, 1 - np.abs(position[:, None] - np.arange(years)))  # (W, Y)
    angle = 2 * np.pi * position[:, None] * order  # (W, K)
    waves = np.einsum("ryk,wy,wk->rw", sine, between, np.sin(angle), optimize=True)
    waves += np.einsum("ryk,wy,wk->rw", cosine, between, np.cos(angle), optimize=True)
    # A rough profile of its own for every week of the year.
    week = ((np.arange(weeks) + rng.uniform(0, ANNUAL)) % ANNUAL).astype(np.int64)
    rough = chosen(0.35, rows, rng) * rng.uniform(0.1, 1.0, (rows, 1))
    waves += rough * rng.standard_normal((rows, YEAR + 1))[:, week]
    # A sharp yearly peak whose height differs by year.
    sharp = chosen(0.25, rows, rng) * rng.uniform(0.5, 4.0, (rows, 1)) * np.where(chosen(0.8, rows, rng), 1.0, -0.6)
    away = (position - rng.uniform(0, 1, (rows, 1)) + 0.5) % 1 - 0.5
    heights = rng.uniform(0.5, 1.5, (rows, years)) @ between.T
    waves += sharp * heights * np.exp(-0.5 * (away * YEAR / rng.uniform(0.7, 4, (rows, 1))) ** 2)
    return np.asarray(waves / (np.abs(waves).mean(1, keepdims=True) + 1e-9))


def _observe(clean: Array, rng: np.random.Generator) -> Array:
    """Adds noise, outliers, counts and rounding to a clean series."""
    rows, weeks = clean.shape
    noise = rng.standard_normal((rows, weeks))
    heavy = chosen(0.2, rows, rng)
    noise = np.where(heavy, rng.standard_t(3, (rows, weeks)) / np.sqrt(3), noise)
    size = log_uniform(0.035, 0.315, rows, rng)
    growth: Array = chosen(GROWN_SHARE, rows, rng) * rng.exponential(GROWTH, (rows, 1))
    size = size * np.exp(growth * ((weeks - np.arange(weeks)) / YEAR))
    seen = np.where(
        chosen(0.6, rows, rng),
        clean * np.exp(np.clip(size * noise, -3, 3)),
        np.maximum(clean + size * noise * clean.mean(1, keepdims=True), 0.0),
    )
    odd = chosen(0.25, rows, rng) & (rng.uniform(size=(rows, weeks)) < OUTLIERS)
    seen = np.where(odd, seen * np.exp(rng.normal(0, 1.0, (rows, weeks))), seen)
    mean = seen.mean(1, keepdims=True) + 1e-9
    counts = rng.poisson(np.minimum(seen / mean * log_uniform(2, 300, rows, rng), 1e6)).astype(np.float64)
    seen = np.where(chosen(0.25, rows, rng), counts, seen)
    top = seen.max(1, keepdims=True) + 1e-9
    return np.asarray(np.where(chosen(0.12, rows, rng), np.round(100 * seen / top), seen))
