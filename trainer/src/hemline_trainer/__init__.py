"""Trains, evaluates and publishes Hemline's fashion trend forecasters."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hemline_trainer.forecaster import Forecaster

__all__ = ["Forecaster"]


def __getattr__(name: str) -> object:
    """Imports the Python API when it is asked for: the command line needs no pandas."""
    if name == "Forecaster":
        from hemline_trainer.forecaster import Forecaster  # noqa: PLC0415

        return Forecaster
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
