"""The demo's forecaster in Python: requests to tensors and tensors to forecasts, by numpy."""

import os
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

WEEKS, VARIABLES, STATIC, EMBEDDING, HORIZON = 208, 4, 3, 64, 13
LEVELS = ("0.1", "0.5", "0.9")
CLASSES = {-1: "falling", 0: "stable", 1: "rising"}
EPOCH = date(1970, 1, 1)
OUTPUTS = ["quantiles", "trend_class"]


@lru_cache(1024)
def coming_weeks(last_week: str) -> list[str]:
    """The Mondays of the forecast."""
    last = date.fromisoformat(last_week)
    return [(last + timedelta(weeks=step)).isoformat() for step in range(1, HORIZON + 1)]


@lru_cache(1024)
def days(last_week: str) -> int:
    """Days since 1970."""
    return (date.fromisoformat(last_week) - EPOCH).days


class TrendModel:
    """An ONNX Runtime session on the artifact in TREND_ARTIFACT, with INTRA_OP threads per run (default 1)."""

    def __init__(self) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = int(os.environ.get("INTRA_OP", "1"))
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        file = Path(os.environ["TREND_ARTIFACT"]) / "forecaster.onnx"
        self._session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])

    def quantiles(self, series: list[np.ndarray], last_weeks: list[int]) -> tuple[np.ndarray, np.ndarray]:
        """Quantiles [B, 13, 3] and classes [B] of a batch of volumes; NaN is unobserved."""
        rows = len(series)
        history = np.zeros((rows, WEEKS, VARIABLES), np.float32)
        observed = np.zeros((rows, WEEKS, VARIABLES), bool)
        for row, values in enumerate(series):
            recent = values[-WEEKS:]
            present = ~np.isnan(recent)
            history[row, WEEKS - len(recent) :, 0] = np.where(present, recent, 0)
            observed[row, WEEKS - len(recent) :, 0] = present
        inputs = {
            "history": history,
            "observed": observed,
            "last_week": np.array(last_weeks, np.int64),
            "static_ids": np.zeros((rows, STATIC), np.int64),
            "image_embedding": np.zeros((rows, EMBEDDING), np.float32),
            "has_image": np.zeros(rows, bool),
        }
        quantiles, classes = self._session.run(OUTPUTS, inputs)
        return quantiles, classes

    def forecasts(self, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The forecasts of a batch of items, for orjson with OPT_SERIALIZE_NUMPY."""
        # float64 with None becomes NaN.
        series = [np.array(item["series"], np.float64) for item in items]
        quantiles, classes = self.quantiles(series, [days(item["last_week"]) for item in items])
        return [
            forecast(
                item.get("id", str(place)), item["last_week"], series[place], quantiles[place], int(classes[place])
            )
            for place, item in enumerate(items)
        ]


def forecast(name: str, last_week: str, series: np.ndarray, quantiles: np.ndarray, trend_class: int) -> dict[str, Any]:
    """One forecast in Hemline's form without the drivers."""
    levels = np.ascontiguousarray(quantiles.T)
    return {
        "id": name,
        "last_week": last_week,
        "weeks": coming_weeks(last_week),
        "quantiles": dict(zip(LEVELS, levels, strict=True)),
        "trend_score": score(series, levels[1]),
        "trend_class": CLASSES[trend_class],
        "cold_start": bool(np.count_nonzero(~np.isnan(series)) < 52),
        "features_as_of": last_week,
    }


def score(series: np.ndarray, median: np.ndarray) -> float | None:
    """The relative change of the forecast's mean against the mean of the last weeks."""
    recent = series[-HORIZON:]
    observed = recent[~np.isnan(recent)]
    if not len(observed) or not observed.mean() > 0:
        return None
    return float(median.mean() / observed.mean() - 1)


def answer(forecasts: list[dict[str, Any]]) -> dict[str, Any]:
    """The complete response to a request with one item."""
    first = forecasts[0]
    return {
        "forecasts": forecasts,
        "trend_score": first["trend_score"],
        "model": {"name": "trend", "version": "2"},
        "as_of": first["features_as_of"],
        "warnings": [],
    }
