"""BentoML with its adaptive batching: a batchable endpoint, and a dict before the model."""

import os
from typing import Any

import bentoml
import numpy as np
from trend_model import TrendModel

MOST_KEPT = 50_000


@bentoml.service(
    workers=int(os.environ.get("WORKERS", "2")),
    traffic={"timeout": 30, "max_concurrency": 1024},
    # A line in the log and a few counters for each request: off.
    logging={"access": {"enabled": False}},
    metrics={"enabled": False},
)
class Trend:
    """Forecasts of a client's own series."""

    def __init__(self) -> None:
        self.model = TrendModel()
        self.kept: dict[tuple[Any, ...], dict[str, Any]] = {}

    @bentoml.api(
        route="/v1/forecasts",
        batchable=True,
        max_batch_size=int(os.environ.get("MAX_BATCH", "32")),
        max_latency_ms=int(os.environ.get("MAX_LATENCY_MS", "100")),
    )
    def forecasts(self, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """A forecast for each item; those asked before come from the dict."""
        keys = [(item["last_week"], *item["series"]) for item in items]
        found = [self.kept.get(key) for key in keys]
        missing = [place for place, known in enumerate(found) if known is None]
        if missing:
            made = self.model.forecasts([items[place] for place in missing])
            for place, forecast in zip(missing, made, strict=True):
                forecast["quantiles"] = {name: np.asarray(of).tolist() for name, of in forecast["quantiles"].items()}
                if len(self.kept) >= MOST_KEPT:
                    self.kept.pop(next(iter(self.kept)))
                self.kept[keys[place]] = forecast
                found[place] = forecast
        return found
