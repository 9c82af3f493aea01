"""What the committed demo makes of drivers, and `variable_weights` says of them, on rows whose drivers are known.

R rows, T = 208 weeks. Margins are about half of what was found; each test notes that.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from hemline_trainer.artifact.equivalence import session
from hemline_trainer.contract import ANNUAL, CONTEXT, DRIVERS, EMBEDDING, HORIZON, VARIABLES, YEAR
from hemline_trainer.data.batch import Batch, market_batch
from hemline_trainer.data.embeddings import EmbeddingBank
from hemline_trainer.progress import Silent
from hemline_trainer.training.embed import fill_bank

Weights = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]

DEMO = Path(__file__).parents[2] / "model-store" / "demo" / "store" / "trend" / "versions" / "2"
ROWS = 400


@pytest.fixture(scope="module")
def bank() -> EmbeddingBank:
    return fill_bank(DEMO / "image_encoder.onnx", 7, 110, Silent())


@pytest.fixture(scope="module")
def pictured(bank: EmbeddingBank) -> Batch:
    """Trends of the market that are two years old and have an image, more than 300."""
    drawn = market_batch(600, bank, np.random.default_rng(1), weeks=2 * YEAR)
    return drawn.rows(drawn.has_image)


def weights(rows: Batch, driver: str) -> Weights:
    """(R,) share of a driver."""
    weights = session(DEMO / "forecaster.onnx").run(["variable_weights"], rows.inputs())[0]
    return np.asarray(weights[:, DRIVERS.index(driver)])


def shown(rows: Batch, weeks: int) -> Batch:
    """The same rows, of which only the last weeks are known."""
    observed = rows.observed & (np.arange(CONTEXT) >= CONTEXT - weeks)[:, None]
    return replace(rows, observed=observed, history=np.where(observed, rows.history, 0))


def plain(volume: Floats) -> Batch:
    """Rows that have nothing but a volume (R, T)."""
    rows = len(volume)
    history = np.zeros((rows, CONTEXT, len(VARIABLES)), np.float32)
    history[..., 0] = volume
    return Batch(
        history=history,
        observed=np.broadcast_to(np.arange(len(VARIABLES)) == 0, history.shape).copy(),
        last_week=np.full(rows, 20_773),
        static_ids=np.zeros((rows, 3), np.int64),
        image_embedding=np.zeros((rows, EMBEDDING), np.float32),
        has_image=np.zeros(rows, np.bool_),
        future=np.zeros((rows, HORIZON), np.float32),
    )


def waves(rng: np.random.Generator) -> Floats:
    """(R, T) yearly waves of 60 % with a tenth of noise, each of its own size and phase."""
    angle = 2 * np.pi * (np.arange(CONTEXT) / ANNUAL + rng.random((ROWS, 1)))
    noise = np.exp(0.1 * rng.standard_normal((ROWS, CONTEXT)))
    return np.asarray(np.exp(rng.uniform(0, 6, (ROWS, 1))) * (1 + 0.6 * np.sin(angle)) * noise)


def led(rng: np.random.Generator) -> Batch:
    """Volumes that follow the share of influencers by 3 to 10 weeks, (R, T), with what came after."""
    weeks = CONTEXT + HORIZON
    kept = np.exp(-1 / rng.uniform(4, 16, ROWS))
    buzz = rng.standard_normal((ROWS, weeks + 10))
    for week in range(1, weeks + 10):
        buzz[:, week] = kept * buzz[:, week - 1] + np.sqrt(1 - kept**2) * buzz[:, week]
    follows = np.arange(weeks) + 10 - rng.integers(3, 11, (ROWS, 1))
    noise = 0.05 * rng.standard_normal((ROWS, weeks))
    volume = rng.uniform(1, 300, (ROWS, 1)) * np.exp(0.4 * np.take_along_axis(buzz, follows, axis=1) + noise)
    rows = plain(volume[:, :CONTEXT])
    rows.history[..., 1] = 1 / (1 + np.exp(1.6 - 0.7 * buzz[:, 10 : 10 + CONTEXT]))
    rows.observed[..., 1] = True
    return replace(rows, future=volume[:, CONTEXT:].astype(np.float32))


def errors(rows: Batch) -> Floats:
    """(R,) mean error of the median in steps of the series."""
    median = session(DEMO / "forecaster.onnx").run(["quantiles"], rows.inputs())[0][..., 1].astype(np.float64)
    volume = rows.history[..., 0].astype(np.float64)
    return np.asarray(np.abs(median - rows.future).mean(axis=1) / np.abs(np.diff(volume)).mean(axis=1))


def distances(rows: Batch) -> Floats:
    """(R,) between the logarithms of the median's mean and of what came, each plus one."""
    median = session(DEMO / "forecaster.onnx").run(["quantiles"], rows.inputs())[0][..., 1].astype(np.float64)
    return np.asarray(np.abs(np.log1p(median.mean(axis=1)) - np.log1p(rows.future.astype(np.float64).mean(axis=1))))


def test_a_share_of_influencers_that_leads_the_volume_makes_the_forecast_better() -> None:
    rng = np.random.default_rng(3)
    rows = led(rng)
    history, observed = rows.history.copy(), rows.observed.copy()
    history[..., 1] = rng.permuted(history[..., 1], axis=1)
    observed[..., 1] = False

    known = errors(rows)
    out_of_order, hidden = errors(replace(rows, history=history)), errors(replace(rows, observed=observed))

    # Found: 4 % better than without it and than in another order, better in 70 rows of a hundred. Its weight does not
    # tell these apart, so nothing is asked of that.
    for other in (out_of_order, hidden):
        assert known.mean() <= 0.985 * other.mean()
        assert (known < other).mean() >= 0.6


def test_an_absent_driver_has_no_weight(pictured: Batch) -> None:
    for place, variable in enumerate(VARIABLES[1:], 1):
        observed = pictured.observed.copy()
        observed[..., place] = False
        assert weights(pictured, variable).any()
        assert not weights(replace(pictured, observed=observed), variable).any()
    assert not weights(replace(pictured, has_image=np.zeros_like(pictured.has_image)), "image").any()


def test_the_image_has_more_weight_for_short_histories(pictured: Batch) -> None:
    assert len(pictured) >= 300

    young, old = weights(shown(pictured, 1), "image"), weights(pictured, "image")

    # Found: more in 99 rows of a hundred, 1.75 times as much in the mean. After 4 and 8 weeks it is as much as after
    # two years; that it is of use then shows the test below.
    assert (young > old).mean() >= 0.95
    assert young.mean() >= 1.5 * old.mean()


@pytest.mark.parametrize("weeks", [1, 4, 8])
def test_the_image_of_a_new_trend_makes_its_forecast_better(bank: EmbeddingBank, weeks: int) -> None:
    rng = np.random.default_rng(4)
    drawn = market_batch(900, bank, rng, weeks=weeks)
    rows = drawn.rows(drawn.has_image & drawn.history[..., 0].any(axis=1))

    known = distances(rows)
    hidden = distances(replace(rows, has_image=np.zeros_like(rows.has_image)))
    of_another = distances(replace(rows, image_embedding=rng.permutation(rows.image_embedding)))

    # Found: 7 to 13 % better than without it, 10 to 20 % better than with another's, better in 60 rows of a hundred.
    assert known.mean() <= 0.96 * hidden.mean()
    assert known.mean() <= 0.95 * of_another.mean()
    assert min((known < hidden).mean(), (known < of_another).mean()) >= 0.55


def test_the_season_has_more_weight_for_seasonal_series() -> None:
    rng = np.random.default_rng(2)
    yearly = waves(rng)
    walks = np.exp(np.cumsum(0.1 * rng.standard_normal((ROWS, CONTEXT)), axis=1))
    shuffled = rng.permuted(yearly, axis=1)

    seasonal, walking, out_of_order = (weights(plain(volume), "season") for volume in (yearly, walks, shuffled))

    # Found: 0.65 beside 0.41 and 0.58, more in 100 and in 91 pairs of rows in a hundred.
    assert (seasonal > walking).mean() >= 0.95
    assert (seasonal > out_of_order).mean() >= 0.85
    assert seasonal.mean() >= 0.05 + max(walking.mean(), out_of_order.mean())
