"""Progress on the terminal: a bar with loss, rows per second and time left; plain lines where there is no terminal."""

import math
import time
from collections.abc import Mapping
from datetime import timedelta
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

_QUIET_SECONDS = 15.0
_SHORT = {"validation_loss": "val", "validation_mase": "MASE"}
"""Names short enough for a terminal of 80 columns."""

_HIDDEN = {"rows", "rows_per_second", "ms_per_step"}


def format_figures(figures: Mapping[str, float]) -> str:
    """Figures in one line; those that could not be measured are left out."""
    return ", ".join(f"{name} {value:.3f}" for name, value in figures.items() if math.isfinite(value))


class Bar:
    """One stage of work. Made by `Bars.stage`; confined to one thread."""

    def __init__(self, title: str, bars: Progress, console: Console) -> None:
        self._title = title
        self._bars = bars
        self._console = console
        self._task = bars.add_task(title, total=None, figures="")
        self._began = time.monotonic()
        self._printed = self._began
        self._first: tuple[int, float] | None = None

    def update(self, step: int, total: int, metrics: dict[str, float]) -> None:
        """Shows `step` of `total`; a metric `rows` (per step) is shown as rows per second."""
        now = time.monotonic()
        self._first = self._first or (step, now)
        figures = _figures(step, metrics, now - self._began)
        self._bars.update(self._task, completed=step, total=total, figures=figures)
        if not self._console.is_terminal and (now - self._printed > _QUIET_SECONDS or step == total):
            self._printed = now
            line = f"{self._title}: {step} of {total}  {figures}{self._left(step, total, now)}".rstrip()
            self._console.print(line, highlight=False, markup=False, soft_wrap=True)

    def _left(self, step: int, total: int, now: float) -> str:
        """The time that is left at the pace since the first report."""
        if self._first is None or step in {self._first[0], total}:
            return ""
        seconds = (now - self._first[1]) / (step - self._first[0]) * (total - step)
        return f"  {timedelta(seconds=round(seconds))} left"


class Bars:
    """The bars of one command, on standard error. Use as a context manager."""

    def __init__(self, console: Console | None = None, *, quiet: bool = False) -> None:
        self._console = console or Console(stderr=True, quiet=quiet)
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=10),
            TaskProgressColumn(),
            TextColumn("{task.fields[figures]}"),
            TimeRemainingColumn(),
            console=self._console,
            disable=not self._console.is_terminal,
        )

    def stage(self, title: str) -> Bar:
        """Opens the bar of the next stage."""
        return Bar(title, self._bars, self._console)

    def say(self, line: str) -> None:
        """Prints a line above the bars."""
        self._console.print(line, highlight=False, markup=False, soft_wrap=True)

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()


class Silent:
    """Shows nothing."""

    def update(self, step: int, total: int, metrics: dict[str, float]) -> None:
        """Shows nothing."""


def _figures(step: int, metrics: dict[str, float], seconds: float) -> str:
    shown = [f"{_SHORT.get(name, name)} {value:.3f}" for name, value in metrics.items() if name not in _HIDDEN]
    if "rows_per_second" in metrics:
        shown.append(f"{metrics['rows_per_second']:,.0f} rows/s")
    elif "rows" in metrics and seconds > 0:
        shown.append(f"{step * metrics['rows'] / seconds:,.0f} rows/s")
    return "  ".join(shown)
