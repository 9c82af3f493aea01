"""One optimisation step: gradients of a batch, AdamW, and the exponential moving average of the weights."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.optim.swa_utils import AveragedModel

from hemline_trainer.config import Config
from hemline_trainer.data.batch import Batch
from hemline_trainer.errors import ConfigError
from hemline_trainer.model.forecaster import Forecaster
from hemline_trainer.training.checkpoint import load
from hemline_trainer.training.distributed import DistributedContext
from hemline_trainer.training.loss import LossModule, counted_rows, micro_batches, tensors

Tensors = tuple[Tensor, ...] | list[Tensor]


class Optimisation:
    """The network, its weight average and its optimiser. Confined to one thread.

    Attributes:
        model: the trained network.
        step: finished steps.
        mid_step: whether a step has begun and not ended; an interrupt then leaves an inconsistent state.
    """

    def __init__(self, config: Config, distributed: DistributedContext) -> None:
        self._config = config
        self._distributed = distributed
        self.device = distributed.device(config.device)
        self.model = _initial(config).to(self.device)
        self._averaged = AveragedModel(self.model, multi_avg_fn=self._lerp)
        self._averaged.update_parameters(self.model)  # the first update copies the weights
        self._optimiser = torch.optim.AdamW(
            self.model.parameters(), lr=config.training.learning_rate, weight_decay=config.training.weight_decay
        )
        self.step = 0
        self.mid_step = False

    @property
    def average(self) -> Forecaster:
        """The network with averaged weights."""
        assert isinstance(self._averaged.module, Forecaster)
        return self._averaged.module

    def state(self) -> dict[str, dict[str, Any]]:
        """State dictionaries by their names in a checkpoint."""
        return {
            "weights": self.model.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self._optimiser.state_dict(),
        }

    def restore(self, step: int, weights: dict[str, Any], average: dict[str, Any], optimiser: dict[str, Any]) -> None:
        """Continues after `step` from the state of a checkpoint."""
        self.model.load_state_dict(weights)
        self.average.load_state_dict(average)
        self._optimiser.load_state_dict(optimiser)
        self.step = step

    def compile(self) -> None:
        """Wraps the loss for distributed training, and compiles it if configured; call once, before the first step."""
        self._loss_module = self._distributed.wrap(LossModule(self.model, self._config.scale.precision))
        backend = self._config.scale.compile
        self._summed_loss: Callable[..., Tensor] = (
            torch.compile(self._loss_module, backend=backend) if backend else self._loss_module
        )

    def update(self, batch: Batch) -> tuple[float, float]:
        """Takes one step; a loss or gradient norm that is not finite leaves the weights unchanged.

        Returns:
            This process's part of the mean loss, and the gradient norm.
        """
        training = self._config.training
        self.mid_step = True
        # Dropout depends on seed, step and rank only.
        torch.manual_seed(self._config.seed * 1_000_003 + self.step + 500_000_003 * self._distributed.rank)
        for group in self._optimiser.param_groups:
            group["lr"] = training.learning_rate * rate(self.step, training.warmup, training.steps)
        self.model.train()
        self._optimiser.zero_grad(set_to_none=True)
        loss = self._backward(batch)
        norm = float(torch.nn.utils.clip_grad_norm_(self.model.parameters(), training.clip))
        if math.isfinite(loss) and math.isfinite(norm):
            self._optimiser.step()
            self.step += 1
            self._averaged.update_parameters(self.model)
            self.mid_step = False
        return loss, norm

    def _backward(self, batch: Batch) -> float:
        """Accumulates the gradients of the micro-batches; returns this process's part of the mean loss."""
        rows = torch.tensor(max(1.0, float(counted_rows(batch))), device=self.device)
        own = micro_batches(batch, self._distributed.rank, self._distributed.world_size, self._config.scale.accumulate)
        total = 0.0
        for number, part in enumerate(own):
            with self._distributed.no_sync(self._loss_module, last=number + 1 == len(own)):
                loss = self._summed_loss(*tensors(part, self.device)) / rows
                total += float(loss.detach())
                if self._distributed.world_size > 1:
                    loss = loss * self._distributed.world_size  # DDP averages gradients; the parts are terms of a sum
                loss.backward()  # type: ignore[no-untyped-call]
        return total

    def _lerp(self, averaged: Tensors, current: Tensors, _updates: Tensor | int) -> None:
        """Exponential moving average whose decay grows with the steps up to `training.average`."""
        decay = min(self._config.training.average, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            torch._foreach_lerp_(averaged, current, 1 - decay)


def rate(step: int, warmup: int, steps: int) -> float:
    """Factor of the learning rate: linear warm-up, then a cosine decay to 2 %."""
    if step < warmup:
        return (step + 1) / warmup
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * (step - warmup) / max(1, steps - warmup)))


def _initial(config: Config) -> Forecaster:
    """The network before its first step: new, or the averaged weights of another run."""
    if not config.training.begin_from:
        return Forecaster(config.net)
    path = Path(config.training.begin_from)
    model, before = load(path)
    if before.net != config.net:
        raise ConfigError(f"training.begin_from is {path}, a net of {before.net}; [net] says {config.net}")
    return model
