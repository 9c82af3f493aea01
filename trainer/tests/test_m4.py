import os
from pathlib import Path

import numpy as np
import pytest

from hemline_trainer.errors import DataError
from hemline_trainer.evaluation.benchmarks.m4 import Weekly, check_scorer, read_weekly, scores

DATA = os.environ.get("HEMLINE_DATA")
needs_data = pytest.mark.skipif(not DATA, reason="HEMLINE_DATA is not set: no folder with m4_weekly/ to score on")


@needs_data
def test_the_scorer_reproduces_the_published_errors_of_the_last_value() -> None:
    found = check_scorer(read_weekly(Path(str(DATA))))

    assert (round(found["smape"], 3), round(found["mase"], 3), round(found["owa"], 3)) == (9.161, 2.777, 1.0)


def test_a_short_series_is_padded_on_the_left() -> None:
    weekly = Weekly((np.arange(80.0), np.arange(300.0)), np.ones((2, 13)))

    recent = weekly.recent()

    assert np.isnan(recent[0, :128]).all()
    assert recent[:, -1].tolist() == [79.0, 299.0]


def test_a_perfect_forecast_scores_zero() -> None:
    weekly = Weekly((np.arange(80.0),), np.full((1, 13), 80.0))

    assert scores(weekly.test, weekly) == {"smape": 0.0, "mase": 0.0, "owa": 0.0}


def test_a_missing_folder_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read_weekly(tmp_path)
