import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from hemline_trainer.contract import CONTEXT, HORIZON
from hemline_trainer.evaluation.benchmarks.hermes import Series, as_batch, read_series
from hemline_trainer.evaluation.benchmarks.m4 import Weekly, read_weekly
from hemline_trainer.evaluation.benchmarks.m4 import as_batch as m4_batch
from hemline_trainer.evaluation.metrics import Calls
from hemline_trainer.evaluation.rolling import Question, ask_all, format_table, questions, rolled, shortened

DATA = os.environ.get("HEMLINE_DATA")


def invented() -> Series:
    rng = np.random.default_rng(0)
    names = tuple(f"br_female_shoes_{number}" for number in range(5))
    return Series(names, rng.uniform(1, 2, (5, 261)), date(2018, 12, 31), rng.uniform(0, 1, (5, 209)))


def last_value(inputs: Mapping[str, npt.NDArray[np.generic]]) -> dict[str, npt.NDArray[np.generic]]:
    """Repeats the last value one unit up and down, and calls every trend rising."""
    last = inputs["history"][:, -1:, :1]
    middle = np.repeat(last, HORIZON, axis=1)
    return {
        "quantiles": np.concatenate([middle - 1, middle, middle + 1], axis=2),
        "trend_class": np.ones(len(last), dtype=np.int64),
    }


def test_the_wilson_interval_agrees_with_published_values() -> None:
    assert Calls(right=81, called=263, judged=300).wilson() == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert Calls(right=0, called=0, judged=9).wilson() == (0.0, 1.0)


def test_an_earlier_origin_forecasts_the_last_training_weeks() -> None:
    series = invented()

    rows = as_batch(series, back=HORIZON)

    assert rows.future == pytest.approx(series.training[:, -HORIZON:].astype(np.float32))
    assert rows.history[:, -1, 0] == pytest.approx(series.training[:, -HORIZON - 1])
    assert rows.last_week[0] == as_batch(series).last_week[0] - 7 * HORIZON


def test_an_earlier_origin_of_m4_leaves_out_series_that_would_be_too_short() -> None:
    weekly = Weekly((np.arange(90.0), np.arange(70.0)), np.zeros((2, HORIZON)))

    rows, ordinary = m4_batch(weekly, back=HORIZON)

    assert rows.future.tolist() == [list(range(77, 90))]
    assert rows.history[0, -1, 0] == 76
    assert ordinary == pytest.approx([1.0])


def test_a_shortened_history_hides_earlier_weeks() -> None:
    rows = shortened(as_batch(invented()), weeks=8)

    assert rows.observed[..., 0].sum(1).tolist() == [8] * 5
    assert (rows.history[:, : CONTEXT - 8] == 0).all()


def test_calls_and_coverage_are_pooled_over_origins() -> None:
    series = invented()
    asked = [Question("invented", back, as_batch(series, back), np.ones(5)) for back in (0, 13)]

    test_weeks, both = ask_all(last_value, asked, contexts=(CONTEXT,))

    assert (test_weeks.rows, both.rows, both.origins) == (5, 10, 2)
    assert both.calls.called == 10
    assert both.coverage == 1.0
    assert "invented" in format_table([both])


def test_rolling_appends_medians_with_half_of_last_years_roughness() -> None:
    series, asked = invented(), []

    def ten(inputs: Mapping[str, npt.NDArray[np.generic]]) -> dict[str, npt.NDArray[np.generic]]:
        asked.append(inputs["history"][..., 0].astype(np.float64))
        return {"quantiles": np.full((5, HORIZON, 3), 10.0)}

    year = rolled(ten, series)

    assert (year == 10).all()
    assert year.shape == (5, 52)
    before = series.training[:, -52 : -52 + HORIZON]
    around = np.stack([series.training[:, -54 + week : -49 + week].mean(1) for week in range(HORIZON)], axis=1)
    assert asked[1][:, -HORIZON:] == pytest.approx(10 * (1 + (before / around - 1) / 2), rel=1e-6)
    assert asked[1][:, : -2 * HORIZON] == pytest.approx(asked[0][:, HORIZON:-HORIZON])


@pytest.mark.skipif(not DATA, reason="HEMLINE_DATA is not set: no folder with hermes_f1_100/ and m4_weekly/")
def test_the_last_value_has_its_published_score_on_both_benchmarks() -> None:
    folder = Path(DATA or "")
    asked = [question for question in questions(read_series(folder), read_weekly(folder)) if question.back == 0]

    found = {each.dataset: each.mase for each in ask_all(last_value, asked, contexts=())}

    assert found["hermes-100"] == pytest.approx(1.0095, abs=1e-4)
    assert found["m4-weekly"] == pytest.approx(2.777, abs=1e-3)
