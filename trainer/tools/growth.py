"""How the cost grows with the data: seconds and rows a second at three sizes of own series.

.cache/uv/bin/uv run --project trainer trainer/tools/growth.py --sizes 500 5000 50000

For each size a CSV file of as many series of 104 weeks is made in a folder that goes at the end, sharded, streamed once
and learned from once. Peak memory is that of a process of its own. Only the table is printed; nothing else is written.
"""

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import numpy as np
from loader_rate import training_rate

from hemline_trainer.config import Config, Data, Training
from hemline_trainer.data.own.shard_write import write_shards
from hemline_trainer.data.own.shards import Shards
from hemline_trainer.model.forecaster import Shape

WEEKS: Final = 104
BATCH: Final = 256
MEBIBYTE: Final = 1024
SIZES: Final = (500, 5_000, 50_000)


def write_csv(path: Path, series: int) -> None:
    """Writes random walks, sorted as `dataset` reads them."""
    rng = np.random.default_rng(7)
    days = [(date(2024, 1, 1) + timedelta(weeks=week)).isoformat() for week in range(WEEKS)]
    with path.open("w", encoding="utf-8") as file:
        file.write("trend,market,week,value,category\n")
        for number in range(series):
            walk = 100 * np.exp(np.cumsum(rng.normal(0, 0.05, WEEKS)))
            file.writelines(f"t{number:07},us,{day},{value:.2f},shoes\n" for day, value in zip(days, walk, strict=True))


def measured(series: int, trunk: int, steps: int) -> list[str]:
    """One row of the table."""
    with tempfile.TemporaryDirectory() as scratch:
        source, folder = Path(scratch) / "own.csv", Path(scratch) / "shards"
        write_csv(source, series)
        began = time.perf_counter()
        write_shards([source], folder, size=4096, keep_gaps=False)
        sharding = time.perf_counter() - began
        shards = Shards(folder, 7, 8192)
        batches = max(1, series // BATCH)
        shards.batch(BATCH, 0)
        began = time.perf_counter()
        for step in range(batches):
            shards.batch(BATCH, step)
        streaming = time.perf_counter() - began
        training = Training(batch=BATCH, market_share=0.3)
        config = Config(threads=1, net=Shape(trunk=trunk), training=training, data=Data(str(folder), share=0.5))
        rate = training_rate(config, steps)
        size = sum(path.stat().st_size for path in folder.iterdir())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEBIBYTE
    rows = batches * BATCH
    epoch = series / (0.5 * rate)
    return [
        f"{series:,}",
        f"{series * WEEKS:,}",
        f"{sharding:.1f} s, {series * WEEKS / sharding:,.0f} rows/s",
        f"{size / 2**20:.1f}",
        f"{streaming:.2f} s, {rows / streaming:,.0f} rows/s",
        f"{rate:,.0f} rows/s",
        f"{epoch:,.0f} s",
        f"{peak:,.0f}",
    ]


def main(words: list[str]) -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--trunk", type=int, default=256)
    parser.add_argument("--steps", type=int, default=20, help="of training, at each size")
    asked = parser.parse_args(words)
    heads = ("series", "CSV rows", "sharding", "MiB of shards", "streaming once", "training", "an epoch", "peak MiB")
    print("| " + " | ".join(heads) + " |")
    print("|" + "---|" * len(heads))
    for series in asked.sizes:
        # A fresh process each, so that the peak is its own.
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            cells = pool.apply(measured, (series, asked.trunk, asked.steps))
        print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
