import numpy as np
import pytest

from hemline_trainer.contract import ANNUAL, CATEGORIES, CONTEXT, EMBEDDING, HORIZON, MARKETS, VOCABULARIES, YEAR
from hemline_trainer.data.batch import market_batch, market_foreseen, series_batch, training_batch
from hemline_trainer.data.embeddings import EmbeddingBank
from hemline_trainer.data.synthetic.market import Looks, draw_looks, sample_trends, simulate
from hemline_trainer.data.synthetic.series import synthetic_series


def bank(rows: int = 40) -> EmbeddingBank:
    rng = np.random.default_rng(1)
    styles = rng.uniform(size=(rows, 3)).astype(np.float32)
    shown = rng.normal(size=(3, EMBEDDING)).astype(np.float32)
    return EmbeddingBank(
        embeddings=(styles @ shown).astype(np.float32),
        styles=styles,
        categories=rng.integers(1, len(CATEGORIES) + 1, rows),
        digest="ab" * 32,
    )


def test_a_batch_is_a_function_of_seed_and_step() -> None:
    first, again, later = (training_batch(12, 0.5, bank(), 3, step) for step in (5, 5, 6))

    for name, array in first.inputs().items():
        assert np.array_equal(array, again.inputs()[name])
    assert not np.array_equal(first.history, later.history)


@pytest.mark.parametrize("with_bank", [True, False])
def test_a_batch_has_the_graphs_shapes_and_is_finite(with_bank: bool) -> None:
    batch = training_batch(64, 0.4, bank() if with_bank else None, 3, 0)

    assert batch.history.shape == batch.observed.shape == (64, CONTEXT, 4)
    assert batch.future.shape == (64, HORIZON)
    assert batch.history.dtype == batch.future.dtype == batch.image_embedding.dtype == np.float32
    assert batch.static_ids.dtype == batch.last_week.dtype == np.int64
    assert np.isfinite(batch.history).all()
    assert np.isfinite(batch.future).all()
    assert not batch.history[~batch.observed].any()
    assert batch.observed[:, -1, 0].all()
    assert (batch.static_ids <= [len(words) for words in VOCABULARIES.values()]).all()
    assert batch.has_image.any() == with_bank
    assert not batch.image_embedding[~batch.has_image].any()


def test_histories_come_in_all_lengths() -> None:
    weeks = training_batch(512, 0.4, None, 3, 0).observed[..., 0].argmax(1)

    lengths = CONTEXT - weeks
    assert (lengths == CONTEXT).mean() > 0.2
    assert (lengths <= 26).mean() > 0.2
    assert (lengths <= 8).mean() > 0.05
    assert lengths.min() < 5


def test_a_cold_start_has_as_many_weeks_as_asked() -> None:
    batch = market_batch(32, None, np.random.default_rng(0), weeks=8)

    assert not batch.observed[:, : CONTEXT - 8].any()
    assert batch.observed[:, -1, 0].all()


def test_the_prior_is_varied_and_finite() -> None:
    series = synthetic_series(200, 221, np.random.default_rng(0))

    assert series.shape == (200, 221)
    assert np.isfinite(series).all()
    roughness = np.abs(np.diff(series, axis=1)).mean(1) / (np.abs(series).mean(1) + 1e-9)
    assert np.quantile(roughness, 0.9) > 10 * np.quantile(roughness, 0.05)


def test_most_noises_shrink_from_year_to_year() -> None:
    series = synthetic_series(3000, CONTEXT, np.random.default_rng(3)).astype(np.float64)
    noise = np.abs(series[:, 1:-1] - (series[:, :-2] + series[:, 2:]) / 2)

    first, last = noise[:, :YEAR].mean(1), noise[:, -YEAR:].mean(1)

    assert np.median(first / (last + 1e-9)) > 1.05


def test_known_fields_do_not_reveal_whether_a_row_is_a_trend() -> None:
    rng = np.random.default_rng(8)
    plain, trends = series_batch(4000, rng), market_batch(4000, bank(), rng)

    for words in range(4):
        shares = [((rows.static_ids > 0).sum(1) == words).mean() for rows in (plain, trends)]
        assert shares[0] == pytest.approx(shares[1], abs=0.04)
    for variable in range(1, 4):
        shares = [rows.observed[..., variable].any(1).mean() for rows in (plain, trends)]
        assert shares[0] == pytest.approx(shares[1], abs=0.06)


def growth_after(weeks: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Styles, and log growth of the coming 13 weeks over the `weeks` since launch."""
    looks = draw_looks(2000, None, rng)
    age = np.full(2000, weeks + HORIZON)
    volume = simulate(looks, age, CONTEXT + HORIZON, rng.uniform(0, 52, (2000, 1)), rng).values[..., 0]
    before, after = volume[:, -HORIZON - weeks : -HORIZON], volume[:, -HORIZON:]
    return looks.styles, np.log1p(after.mean(1)) - np.log1p(before.mean(1))


@pytest.mark.parametrize(("weeks", "axis", "least"), [(1, 0, 0.25), (8, 1, 0.2), (26, 2, 0.3)])
def test_the_look_of_a_young_trend_tells_where_it_goes(weeks: int, axis: int, least: float) -> None:
    styles, growth = growth_after(weeks, np.random.default_rng(2))

    assert np.corrcoef(styles[:, axis], growth)[0, 1] > least


def test_influencers_move_before_the_volume() -> None:
    rng = np.random.default_rng(4)
    looks = draw_looks(1500, None, rng)
    shown = simulate(looks, np.full(1500, 900), CONTEXT, np.zeros((1500, 1)), rng).values
    share = shown[:, :, 1] - shown[:, :, 1].mean(1, keepdims=True)
    volume = np.log1p(shown[:, :, 0])
    change = volume[:, 12:] - volume[:, :-12]

    ahead = np.corrcoef(share[:, 6:-6].ravel(), change.ravel())[0, 1]
    behind = np.corrcoef(share[:, 18:].ravel(), change[:, : share.shape[1] - 18].ravel())[0, 1]

    assert ahead > 0.03
    assert ahead > behind


def test_the_expected_volumes_of_a_trend_are_those_on_average() -> None:
    rng = np.random.default_rng(5)
    trends, expected = market_foreseen(6000, None, rng)
    came = trends.future.mean(1) / expected.mean(1)

    assert np.mean(came) == pytest.approx(1.0, abs=0.03)
    assert np.median(np.abs(came - 1)) > 0.03  # its shocks are not foreseen


def test_some_plain_series_go_on_as_they_went() -> None:
    series = synthetic_series(4000, CONTEXT, np.random.default_rng(7))

    calm = np.abs(np.diff(series, axis=1)).mean(1) < 0.02 * np.abs(series).mean(1)  # little beside a slope
    before, after = (series[calm, -end] - series[calm, -end - 13] for end in (14, 1))
    assert np.corrcoef(np.sign(before), np.sign(after))[0, 1] > 0.12


def test_variables_stay_in_their_units() -> None:
    rng = np.random.default_rng(4)
    shown = simulate(draw_looks(100, None, rng), rng.integers(1, 300, 100), 60, np.zeros((100, 1)), rng).values

    assert shown[..., 0].min() >= 0
    assert 0 <= shown[..., 1].min() <= shown[..., 1].max() <= 1
    assert -1 <= shown[..., 2].min() <= shown[..., 2].max() <= 1
    assert shown[..., 3].min() >= 0


def test_sampled_trends_begin_at_their_launch_and_some_are_cold() -> None:
    trends = sample_trends(60, 221, bank(), np.random.default_rng(9))

    assert len(trends) == 60
    assert {trend.market for trend in trends} == set(MARKETS)
    for trend in trends:
        arrays = (trend.volume, trend.influencer_share, trend.sentiment, trend.engagement)
        assert {len(array) for array in arrays} == {221 - trend.launch_week}
        assert 0 <= trend.bank_row < 40
    cold = [trend for trend in trends if len(trend.volume) < 52]
    assert 8 <= len(cold) <= 40


def test_a_bank_decides_style_and_category() -> None:
    rows = bank()
    looks: Looks = draw_looks(30, rows, np.random.default_rng(0))

    assert np.array_equal(looks.static_ids[:, 2], rows.categories[looks.bank_rows])
    assert np.allclose(looks.styles, rows.styles[looks.bank_rows])


def test_a_season_comes_back_on_the_same_day_even_after_twenty_years() -> None:
    series = synthetic_series(600, 26 * YEAR, np.random.default_rng(0)).astype(np.float64)
    moves = np.diff(series, axis=1)
    moves /= moves.std(axis=1, keepdims=True) + 1e-9

    def alike(weeks: int) -> float:
        return float((moves[:, weeks:] * moves[:, :-weeks]).mean())

    # Found: 0.08 on the day, 0.00 twenty times 52 weeks later.
    assert alike(round(20 * ANNUAL)) >= 0.04 + max(alike(20 * YEAR), alike(round(20 * ANNUAL) + 4))
