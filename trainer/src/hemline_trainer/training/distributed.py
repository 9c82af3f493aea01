"""The processes of a distributed run, started by `torchrun`; without it there is a single process.

Every process draws the whole batch, a function of seed and step, and computes its share of the rows. Rank 0 alone
writes, reports and validates.
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
"""Timeout of a collective operation; rank 0 trains the image encoder while the others wait."""


@dataclass(frozen=True)
class DistributedContext:
    """Rank and number of processes of a run. Immutable.

    Attributes:
        rank: from 0.
        world_size: number of processes.
    """

    rank: int = 0
    world_size: int = 1

    @property
    def is_main(self) -> bool:
        """Whether this process writes, reports and validates."""
        return self.rank == 0

    def device(self, name: str) -> torch.device:
        """The device of this process: "cuda" selects the GPU of its local rank.

        Raises:
            ConfigError: one GPU is named for several processes.
        """
        if self.world_size > 1 and name.startswith("cuda"):
            _refuse_shared_gpu(name)
            return torch.device("cuda", int(os.environ["LOCAL_RANK"]))
        return torch.device(name)

    def wrap(self, net: nn.Module) -> nn.Module:
        """The network wrapped so that gradients are averaged over all processes."""
        return net if self.world_size == 1 else nn.parallel.DistributedDataParallel(net, forward_sync_buffers=False)

    def no_sync(self, net: nn.Module, last: bool) -> AbstractContextManager[None]:
        """Defers the gradient exchange until the last micro-batch."""
        if last or not isinstance(net, nn.parallel.DistributedDataParallel):
            return nullcontext()
        unsynchronised: AbstractContextManager[None] = net.no_sync()
        return unsynchronised

    def all_reduce_sum(self, numbers: list[float], device: torch.device) -> list[float]:
        """Sums over all processes."""
        if self.world_size == 1:
            return numbers
        sums = torch.tensor(numbers, dtype=torch.float64, device=device)
        distributed.all_reduce(sums)
        return sums.tolist()

    def barrier(self) -> None:
        """Barrier over all processes."""
        if self.world_size > 1:
            distributed.barrier()


@contextmanager
def distributed_context(device: str) -> Iterator[DistributedContext]:
    """Joins the process group of `torchrun`, if there is one."""
    if not distributed.is_torchelastic_launched() or os.environ["WORLD_SIZE"] == "1":
        yield DistributedContext()
        return
    cuda = device.startswith("cuda")
    if cuda:
        _refuse_shared_gpu(device)
        local_rank, gpus = int(os.environ["LOCAL_RANK"]), torch.cuda.device_count()
        if local_rank >= gpus:
            raise ConfigError(
                f"process {local_rank} of this machine has no GPU, since there are {gpus}: start as many processes"
            )
        torch.cuda.set_device(local_rank)
    distributed.init_process_group("nccl" if cuda else "gloo", timeout=LONGEST_WAIT)
    try:
        yield DistributedContext(distributed.get_rank(), distributed.get_world_size())
    finally:
        distributed.destroy_process_group()


def _refuse_shared_gpu(name: str) -> None:
    """Refuses several processes on one GPU, which NCCL does not support."""
    if name != "cuda":
        raise ConfigError(
            f'device is "{name}", the same GPU for every process: say "cuda", and each takes one of its own'
        )
