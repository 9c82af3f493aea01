"""The Temporal Fusion Transformer as published (Lim et al., International Journal of Forecasting, 2021).

    attributes, image ─▶ static selection ─▶ four contexts: of selection, of the LSTM's two states, of enrichment
    104 weeks ─▶ selection ─▶ LSTM encoder ┐
    13 steps ─▶ selection ──▶ LSTM decoder ┴▶ enrichment ─▶ interpretable attention ─▶ levels

The only known future input is the position of a week in a year counted back from the origin: the synthetic series
share no calendar. Each variable comes with its mask. Steps attend to all weeks and to the steps up to their own.

B rows, W = the last 104 weeks, H = 13 steps, V variables, C = width, N = attention heads, Q = 9 levels.
"""

from math import pi
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from hemline_trainer.contract import EMBEDDING, HORIZON, VARIABLES, VOCABULARIES, YEAR
from hemline_trainer.model.distribution import LEVELS
from hemline_trainer.model.scaling import WINDOW

WIDTH: Final = 48
HEADS: Final = 4
DROPOUT: Final = 0.1
STEP_FEATURES: Final = 3
MASKED_LOGIT: Final = -1e4


class GatedSkip(nn.Module):
    """LayerNorm(skip + GLU(x)): a gated residual connection."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.gate = nn.Linear(width, 2 * width)
        self.norm = nn.LayerNorm(width)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        """Keeps the shape (…, width)."""
        out: Tensor = self.norm(skip + F.glu(self.gate(self.dropout(x))))
        return out


class GatedResidual(nn.Module):
    """Gated residual network with an optional context."""

    def __init__(self, width: int, out: int) -> None:
        super().__init__()
        self.inner = nn.Linear(width, out)
        self.context = nn.Linear(WIDTH, out, bias=False)
        self.outer = nn.Linear(out, out)
        self.skip = nn.Linear(width, out) if width != out else nn.Identity()
        self.close = GatedSkip(out)

    def forward(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        """Maps (…, width) to (…, out); the context (…, C) is broadcast."""
        inner = self.inner(x) if context is None else self.inner(x) + self.context(context)
        out: Tensor = self.close(self.outer(F.elu(inner)), self.skip(x))
        return out


class Selection(nn.Module):
    """Variable selection network: a softmax-weighted sum of gated residual networks, one per variable."""

    def __init__(self, variables: int) -> None:
        super().__init__()
        self.weigh = GatedResidual(variables * WIDTH, variables)
        self.each = nn.ModuleList(GatedResidual(WIDTH, WIDTH) for _ in range(variables))

    def forward(self, variables: Tensor, context: Tensor | None = None) -> Tensor:
        """Maps (…, V, C) to (…, C)."""
        weights = torch.softmax(self.weigh(variables.flatten(-2), context), dim=-1)  # (…, V)
        levels = torch.stack([net(variables[..., index, :]) for index, net in enumerate(self.each)], dim=-2)
        return (weights.unsqueeze(-1) * levels).sum(-2)


class Attention(nn.Module):
    """Interpretable multi-head attention: the heads share their values."""

    def __init__(self) -> None:
        super().__init__()
        self.query = nn.Linear(WIDTH, WIDTH)
        self.key = nn.Linear(WIDTH, WIDTH)
        self.value = nn.Linear(WIDTH, WIDTH // HEADS)
        self.out = nn.Linear(WIDTH // HEADS, WIDTH)

    def forward(self, steps: Tensor, weeks: Tensor, allowed: Tensor) -> Tensor:
        """Attention of the steps (B, H, C) over the weeks (B, W + H, C) where allowed (B, H, W + H): (B, H, C)."""
        query = torch.unflatten(self.query(steps), -1, (HEADS, -1)).transpose(1, 2)  # (B, N, H, C/N)
        key = torch.unflatten(self.key(weeks), -1, (HEADS, -1)).permute(0, 2, 3, 1)  # (B, N, C/N, W + H)
        logits = query @ key / (WIDTH // HEADS) ** 0.5 + ((~allowed).float() * MASKED_LOGIT).unsqueeze(1)
        read: Tensor = self.out(torch.softmax(logits, dim=-1).mean(1) @ self.value(weeks))
        return read


class PlainTFT(nn.Module):
    """A body of `nets.Competitor`."""

    def __init__(self) -> None:
        super().__init__()
        self.variables = nn.ModuleList(nn.Linear(2, WIDTH) for _ in VARIABLES)
        self.step = nn.Linear(STEP_FEATURES, WIDTH)
        self.attributes = nn.ModuleList(nn.Embedding(len(words) + 1, WIDTH) for words in VOCABULARIES.values())
        self.image = nn.Linear(EMBEDDING, WIDTH)
        self.static = Selection(len(VOCABULARIES) + 1)
        self.contexts = nn.ModuleList(GatedResidual(WIDTH, WIDTH) for _ in range(4))
        self.past = Selection(len(VARIABLES) + 1)
        self.ahead = Selection(1)
        self.encoder = nn.LSTM(WIDTH, WIDTH, batch_first=True)
        self.decoder = nn.LSTM(WIDTH, WIDTH, batch_first=True)
        self.local = GatedSkip(WIDTH)
        self.enrichment = GatedResidual(WIDTH, WIDTH)
        self.attention = Attention()
        self.attended = GatedSkip(WIDTH)
        self.forward_part = GatedResidual(WIDTH, WIDTH)
        self.last = GatedSkip(WIDTH)
        self.levels = nn.Linear(WIDTH, len(LEVELS))
        self.places: Tensor
        self.order: Tensor
        self.register_buffer("places", _places(), persistent=False)
        self.register_buffer("order", torch.ones(HORIZON, HORIZON, dtype=torch.bool).tril(), persistent=False)

    def forward(self, weeks: Tensor, mask: Tensor, static_ids: Tensor, image: Tensor) -> Tensor:
        """Arguments and result as in `nets.Body`."""
        rows = len(weeks)
        known = [embed(static_ids[:, index].clamp(0, embed.num_embeddings - 1)) for index, embed in self._embeddings()]
        static = self.static(torch.stack([*known, self.image(image)], dim=1))  # (B, C)
        select, hidden, cell, enrich = (net(static) for net in self.contexts)

        pairs = torch.stack([weeks[:, -WINDOW:], mask[:, -WINDOW:]], dim=-1)  # (B, W, V, 2)
        places = self.step(self.places).expand(rows, -1, -1)  # (B, W + H, C)
        read = [net(pairs[:, :, index]) for index, net in enumerate(self.variables)]
        past = self.past(torch.stack([*read, places[:, :WINDOW]], dim=2), select.unsqueeze(1))  # (B, W, C)
        ahead = self.ahead(places[:, WINDOW:].unsqueeze(2), select.unsqueeze(1))  # (B, H, C)
        encoded, state = self.encoder(past, (hidden.unsqueeze(0), cell.unsqueeze(0)))
        decoded, _ = self.decoder(ahead, state)
        local = self.local(torch.cat([encoded, decoded], dim=1), torch.cat([past, ahead], dim=1))  # (B, W + H, C)

        enriched = self.enrichment(local, enrich.unsqueeze(1))
        steps = enriched[:, WINDOW:]
        alive = mask[:, -WINDOW:, :1].transpose(1, 2).expand(-1, HORIZON, -1) > 0  # (B, H, W)
        allowed = torch.cat([alive, self.order.expand(rows, -1, -1)], dim=2)
        attended = self.attended(self.attention(steps, enriched, allowed), steps)
        levels: Tensor = self.levels(self.last(self.forward_part(attended), local[:, WINDOW:]))
        return levels

    def _embeddings(self) -> list[tuple[int, nn.Embedding]]:
        return [(index, net) for index, net in enumerate(self.attributes) if isinstance(net, nn.Embedding)]


def _places() -> Tensor:
    """Position of each week and step (W + H, 3): distance from the origin in years, and its sine and cosine."""
    distance = torch.arange(1 - WINDOW, HORIZON + 1, dtype=torch.float32) / YEAR
    return torch.stack([distance, torch.sin(2 * pi * distance), torch.cos(2 * pi * distance)], dim=-1)
