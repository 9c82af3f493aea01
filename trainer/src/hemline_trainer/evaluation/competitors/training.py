"""Trains a net of the literature on the forecaster's own synthetic batches, without images."""

import math
from collections.abc import Callable
from pathlib import Path

import torch

from hemline_trainer.data.batch import training_batch
from hemline_trainer.errors import CheckpointError, DivergedError
from hemline_trainer.evaluation.competitors.nets import Rival, rival_loss, tensors
from hemline_trainer.files.durable import beside
from hemline_trainer.training.step import rate


def learn(name: str, steps: int, batch: int, seed: int, tell: Callable[[int, float], None]) -> Rival:
    """A trained net, ready to answer; `tell` hears the loss of each step."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        rival = Rival(name)
        optimiser = torch.optim.AdamW(rival.parameters(), lr=1e-3, weight_decay=0.05)
        for step in range(steps):
            rows = training_batch(batch, 0.3, None, seed, step)
            for group in optimiser.param_groups:
                group["lr"] = 1e-3 * rate(step, min(100, steps // 10), steps)
            loss = rival_loss(rival(*tensors(rows)), torch.from_numpy(rows.future))
            optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            norm = float(torch.nn.utils.clip_grad_norm_(rival.parameters(), 1.0))
            if not math.isfinite(norm):
                raise DivergedError(f"{name}, step {step + 1}: its gradient is {norm:g}")
            optimiser.step()
            tell(step, float(loss.detach()))
        rival.learned.copy_(torch.tensor([steps, batch]))
    return rival.eval()


def save(rival: Rival, path: Path) -> None:
    """Writes the weights whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with beside(path) as part:
        torch.save(rival.state_dict(), part)


def load(name: str, path: Path) -> Rival:
    """A net that `save` wrote, ready to answer."""
    rival = Rival(name)
    try:
        rival.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    except Exception as error:  # whatever PyTorch, zipfile and pickle make of bytes that are no weights
        raise CheckpointError(f"{path}: not the weights of a {name} net") from error
    return rival.eval()
