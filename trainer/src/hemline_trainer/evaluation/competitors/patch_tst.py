"""PatchTST: patches of a series as the tokens of a plain transformer (Nie et al., ICLR 2023), on the volume alone.

As in the paper: patches of 16 weeks every 8, the last value repeated once at the end, learned positions, channels apart
from each other, a flatten head. Unlike it: LayerNorm before each part in place of BatchNorm after it, a mask channel
beside the values because histories have gaps, and quantile levels in place of a point forecast.

B rows, T = 208 weeks, P = 26 patches, C = width, H = 13 steps, Q = 9 levels.
"""

from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from hemline_trainer.contract import CONTEXT, HORIZON
from hemline_trainer.model.distribution import LEVELS

PATCH: Final = 16
STRIDE: Final = 8
PATCHES: Final = (CONTEXT + STRIDE - PATCH) // STRIDE + 1
WIDTH: Final = 96
LAYERS: Final = 3
HEADS: Final = 8
DROPOUT: Final = 0.1


class PatchTST(nn.Module):
    """A body of `nets.Competitor`; attributes, image and side variables are ignored."""

    def __init__(self) -> None:
        super().__init__()
        self.patch = nn.Linear(2 * PATCH, WIDTH)
        self.position = nn.Parameter(0.02 * torch.randn(PATCHES, WIDTH))
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(
                WIDTH, HEADS, 2 * WIDTH, DROPOUT, activation=F.gelu, batch_first=True, norm_first=True
            )
            for _ in range(LAYERS)
        )
        self.norm = nn.LayerNorm(WIDTH)
        self.head = nn.Sequential(nn.Dropout(DROPOUT), nn.Linear(PATCHES * WIDTH, HORIZON * len(LEVELS)))

    def forward(self, weeks: Tensor, mask: Tensor, _static_ids: Tensor, _image: Tensor) -> Tensor:
        """Arguments and result as in `nets.Body`."""
        channels = torch.stack([weeks[..., 0], mask[..., 0]], dim=1)  # (B, 2, T)
        patches = F.pad(channels, (0, STRIDE), mode="replicate").unfold(-1, PATCH, STRIDE)  # (B, 2, P, 16)
        tokens = self.patch(patches.transpose(1, 2).flatten(2)) + self.position  # (B, P, C)
        for layer in self.layers:
            tokens = layer(tokens)
        levels: Tensor = self.head(self.norm(tokens).flatten(1))
        return torch.unflatten(levels, -1, (HORIZON, len(LEVELS)))
