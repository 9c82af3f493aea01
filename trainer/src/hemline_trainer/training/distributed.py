"""The processes of one training run, as `torchrun` starts them; without it there is one.

Every process draws the whole batch, which is a function of seed and step, and takes its rows of it. The first one
writes, reports and validates; the others only compute.
"""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import torch
from torch import distributed, nn

from hemline_trainer.errors import ConfigError

LONGEST_WAIT: Final = timedelta(hours=2)
"""For the first process, which trains the image encoder while the others wait."""


@dataclass(frozen=True)
class Ranks:
    """Which of the processes this is. Immutable.

    Attributes:
        rank: from 0.
        count: of processes.
    """

    rank: int = 0
    count: int = 1

    @property
    def first(self) -> bool:
        """Whether this one writes and reports."""
        return self.rank == 0

    def device(self, name: str) -> torch.device:
        """The device of this process: "cuda" means the one of its place on the machine.

        Raises:
            ConfigError: one GPU is named for several processes.
        """
        if self.count > 1 and name.startswith("cuda"):
            _refuse_one_gpu(name)
            return torch.device("cuda", int(os.environ["LOCAL_RANK"]))
        return torch.device(name)

    def wrapped(self, net: nn.Module) -> nn.Module:
        """The net with gradients that are the mean over all processes."""
        return net if self.count == 1 else nn.parallel.DistributedDataParallel(net, forward_sync_buffers=False)

    def alone(self, net: nn.Module, last: bool) -> AbstractContextManager[None]:
        """Keeps gradients to this process until the last part of a batch."""
        if last or not isinstance(net, nn.parallel.DistributedDataParallel):
            return nullcontext()
        quiet: AbstractContextManager[None] = net.no_sync()
        return quiet

    def total(self, numbers: list[float], device: torch.device) -> list[float]:
        """Sums over all processes."""
        if self.count == 1:
            return numbers
        sums = torch.tensor(numbers, dtype=torch.float64, device=device)
        distributed.all_reduce(sums)
        return sums.tolist()

    def wait(self) -> None:
        """Waits until every process is here."""
        if self.count > 1:
            distributed.barrier()


@contextmanager
def started(device: str) -> Iterator[Ranks]:
    """Joins the processes that `torchrun` started, if it did."""
    if not distributed.is_torchelastic_launched() or os.environ["WORLD_SIZE"] == "1":
        yield Ranks()
        return
    cuda = device.startswith("cuda")
    if cuda:
        _refuse_one_gpu(device)
        place, gpus = int(os.environ["LOCAL_RANK"]), torch.cuda.device_count()
        if place >= gpus:
            raise ConfigError(
                f"process {place} of this machine has no GPU, since there are {gpus}: start as many processes"
            )
        torch.cuda.set_device(place)
    distributed.init_process_group("nccl" if cuda else "gloo", timeout=LONGEST_WAIT)
    try:
        yield Ranks(distributed.get_rank(), distributed.get_world_size())
    finally:
        distributed.destroy_process_group()


def _refuse_one_gpu(name: str) -> None:
    """Several processes on one GPU would share its memory and wait for each other; NCCL refuses that."""
    if name != "cuda":
        raise ConfigError(
            f'device is "{name}", the same GPU for every process: say "cuda", and each takes one of its own'
        )
