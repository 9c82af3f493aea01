import io

import pytest
from rich.console import Console

from hemline_trainer.progress import Bars

METRICS = {"loss": 0.5, "validation_loss": 0.4, "validation_mase": 0.9, "rows_per_second": 1234.5}


def shown(terminal: bool) -> str:
    written = io.StringIO()
    console = Console(file=written, force_terminal=terminal, width=80, _environ={})
    with Bars(console) as bars:
        stage = bars.stage("forecaster")
        for step in (10, 20, 40):
            stage.update(step, 40, METRICS)
    return written.getvalue()


def test_a_terminal_sees_a_bar_with_loss_mase_rows_a_second_and_the_time_left() -> None:
    printed = shown(terminal=True)

    for word in ("forecaster", "100%", "loss 0.500", "val 0.400", "MASE 0.900", "1,234 rows/s", "0:00:00", "\x1b["):
        assert word in printed


def test_without_a_terminal_there_are_plain_lines() -> None:
    lines = shown(terminal=False).splitlines()

    assert lines == [
        "forecaster: 40 of 40  loss 0.500  val 0.400  MASE 0.900  1,234 rows/s",
    ]


def test_a_plain_line_in_the_middle_tells_the_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    written = io.StringIO()
    bars = Bars(Console(file=written, force_terminal=False, width=200))
    stage = bars.stage("forecaster")

    for step in (10, 20):
        now[0] += 20
        stage.update(step, 100, METRICS)

    assert "left" not in written.getvalue().splitlines()[0]
    assert written.getvalue().splitlines()[1].endswith("0:02:40 left")
