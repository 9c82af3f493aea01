"""A synthetic fashion market. Nothing in it was observed anywhere.

A trend is launched, rises, peaks and fades; its look mostly determines how fast and how far. Per week it has the four
variables of the features:

- volume: life cycle · taste · season · regime · the echo of influencers · noise;
- influencer_share: share of large accounts; in most trends it leads the volume by 3 to 10 weeks, more or less clearly;
- sentiment: turns some weeks before the life cycle and the regime do;
- engagement: lively while a trend is young or carried by influencers.

The look has three latent numbers in [0, 1] that rendered garments show (cut, colour, pattern):
cut sets the speed of the rise, colour the direction of taste, pattern the duration.
Category and market set the time of year of the season. So an image holds information on the future that a short
history does not; cold starts are trained on it.

R rows, W weeks; the last HORIZON of the W are the future when training draws windows.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from hemline_trainer.contract import ANNUAL, CATEGORIES, GENDERS, HORIZON, MARKETS, YEAR
from hemline_trainer.data.embeddings import EmbeddingBank
from hemline_trainer.data.synthetic.seasons import peak_weeks
from hemline_trainer.data.synthetic.series import Array, chosen, log_uniform, mean_reverting

WANDER: Final = 0.08
"""Standard deviation of the unexplained drift of a trend, in the logarithm."""


@dataclass(frozen=True)
class Looks:
    """Inputs of the market for each trend.

    Attributes:
        bank_rows: int64 (R), row of the embedding bank; -1 without one.
        styles: (R, 3) in [0, 1].
        static_ids: int64 (R, 3) market, gender, category.
    """

    bank_rows: npt.NDArray[np.int64]
    styles: Array
    static_ids: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Weeks:
    """Observations of R trends in W weeks; all zero before the launch.

    Attributes:
        values: float32 (R, W, 4) volume, influencer_share, sentiment, engagement.
        age: int64 (R), weeks since launch at week W - 1; at least 1.
        expected: (R, 13), mean volume of the last weeks given all latent states, but none of the shocks of these
            weeks.
    """

    values: npt.NDArray[np.float32]
    age: npt.NDArray[np.int64]
    expected: Array


@dataclass(frozen=True)
class TrendSample:
    """One synthetic trend, from its launch (or from the first of `weeks`) to now.

    Attributes:
        market: a word of the vocabulary, as are gender and category.
        gender: as above.
        category: as above.
        bank_row: row of the embedding bank that shows it; -1 without a bank.
        launch_week: index of its first week within the sampled weeks; 0 where it is older than these.
        volume: float32 (weeks - launch_week), posts and pins per 10,000, as are the three others in their units.
        influencer_share: 0..1.
        sentiment: -1..1.
        engagement: interactions per post.
    """

    market: str
    gender: str
    category: str
    bank_row: int
    launch_week: int
    volume: npt.NDArray[np.float32] = field(repr=False)
    influencer_share: npt.NDArray[np.float32] = field(repr=False)
    sentiment: npt.NDArray[np.float32] = field(repr=False)
    engagement: npt.NDArray[np.float32] = field(repr=False)


def draw_looks(rows: int, bank: EmbeddingBank | None, rng: np.random.Generator) -> Looks:
    """Draws what trends look like: rows of the bank, or bare styles without one."""
    static_ids = np.stack([rng.integers(1, len(words) + 1, rows) for words in (MARKETS, GENDERS, CATEGORIES)], axis=1)
    if bank is None:
        return Looks(np.full(rows, -1), rng.uniform(size=(rows, 3)), static_ids)
    bank_rows = rng.integers(0, len(bank), rows)
    static_ids[:, 2] = bank.categories[bank_rows]
    return Looks(bank_rows, bank.styles[bank_rows].astype(np.float64), static_ids)


def simulate(
    looks: Looks, age: npt.NDArray[np.int64], weeks: int, last_week_of_year: Array, rng: np.random.Generator
) -> Weeks:
    """Runs the market.

    Args:
        looks: of R trends.
        age: (R), weeks since launch at the last week; more than `weeks` for trends older than what is shown.
        weeks: W.
        last_week_of_year: (R, 1) in 0..52, the season's clock at the last week.
        rng: owner of the draw.
    """
    rows = len(age)
    time = np.arange(1 - weeks, 1, dtype=np.float64)  # 0 = the last week
    since = time + age[:, None]  # weeks since launch, 1 = the first week
    life, regime = _life(looks.styles, since, rng), _regime(rows, time, rng)
    latent = life + regime
    # Influencers lead the volume by `lead` weeks.
    lead = rng.integers(3, 11, rows)
    buzz_life = rng.uniform(4, 16, (rows, 1))
    buzz = mean_reverting(weeks + 10, buzz_life, rng)
    echo = np.take_along_axis(buzz, (np.arange(weeks) + 10) - lead[:, None], axis=1)
    carried = chosen(0.6, rows, rng) * rng.uniform(0.0, 0.4, (rows, 1))
    ahead = np.concatenate([latent[:, 6:], np.repeat(latent[:, -1:], 6, axis=1)], axis=1)

    wander_life = rng.uniform(4, 26, (rows, 1))
    wander = WANDER * mean_reverting(weeks, wander_life, rng)
    season = _season(looks.static_ids, time * YEAR / ANNUAL + last_week_of_year, rng)
    size = log_uniform(0.04, 0.3, rows, rng)
    log_volume = latent + carried * echo + wander + season + size * rng.standard_normal((rows, weeks))
    scale = log_uniform(1, 300, rows, rng)
    volume = scale * np.exp(np.clip(log_volume, -6, 4))
    volume = np.where(chosen(0.25, rows, rng), rng.poisson(np.minimum(volume, 1e6)), volume)

    now = buzz[:, 10:]
    base, blur = rng.normal(-1.6, 0.5, (rows, 1)), log_uniform(0.1, 1.5, rows, rng)
    share = 1 / (1 + np.exp(-(base + 0.7 * now + blur * rng.standard_normal((rows, weeks)))))
    mood = rng.normal(0.15, 0.2, (rows, 1)) + 1.2 * (ahead - latent) + 0.15 * rng.standard_normal((rows, weeks))
    lively = 0.25 * now + 0.6 * np.exp(-np.maximum(since, 0) / 30) + 0.15 * rng.standard_normal((rows, weeks))
    engagement = log_uniform(5, 400, rows, rng) * np.exp(lively)
    values = np.stack([volume, share, np.tanh(mood), engagement], axis=2)
    values[since <= 0] = 0.0

    step = np.arange(1, HORIZON + 1)
    echoed, echo_variance = _fading(echo, buzz_life, np.maximum(step - lead[:, None], 0))
    wandered, wander_variance = _fading(wander, wander_life, np.broadcast_to(step, (rows, HORIZON)))
    known = (life + season)[:, -HORIZON:] + regime[:, -HORIZON - 1 : -HORIZON]  # a regime that begins later is a shock
    variance = size**2 + carried**2 * echo_variance + WANDER**2 * wander_variance
    expected = scale * np.exp(np.clip(known + carried * echoed + wandered + variance / 2, -6, 4))
    return Weeks(values.astype(np.float32), np.asarray(age, dtype=np.int64), expected)


def sample_trends(count: int, weeks: int, bank: EmbeddingBank | None, rng: np.random.Generator) -> list[TrendSample]:
    """Draws trends that all end in the same week (the middle of November); a third are cold starts under a year."""
    looks = draw_looks(count, bank, rng)
    age = np.where(
        rng.uniform(size=count) < 1 / 3, rng.integers(1, YEAR, count), rng.integers(YEAR, 4 * YEAR + weeks, count)
    )
    shown = simulate(looks, age, weeks, np.full((count, 1), 46.0), rng).values
    trends = []
    for row in range(count):
        launch = max(0, weeks - int(age[row]))
        market, gender, category = (int(word) - 1 for word in looks.static_ids[row])
        volume, share, sentiment, engagement = shown[row, launch:].T
        trends.append(
            TrendSample(
                market=MARKETS[market],
                gender=GENDERS[gender],
                category=CATEGORIES[category],
                bank_row=int(looks.bank_rows[row]),
                launch_week=launch,
                volume=volume,
                influencer_share=share,
                sentiment=sentiment,
                engagement=engagement,
            )
        )
    return trends


def _life(styles: Array, since: Array, rng: np.random.Generator) -> Array:
    """Log of the life cycle (R, W): rise, drift of taste, fade. The style explains about four fifths."""
    rows = len(styles)
    cut, colour, pattern = (
        np.clip(styles[:, axis : axis + 1] + rng.normal(0, 0.08, (rows, 1)), 0, 1) for axis in range(3)
    )
    age = np.maximum(since, 0)
    rise = 3 * (12 ** (1 - cut))  # 36 weeks for a plain cut, 3 for a loud one
    depth = rng.uniform(1.0, 2.0, (rows, 1))
    taste = 1.3 * (2 * colour - 1) * (1 - np.exp(-age / 50))
    stay = 6 + 90 * pattern**1.5
    fade = np.minimum(np.maximum(age - stay, 0) / (14 + 40 * pattern), 1.6) * rng.uniform(0.6, 1.0, (rows, 1))
    return np.asarray(-depth * np.exp(-age / rise) + taste - fade)


def _regime(rows: int, time: Array, rng: np.random.Generator) -> Array:
    """Log of a lasting change of level of some trends at a random week (R, W), spread over some weeks."""
    height = chosen(0.25, rows, rng) * rng.normal(0, 0.5, (rows, 1))
    middle = rng.uniform(time[0], 13, (rows, 1))
    return np.asarray(height / (1 + np.exp(-(time - middle) / rng.uniform(1, 5, (rows, 1)))))


def _fading(values: Array, half_life: Array, unknown: npt.NDArray[np.int64]) -> tuple[Array, Array]:
    """Conditional mean of the last weeks of a mean-reverting process, and the share of its variance that remains.

    Args:
        values: (R, W), of variance 1 or a multiple of such.
        half_life: (R, 1) weeks.
        unknown: (R, 13), weeks since the last known shock.

    Returns:
        Both (R, 13).
    """
    keep = 0.5 ** (unknown / half_life)
    known = np.arange(values.shape[1] - HORIZON, values.shape[1]) - unknown
    return np.take_along_axis(values, known, axis=1) * keep, 1 - keep**2


def _season(static_ids: npt.NDArray[np.int64], week: Array, rng: np.random.Generator) -> Array:
    """Log of the season (R, W) by category and market."""
    rows = len(static_ids)
    angle = 2 * np.pi * (week - peak_weeks(static_ids, rng)) / YEAR
    first = log_uniform(0.05, 0.6, rows, rng)
    second = rng.normal(0, 0.4, (rows, 1)) * first
    return np.asarray(first * np.cos(angle) + second * np.cos(2 * angle + rng.uniform(0, 2 * np.pi, (rows, 1))))
