"""Trains a network of the literature on the forecaster's synthetic batches, without images."""

import math
from collections.abc import Callable
from pathlib import Path

import torch
from torch.optim.lr_scheduler import LambdaLR

from hemline_trainer.data.batch import training_batch
from hemline_trainer.errors import CheckpointError, DivergedError
from hemline_trainer.evaluation.competitors.nets import Competitor, competitor_loss, tensors
from hemline_trainer.files.durable import beside
from hemline_trainer.training.step import rate


def train_competitor(name: str, steps: int, batch: int, seed: int, report: Callable[[int, float], None]) -> Competitor:
    """Trains a network; `report` receives each step and its loss."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        competitor = Competitor(name)
        optimiser = torch.optim.AdamW(competitor.parameters(), lr=1e-3, weight_decay=0.05)
        schedule = LambdaLR(optimiser, lambda step: rate(step, min(100, steps // 10), steps))
        for step in range(steps):
            rows = training_batch(batch, 0.3, None, seed, step)
            loss = competitor_loss(competitor(*tensors(rows)), torch.from_numpy(rows.future))
            optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            norm = float(torch.nn.utils.clip_grad_norm_(competitor.parameters(), 1.0))
            if not math.isfinite(norm):
                raise DivergedError(f"{name}, step {step + 1}: its gradient is {norm:g}")
            optimiser.step()
            schedule.step()
            report(step, float(loss.detach()))
        competitor.learned.copy_(torch.tensor([steps, batch]))
    return competitor.eval()


def save(competitor: Competitor, path: Path) -> None:
    """Writes the weights atomically."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with beside(path) as part:
        torch.save(competitor.state_dict(), part)


def load(name: str, path: Path) -> Competitor:
    """A network written by `save`, in evaluation mode."""
    competitor = Competitor(name)
    try:
        competitor.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    except Exception as error:  # PyTorch, zipfile and pickle raise unrelated classes for invalid files
        raise CheckpointError(f"{path}: not the weights of a {name} net") from error
    return competitor.eval()
