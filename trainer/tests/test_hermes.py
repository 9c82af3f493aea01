import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import numpy as np
import pytest
import torch

from hemline_trainer.errors import DataError
from hemline_trainer.evaluation.backtest import answerer
from hemline_trainer.evaluation.benchmarks.hermes import (
    FOLDER,
    INFLUENCERS,
    MAIN,
    Series,
    after,
    as_batch,
    ask_graph,
    check_scorer,
    format_report,
    read_series,
    score,
)
from hemline_trainer.evaluation.benchmarks.server import ask_server
from hemline_trainer.model.forecaster import Forecaster, Shape

DATA = os.environ.get("HEMLINE_DATA")
needs_data = pytest.mark.skipif(not DATA, reason="HEMLINE_DATA is not set: no folder with hermes_f1_100/ to score on")


def invented(count: int = 70) -> Series:
    rng = np.random.default_rng(0)
    names = tuple(f"br_female_shoes_{number}" for number in range(count))
    return Series(names, rng.uniform(1, 2, (count, 261)), date(2018, 12, 31), rng.uniform(0, 1, (count, 209)))


class Server(BaseHTTPRequestHandler):
    """Answers every series with its last value."""

    sizes: list[int]

    def do_POST(self) -> None:
        items = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["items"]
        self.sizes.append(len(items))
        forecasts = [
            {
                "id": item["id"],
                "quantiles": {str(level): [item["series"][-1] * level * 2] * 13 for level in (0.1, 0.5, 0.9)},
                "trend_class": "falling",
            }
            for item in items
        ]
        body = json.dumps({"forecasts": forecasts}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        pass


@contextmanager
def serving() -> Iterator[tuple[str, list[int]]]:
    sizes: list[int] = []
    handler = type("Counting", (Server,), {"sizes": sizes})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", sizes
        finally:
            server.shutdown()
            thread.join()


@needs_data
def test_the_scorer_reproduces_the_published_errors_of_seasonal_naive() -> None:
    found = check_scorer(read_series(Path(str(DATA))))

    assert {weeks: round(value, 4) for weeks, value in found.items()} == {52: 0.8763, 13: 0.8461}


@needs_data
def test_untrained_gating_of_the_experts_beats_seasonal_naive() -> None:
    series = read_series(Path(str(DATA)))
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = Forecaster(Shape(trunk=16, token=8)).eval()

    report = score(ask_graph(answerer(model), series), series)

    assert report.metrics["mase"] < 0.8461
    assert report.baselines["three_lines"] == pytest.approx(0.6969, abs=5e-5)
    assert "0.8763 over 52 weeks" in format_report(report)


@needs_data
def test_names_give_attributes_and_the_test_year_is_hidden() -> None:
    series = read_series(Path(str(DATA)))

    batch = as_batch(series)

    assert series.last_week == date(2018, 12, 31)
    assert (batch.static_ids > 0).all()
    assert np.allclose(batch.history[:, -1, 0], series.training[:, -1])
    assert np.allclose(batch.future, series.test[:, :13])


def test_earlier_origins_lie_within_the_training_weeks() -> None:
    series = invented(2)

    batch = as_batch(series, back=13)

    assert np.allclose(batch.future, series.training[:, -13:])
    assert np.allclose(batch.history[:, -1, 0], series.training[:, -14])
    assert (batch.last_week == (date(2018, 10, 1) - date(1970, 1, 1)).days).all()


def test_the_share_of_influencers_ends_with_the_training_weeks() -> None:
    series = invented(3)
    whole = np.concatenate([series.training, series.test[:, :13]], axis=1)

    now, later, before = as_batch(series), after(series, whole), as_batch(series, back=13)

    assert np.allclose(now.history[:, :, 1], series.shares[:, -208:])
    assert now.observed[:, :, 1].all()
    assert np.allclose(later.history[:, -14, 1], series.shares[:, -1])
    assert not later.observed[:, -13:, 1].any()
    assert not as_batch(series.alone()).observed[:, :, 1].any()
    assert np.allclose(before.history[:, -1, 1], series.shares[:, -14])


@needs_data
def test_shares_are_those_of_influencers_in_all_that_was_seen() -> None:
    series = read_series(Path(str(DATA)))

    assert series.shares.shape == series.training.shape
    assert ((series.shares >= 0) & (series.shares <= 1)).all()


def test_influencers_of_other_series_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir()
    (folder / MAIN).write_text(",br_female_top_1\n2015-01-05,1.0\n")
    (folder / INFLUENCERS).write_text(",br_female_top_2\n2015-01-05,1.0\n")

    with pytest.raises(DataError, match="other series"):
        read_series(tmp_path)


def test_a_server_gets_requests_of_64_series_matched_by_id() -> None:
    series = invented()
    with serving() as (url, sizes):
        forecasts = ask_server(url, series)

    assert sizes == [64, 6]
    assert forecasts.quantiles.shape == (70, 13, 3)
    assert np.allclose(forecasts.quantiles[:, :, 1], series.training[:, -1:])
    assert (forecasts.classes == -1).all()


def test_a_scorer_that_misses_the_published_error_raises() -> None:
    with pytest.raises(DataError, match=r"known is 0\.8763"):
        check_scorer(invented())


def test_a_missing_folder_and_an_unreachable_server_are_one_line_each(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read_series(tmp_path)
    with pytest.raises(DataError, match="no forecasts"):
        ask_server("http://127.0.0.1:1", invented())
    with pytest.raises(DataError, match="not an http address"):
        ask_server("file:///etc", invented())
