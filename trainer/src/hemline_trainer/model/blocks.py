"""The blocks of the forecaster, smallest first.

B rows, P patches of weeks, V = 9 drivers, H = 13 steps, D = trunk width, C = token width, N = attention heads.
"""

from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from hemline_trainer.contract import DRIVERS

HEADS: Final = 4
"""Heads of the attention; the token width is a multiple of it."""

MASKED_LOGIT: Final = -1e4
"""Logit of a masked entry."""


class GatedResidual(nn.Module):
    """Gated residual network of the Temporal Fusion Transformer: LayerNorm(skip(x) + GLU(W₂ · ELU(W₁ · x))).

    W₁ has `inner` rows, by default `out`.
    """

    def __init__(self, width: int, out: int, inner: int | None = None) -> None:
        super().__init__()
        self.inner = nn.Linear(width, inner or out)
        self.gate = nn.Linear(inner or out, 2 * out)
        self.skip = nn.Linear(width, out) if width != out else nn.Identity()
        self.norm = nn.LayerNorm(out)

    def forward(self, x: Tensor) -> Tensor:
        """Maps (…, width) to (…, out)."""
        out: Tensor = self.norm(self.skip(x) + F.glu(self.gate(F.elu(self.inner(x)))))
        return out


class TrunkBlock(nn.Module):
    """Pre-norm residual block."""

    def __init__(self, width: int, dropout: float) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.inner = nn.Linear(width, width)
        self.outer = nn.Linear(width, width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        """Keeps the shape (B, D)."""
        out: Tensor = x + self.dropout(self.outer(F.silu(self.inner(self.norm(x)))))
        return out


class PatchMix(nn.Module):
    """Residual mix of the patches, the same for every channel, then a gated mix of the channels."""

    def __init__(self, patches: int, width: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.across = nn.Parameter(torch.eye(patches) + 0.5 / patches**0.5 * torch.randn(patches, patches))
        self.mix = nn.Linear(width, 2 * width)

    def forward(self, tokens: Tensor) -> Tensor:
        """Keeps the shape (B, P, C)."""
        return tokens + F.glu(self.mix(self.across @ self.norm(tokens)))


class VariableSelection(nn.Module):
    """Softmax weights of the nine drivers; an absent driver gets no weight."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.score = nn.Sequential(nn.Linear(len(DRIVERS) * width, 32), nn.SiLU(), nn.Linear(32, len(DRIVERS)))

    def forward(self, drivers: Tensor, present: Tensor) -> Tensor:
        """Weights (B, V) that sum to 1.

        Args:
            drivers: (B, V, D) embedding of each driver.
            present: (B, V) 1 where a driver is known.
        """
        logits = self.score((drivers * present.unsqueeze(-1)).flatten(1))
        return torch.softmax(logits + (1.0 - present) * MASKED_LOGIT, dim=-1)


class InterpretableAttention(nn.Module):
    """Multi-head attention with values shared by all heads, so that the mean weights of the heads are interpretable."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.width = width // HEADS
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width, bias=False)  # a bias would shift all logits of a query alike
        self.value = nn.Linear(width, width, bias=False)  # weights sum to 1, so a bias would be a constant

    def forward(self, steps: Tensor, context: Tensor, tokens: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """The attended values (B, H, C) and the weights, averaged over heads (B, H, P).

        Args:
            steps: (H, C) queries.
            context: (B, C) added to every query.
            tokens: (B, P, C).
            mask: (B, P) 1 where a patch has an observed week.
        """
        # The term of the steps is constant-folded in the graph.
        query = self.query(steps) + F.linear(context, self.query.weight).unsqueeze(1)
        query = torch.unflatten(query, -1, (HEADS, self.width)).transpose(1, 2)  # (B, N, H, C/N)
        key = torch.unflatten(self.key(tokens), -1, (HEADS, self.width)).permute(0, 2, 3, 1)  # (B, N, C/N, P)
        logits = query @ key / self.width**0.5 + ((1.0 - mask) * MASKED_LOGIT)[:, None, None]
        weights = torch.softmax(logits, dim=-1).mean(1)  # (B, H, P)
        return weights @ self.value(tokens), weights
