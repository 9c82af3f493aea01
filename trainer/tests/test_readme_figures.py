"""What the project's README says of accuracy is what the committed demo does, read from the table itself."""

import os
import re
from pathlib import Path

import pytest
from test_cli import DEMO

from hemline_trainer.artifact.equivalence import session
from hemline_trainer.evaluation.backtest import Answerer, answerer
from hemline_trainer.evaluation.benchmarks import hermes, m4

DATA = os.environ.get("HEMLINE_DATA")
needs_data = pytest.mark.skipif(not DATA, reason="HEMLINE_DATA is not set: no folder to score the demo on")
README = Path(__file__).parents[2] / "README.md"
CLOSE = 0.005


def said(benchmark: str) -> tuple[float, dict[str, float]]:
    """The demo's MASE in the README's row of a benchmark, and those of the lines beside it."""
    (row,) = [line for line in README.read_text(encoding="utf-8").splitlines() if f"benchmark {benchmark}" in line]
    what, measured = row.split("|")[1:3]
    found = re.search(r"\*\*([\d.]+)\*\*", measured)
    assert found, f"README.md: no figure in bold in the row of {benchmark}"
    return float(found[1]), {name: float(mase) for name, mase in re.findall(r"([a-z]+(?: [a-z]+)*) (\d+\.\d+)", what)}


@pytest.fixture(scope="module")
def demo() -> Answerer:
    return answerer(session(DEMO / "2" / "forecaster.onnx"))


def test_the_readme_names_a_figure_of_either_benchmark_with_its_plain_lines() -> None:
    assert set(said("hermes")[1]) == {"seasonal naive", "three lines"}
    assert set(said("m4")[1]) == {"last value"}


@needs_data
def test_the_demo_is_as_good_on_hermes_as_the_readme_says(demo: Answerer) -> None:
    mase, lines = said("hermes")
    series = hermes.read_series(Path(str(DATA)))

    report = hermes.score(hermes.ask_graph(demo, series), series)

    assert report.metrics["mase"] == pytest.approx(mase, abs=CLOSE)
    for name, figure in lines.items():
        assert report.baselines[name.replace(" ", "_")] == pytest.approx(figure, abs=0.001)


@needs_data
def test_the_demo_is_as_good_on_m4_as_the_readme_says(demo: Answerer) -> None:
    mase, lines = said("m4")

    found = m4.score(demo, m4.read_weekly(Path(str(DATA))))

    assert found["hemline"]["mase"] == pytest.approx(mase, abs=CLOSE)
    for name, figure in lines.items():
        assert found[name.replace(" ", "_")]["mase"] == pytest.approx(figure, abs=0.001)
