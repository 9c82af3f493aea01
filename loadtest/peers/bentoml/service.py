"""BentoML with adaptive batching: a batchable endpoint, and a dict as cache in front of the model."""

import os
from typing import Any

import bentoml
import numpy as np
from trend_model import TrendModel

MAX_CACHED = 50_000


@bentoml.service(
    workers=int(os.environ.get("WORKERS", "2")),
    traffic={"timeout": 30, "max_concurrency": 1024},
    # No log line and no counters per request.
    logging={"access": {"enabled": False}},
    metrics={"enabled": False},
)
class Trend:
    """Forecasts of a client's own series."""

    def __init__(self) -> None:
        self.model = TrendModel()
        self.cache: dict[tuple[Any, ...], dict[str, Any]] = {}

    @bentoml.api(
        route="/v1/forecasts",
        batchable=True,
        max_batch_size=int(os.environ.get("MAX_BATCH", "32")),
        max_latency_ms=int(os.environ.get("MAX_LATENCY_MS", "100")),
    )
    def forecasts(self, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """One forecast per item, from the cache if possible."""
        keys = [(item["last_week"], *item["series"]) for item in items]
        found = [self.cache.get(key) for key in keys]
        missing = [place for place, known in enumerate(found) if known is None]
        if missing:
            made = self.model.forecasts([items[place] for place in missing])
            for place, forecast in zip(missing, made, strict=True):
                forecast["quantiles"] = {name: np.asarray(of).tolist() for name, of in forecast["quantiles"].items()}
                if len(self.cache) >= MAX_CACHED:
                    self.cache.pop(next(iter(self.cache)))
                self.cache[keys[place]] = forecast
                found[place] = forecast
        return found
