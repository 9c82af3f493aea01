"""Own series for tests, as a CSV file."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np

FIRST = date(2022, 1, 3)


def csv_of(path: Path, series: int, weeks: int, seed: int = 0) -> Path:
    """Writes `series` trends of `weeks` weeks each; the value of a week encodes series and week."""
    markets = ("eu", "us")
    days = [(FIRST + timedelta(weeks=week)).isoformat() for week in range(weeks)]
    noise = np.random.default_rng(seed).uniform(0, 0.5, (series, weeks)).round(3)
    with path.open("w", encoding="utf-8") as file:
        file.write("trend,market,week,value,category\n")
        for number in range(series):
            trend, market = f"trend-{number // 2:05}", markets[number % 2]
            for week, day in enumerate(days):
                file.write(f"{trend},{market},{day},{number * 1000 + week + noise[number, week]},shoes\n")
    return path
