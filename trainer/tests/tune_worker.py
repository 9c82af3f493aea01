"""One process of a search, for tests: `python tune_worker.py STORAGE FOLDER TRIALS MINE GO`.

Its first trial writes the file MINE after its first report, and waits there for the file GO, or to be killed.
"""

import sys
import time
from pathlib import Path

import torch
from optuna.trial import Trial

from hemline_trainer.config import Config, config_from
from hemline_trainer.ops import tune
from hemline_trainer.ops.pareto import CompletedTrial
from hemline_trainer.ops.search_space import Space
from hemline_trainer.ops.study import Search

CONFIG = config_from(
    {
        "seed": 3,
        "threads": 1,
        "net": {"trunk": 16, "token": 8, "dropout": 0.1},
        "training": {"steps": 8, "batch": 16, "warmup": 2},
        "calibration": {"rows": 32, "precision": 0.5},
    },
    "test",
)
SPACE = Space(trunk=(16,), token=(8,))


class Silent:
    def trial(self, completed: CompletedTrial, ended: int, wanted: int) -> None:
        assert ended >= 1, (completed, wanted)

    def step(self, number: int, step: int, total: int) -> None:
        assert 0 < step <= total, number


class Waits(Silent):
    def __init__(self, mine: Path, go: Path) -> None:
        self.mine = mine
        self.go = go

    def step(self, number: int, step: int, total: int) -> None:
        super().step(number, step, total)
        self.mine.touch()
        while not self.go.exists():
            time.sleep(0.02)


def search_settings(storage: str, folder: Path, trials: int, space: Space = SPACE) -> Search:
    return Search(
        study="spring",
        storage=storage,
        config=CONFIG,
        space=space,
        bank=None,
        folder=folder,
        trials=trials,
        tracking="off",
        rows=64,
        heartbeat=1,
    )


def cost(_objective: object, trial: Trial, config: Config, _folder: Path) -> float:
    """A cost by width, so that no graph need be exported."""
    trial.set_user_attr("cost", float(config.net.trunk))
    return float(config.net.trunk)


def main() -> None:
    storage, folder, trials, mine, go = sys.argv[1:]
    torch.set_num_threads(1)
    tune._Objective._cost = cost  # type: ignore[method-assign,assignment]
    tune.search(search_settings(storage, Path(folder), int(trials)), Waits(Path(mine), Path(go)))


if __name__ == "__main__":
    main()
