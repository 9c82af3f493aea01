"""Is data loading the bottleneck? Rows a second of the loader beside those of training, by the settings of a run.

.cache/uv/bin/uv run --project trainer trainer/tools/loader_rate.py --config trainer/configs/demo.toml --steps 20

Batches are drawn on a thread of their own while the step before is computed, so the loader holds training up only where
its rate is the lower one. Nothing is written.
"""

import argparse
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from hemline_trainer.config import Config, load_config
from hemline_trainer.data.sampler import BatchSampler
from hemline_trainer.ops.tracking import Untracked
from hemline_trainer.progress import Silent
from hemline_trainer.training import checkpoint
from hemline_trainer.training.loop import train


def loader_rate(config: Config, steps: int) -> float:
    """Rows a second of the batches alone; the first one, which opens shards, does not count."""
    draw = BatchSampler(config, None)
    draw.batch(0)
    began = time.perf_counter()
    for step in range(1, steps + 1):
        draw.batch(step)
    return steps * config.training.batch / (time.perf_counter() - began)


def training_rate(config: Config, steps: int) -> float:
    """Rows a second of a run, its batches included."""
    short = replace(config.training, steps=steps, report_every=steps, save_every=steps + 1, warmup=1)
    rows = replace(config.calibration, rows=64)
    with tempfile.TemporaryDirectory() as folder:
        train(
            replace(config, training=short, calibration=rows), None, Path(folder), Silent(), Untracked(), resume=False
        )
        return checkpoint.read(Path(folder)).checkpoint.metrics["rows_per_second"]


def main(words: list[str]) -> None:
    """Prints one line for each rate."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=20)
    asked = parser.parse_args(words)
    config = load_config(asked.config)
    loading, training = loader_rate(config, asked.steps), training_rate(config, asked.steps)
    print(f"loader    {loading:12,.0f} rows/s, alone")
    print(f"training  {training:12,.0f} rows/s, loader included")
    print(f"the loader could feed {loading / training:.1f} times the training of this machine")


if __name__ == "__main__":
    main(sys.argv[1:])
