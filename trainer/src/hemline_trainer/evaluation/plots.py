"""Plots of a run: loss curves, forecasts with bands, calibration, and driver and week weights.

matplotlib is imported on use and driven through its Agg canvas: neither a display nor `pyplot` state is needed.
R rows, T = 208 weeks, H = 13 steps, Q = 9 levels.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import torch

from hemline_trainer.contract import CONTEXT, DRIVERS, HORIZON
from hemline_trainer.data.batch import Batch
from hemline_trainer.evaluation.metrics import volumes
from hemline_trainer.files.durable import beside
from hemline_trainer.model.distribution import LEVELS
from hemline_trainer.model.forecaster import Forecaster

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHOWN: Final = 9
"""Number of forecasts in the plot."""

WEEKS: Final = 104
"""Weeks of history in the plot."""

Floats = npt.NDArray[np.float64]


def draw(model: Forecaster, rows: Batch, history: Sequence[dict[str, float]], folder: Path) -> list[Path]:
    """Draws all plots as PNG files.

    Args:
        model: the averaged network, on the CPU.
        rows: held-out rows.
        history: metrics of every report, from the checkpoint.
        folder: of the files.
    """
    inputs = [torch.from_numpy(array) for array in rows.inputs().values()]
    with torch.no_grad():
        quantiles, _, drivers, weeks = (tensor.numpy().astype(np.float64) for tensor in model(*inputs))
        forecast = model.distribution(*inputs)
        levels = (forecast.levels * forecast.scaled.factor.unsqueeze(-1)).numpy().astype(np.float64)
    return [
        _losses(history, folder / "loss.png"),
        _forecasts(quantiles, rows, folder / "forecasts.png"),
        _calibration(observed_shares(levels, rows), folder / "calibration.png"),
        _attention(drivers, weeks, folder / "attention.png"),
    ]


def observed_shares(levels: Floats, rows: Batch) -> Floats:
    """Share of weeks at or below each level (Q), over rows whose history is not all zero."""
    alive = np.abs(rows.history[..., 0]).max(1) > 0
    return np.asarray((rows.future[alive][..., None] <= levels[alive]).mean((0, 1)))


def _losses(history: Sequence[dict[str, float]], path: Path) -> Path:
    figure = _Figure(1, 2, "Training")
    for axes, names in zip(figure.axes, (("loss", "validation_loss"), ("validation_mase",)), strict=True):
        for name in names:
            known = [(entry["step"], entry[name]) for entry in history if name in entry]
            axes.plot(*zip(*known, strict=True) if known else ([], []), marker=".", label=name.replace("_", " "))
        axes.set_xlabel("step")
        axes.legend()
    return figure.save(path)


def _forecasts(quantiles: Floats, rows: Batch, path: Path) -> Path:
    figure = _Figure(3, 3, "Forecasts of held-out rows: band 0.1 to 0.9, and actual weeks")
    past, coming = volumes(rows), np.arange(1, HORIZON + 1)
    for axes, row in zip(figure.axes, np.linspace(0, len(rows) - 1, SHOWN).astype(int), strict=True):
        axes.plot(np.arange(1 - WEEKS, 1), past[row, -WEEKS:], color="0.4", linewidth=1)
        axes.fill_between(coming, quantiles[row, :, 0], quantiles[row, :, 2], alpha=0.3)
        axes.plot(coming, quantiles[row, :, 1])
        axes.plot(coming, rows.future[row], color="black", linewidth=1, linestyle="--")
    return figure.save(path)


def _calibration(shares: Floats, path: Path) -> Path:
    figure = _Figure(1, 1, "Calibration")
    axes = figure.axes[0]
    axes.plot([0, 1], [0, 1], color="0.7", label="nominal")
    axes.plot(LEVELS, shares, marker="o", label="observed")
    axes.set_xlabel("nominal quantile")
    axes.set_ylabel("share of weeks at or below it")
    axes.legend()
    return figure.save(path)


def _attention(drivers: Floats, weeks: Floats, path: Path) -> Path:
    figure = _Figure(1, 2, "Weights, mean over rows")
    figure.axes[0].barh(DRIVERS, drivers.mean(0))
    figure.axes[0].set_xlabel("weight of the driver")
    figure.axes[1].plot(np.arange(1 - CONTEXT, 1), weeks.mean(0))
    figure.axes[1].set_xlabel("week before the forecast")
    figure.axes[1].set_ylabel("weight of the week")
    return figure.save(path)


class _Figure:
    """A grid of axes that becomes one PNG file."""

    def __init__(self, rows: int, columns: int, title: str) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - half a second, only for plots
        from matplotlib.figure import Figure  # noqa: PLC0415

        self._figure = Figure(figsize=(4.5 * columns + 1, 2.2 * rows + 1.5), layout="constrained")
        self._canvas = FigureCanvasAgg(self._figure)
        self._figure.suptitle(title)
        self.axes: list[Axes] = list(self._figure.subplots(rows, columns, squeeze=False).flat)

    def save(self, path: Path) -> Path:
        with beside(path) as part, part.open("wb") as file:
            self._canvas.print_png(file)  # type: ignore[no-untyped-call]
        return path
