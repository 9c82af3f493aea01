"""HERMES forecasts of a running server, through its public API."""

import http.client
import urllib.error
import urllib.request
from typing import Final

import numpy as np

from hemline_trainer.contract import CONTEXT, QUANTILES
from hemline_trainer.errors import DataError
from hemline_trainer.evaluation.benchmarks.hermes import Forecasts, Series
from hemline_trainer.files.strict_json import dumps, loads

ITEMS: Final = 64
"""Series per request."""


def ask_server(url: str, series: Series, timeout: float = 30.0) -> Forecasts:
    """Forecasts of a running server, in requests of 64 series to POST /v1/forecasts."""
    items = [
        {
            "id": name,
            "series": [float(value) for value in training[-CONTEXT:]],
            "influencer_share": [None if np.isnan(share) else float(share) for share in shares[-CONTEXT:]],
            "last_week": series.last_week.isoformat(),
            "attributes": attributes,
        }
        for name, training, shares, attributes in zip(
            series.names, series.training, series.shares, series.attributes(), strict=True
        )
    ]
    forecasts: list[dict[str, object]] = []
    for start in range(0, len(items), ITEMS):
        forecasts += _post(f"{url.rstrip('/')}/v1/forecasts", {"items": items[start : start + ITEMS]}, timeout)
    try:
        answers = {str(forecast["id"]): forecast for forecast in forecasts}
        quantiles = np.array(
            [np.array([answers[name]["quantiles"][str(level)] for level in QUANTILES]).T for name in series.names]  # type: ignore[index]
        )
        classes = [
            ("falling", "stable", "rising").index(str(answers[name]["trend_class"])) - 1 for name in series.names
        ]
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise DataError(f"{url}: an answer is missing or incomplete ({error})") from error
    return Forecasts(quantiles.astype(np.float64), np.array(classes, dtype=np.int64))


def _post(url: str, question: object, timeout: float) -> list[dict[str, object]]:
    if not url.startswith(("http://", "https://")):
        raise DataError(f"{url}: not an http address")
    request = urllib.request.Request(  # noqa: S310 - the scheme was checked
        url, dumps(question, "the question").encode(), {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:  # noqa: S310 - as above
            forecasts = list(loads(answer.read().decode())["forecasts"])
    except urllib.error.HTTPError as error:
        raise DataError(f"{url}: answered {error.code} {error.read(300).decode(errors='replace')}") from error
    except (OSError, ValueError, KeyError, TypeError, http.client.HTTPException) as error:
        raise DataError(f"{url}: no forecasts ({error})") from error
    return forecasts
