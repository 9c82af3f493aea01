"""The forecaster: a temporal fusion net that chooses among statistical experts; its parts stand in `blocks`.

    history ─▶ scaled ─▶ 63 experts + features ─▶ variable selection ─▶ trunk ─▶ gate over experts ┐
                  └────▶ 26 patches of weeks ──▶ mix ──▶ attention of 13 steps ┘  residual         ├▶ quantiles
    attributes, image ─▶ gated residual networks ─▶ context of trunk and attention ┘           widths   ┘

Scaling, masks, de-scaling and the order of the quantiles are part of it: whoever runs the graph gets the same answer.

B rows, T = 208 weeks, W = the last 104, P = 26 patches of these, V = 9 drivers, H = 13 steps, E experts,
A = 3 anchors of the horizon, Q = 9 trained levels, D = trunk width, C = token width, N = attention heads.
"""

from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from hemline_trainer.contract import CONTEXT, DRIVERS, EMBEDDING, HORIZON, VARIABLES, VOCABULARIES, YEAR
from hemline_trainer.model.blocks import (
    OUT_OF_PLAY,
    GatedResidual,
    InterpretableAttention,
    PatchMix,
    TrunkBlock,
    VariableSelection,
)
from hemline_trainer.model.distribution import (
    AGAINST,
    ANCHORS,
    BETWEEN,
    DIRECTIONS,
    LEVELS,
    MIDDLE,
    OUTWARD,
    Distribution,
)
from hemline_trainer.model.experts.climate import Climate, joined
from hemline_trainer.model.experts.committee import Committee
from hemline_trainer.model.experts.forecasts import Experts, Opinions
from hemline_trainer.model.features import (
    EXPERTS,
    LEVEL_EXPERTS,
    PATCH,
    SEASON_FEATURES,
    VOLUME_FEATURES,
    opinion_features,
    volume_features,
)
from hemline_trainer.model.scaling import WINDOW, centred, cleaned, exact, scaled

SMALLEST_CALL: Final = 0.05
"""A smaller relative change is never called."""

PATCHES: Final = WINDOW // PATCH
"""The attention reads the last two years; older ones speak through the experts."""

LENGTHS: Final = (8, 13, 26, 52, 104)
"""Observed weeks at which another factor of the band begins."""

OUTPUT_LIMIT: Final = 1e6
SMALLEST_BAND: Final = 1e-9


@dataclass(frozen=True)
class Shape:
    """Widths of the net. Immutable.

    Attributes:
        trunk: D.
        token: C, a multiple of the four heads.
        dropout: share of trunk activations dropped in training.
    """

    trunk: int = 128
    token: int = 32
    dropout: float = 0.0


class Forecaster(nn.Module):
    """The whole net; `forward` is the exported graph, `distribution` what training looks at."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        d, c = shape.trunk, shape.token
        self.experts = Experts()
        self.climate = Climate()
        self.committee = Committee()
        self.volume = nn.Linear(VOLUME_FEATURES, d)
        self.season = nn.Linear(SEASON_FEATURES, d)
        self.side = nn.Parameter(torch.randn(len(VARIABLES) - 1, 2 * YEAR, d) / (2 * YEAR) ** 0.5)
        self.attributes = nn.Embedding(sum(len(words) + 1 for words in VOCABULARIES.values()), d)
        self.image_norm = nn.LayerNorm(EMBEDDING)
        self.image = GatedResidual(EMBEDDING, d, EMBEDDING)
        self.selection = VariableSelection(d)
        self.context = GatedResidual(d, c)
        self.patch = nn.Linear(2 * len(VARIABLES) * PATCH, c, bias=False)  # each patch has its position
        self.position = nn.Parameter(0.02 * torch.randn(PATCHES, c))
        self.encoder = PatchMix(PATCHES, c)
        self.steps = nn.Parameter(0.5 * torch.randn(HORIZON, c))
        self.attention = InterpretableAttention(c)
        self.decoder = GatedResidual(c, c)
        self.read = nn.Linear(2 * c, d)
        self.trunk = nn.Sequential(TrunkBlock(d, shape.dropout), TrunkBlock(d, shape.dropout), nn.LayerNorm(d))
        self.gate = nn.Linear(d, len(ANCHORS) * len(EXPERTS))
        self.trust = nn.Parameter(torch.ones(1))
        self.residual = nn.Linear(d, HORIZON)
        self.step_residual = nn.Linear(c, 1, bias=False)
        self.width = nn.Linear(d, (len(ANCHORS) + 1) * (len(LEVELS) - 1))
        for head in (self.gate, self.residual, self.step_residual, self.width):
            nn.init.normal_(head.weight, std=0.01)
            if head.bias is not None:
                nn.init.zeros_(head.bias)
        self.between: Tensor
        self.call_margin: Tensor
        self.stretch: Tensor
        self.lengths: Tensor
        self.id_limits: Tensor
        self.id_starts: Tensor
        self.register_buffer("between", BETWEEN, persistent=False)
        limits = torch.tensor([len(words) for words in VOCABULARIES.values()])
        self.register_buffer("id_limits", limits, persistent=False)
        self.register_buffer("id_starts", (limits + 1).cumsum(0) - limits - 1, persistent=False)
        self.register_buffer("lengths", torch.tensor(LENGTHS), persistent=False)
        self.register_buffer("call_margin", torch.ones(1))
        self.register_buffer("stretch", torch.ones(len(LENGTHS) + 1, 2))

    def distribution(
        self,
        history: Tensor,
        observed: Tensor,
        last_week: Tensor,
        static_ids: Tensor,
        image_embedding: Tensor,
        has_image: Tensor,
    ) -> Distribution:
        """The forecast before de-scaling; arguments as in `forward`."""
        with exact(history.device):
            values, mask = cleaned(history, observed)
            seen = mask[:, -WINDOW:]  # (B, W, 4)
            seen_beside = seen[..., 1:]
            series = scaled(values[..., 0], mask[..., 0])
            weather = self.climate(series.series, series.mask, last_week)
            opinions = joined(self.experts(series.series, series.mask), weather)
            side = centred(values[:, -WINDOW:, 1:], seen_beside)  # (B, W, 3)
            distance, volume = volume_features(series)
            missed, level, seasonal = opinion_features(series, opinions)

        young = (1.0 - series.counts[:, -1:] / YEAR).clamp(min=0.0)
        season = self.season(torch.cat([seasonal, weather.calendar * young], dim=-1))
        said = [
            self.volume(torch.cat([volume, level], dim=-1)).unsqueeze(1),
            self._beside(side, seen_beside),
            season.unsqueeze(1),
            *self._looks(static_ids, image_embedding, has_image),
        ]
        known = [
            seen_beside.amax(1),
            torch.maximum(opinions.valid[:, LEVEL_EXPERTS:].amax(-1, keepdim=True), young.sign()),
            (static_ids > 0).float(),
            has_image.float().unsqueeze(-1),
        ]
        drivers = torch.cat(said, dim=1)  # (B, V, D)
        present = F.pad(torch.cat(known, dim=1), (1, 0), value=1.0)  # (B, V); the volume always is
        weights = self.selection(drivers, present)  # (B, V)
        times = weights * len(DRIVERS)
        drivers = drivers * times.unsqueeze(-1)
        context = self.context(drivers[:, len(VARIABLES) + 1 :].sum(1))  # (B, C)

        weeks = torch.cat([distance.unsqueeze(-1), side, seen], dim=-1)  # (B, W, 8)
        each = times[:, : len(VARIABLES)]
        weeks = weeks * torch.cat([each, each], dim=1).unsqueeze(1)
        patches = torch.unflatten(weeks, 1, (PATCHES, PATCH)).flatten(2)  # (B, P, 4 · 8)
        tokens = self.encoder(self.patch(patches) + self.position)  # (B, P, C)
        any_seen = torch.unflatten(seen.amax(-1), -1, (PATCHES, PATCH))  # (B, P, 4)
        read, attended = self.attention(self.steps, context, tokens, any_seen.amax(-1))
        decoded = self.decoder(read + self.steps)  # (B, H, C)

        trunk = self.trunk(drivers.sum(1) + self.read(torch.cat([decoded.mean(1), context], dim=1)))  # (B, D)
        gates = self._gates(trunk, opinions, missed)  # (B, H, E)
        residual = self.residual(trunk) + self.step_residual(decoded).squeeze(-1)
        return Distribution(
            scaled=series,
            median=(gates * opinions.forecast).sum(-1) + 4.0 * series.unit * residual,
            gaps=F.softplus(torch.unflatten(self.width(trunk), -1, (len(ANCHORS) + 1, -1))),
            variable_weights=weights,
            patch_weights=attended.mean(1),
            weeks=any_seen,
            place=(series.counts[:, -1:] > self.lengths).sum(-1),
        )

    def forward(
        self,
        history: Tensor,
        observed: Tensor,
        last_week: Tensor,
        static_ids: Tensor,
        image_embedding: Tensor,
        has_image: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """The graph of the contract.

        Args:
            history: float32 (B, 208, 4), left-padded, anything where unobserved.
            observed: bool (B, 208, 4).
            last_week: int64 (B), days since 1970-01-01 of the last week's Monday. From a year of observed weeks on the
                season is read off the history alone and the date changes nothing; below that the time of year counts,
                the more the shorter the history is.
            static_ids: int64 (B, 3) market, gender, category; 0 = unknown.
            image_embedding: float32 (B, 64), anything without an image.
            has_image: bool (B).

        Returns:
            quantiles float32 (B, 13, 3) ordered, in the unit of the volume; trend_class int64 (B) of -1, 0, 1;
            variable_weights float32 (B, 9) and week_weights float32 (B, 208), each summing to 1.
        """
        assert history.shape[1:] == (CONTEXT, len(VARIABLES))
        assert last_week.shape == history.shape[:1]
        forecast = self.distribution(history, observed, last_week, static_ids, image_embedding, has_image)
        three = self._three(forecast)
        quantiles = three * forecast.scaled.factor.unsqueeze(-1)
        return quantiles, self._called(three[..., 1], forecast), forecast.variable_weights, _week_weights(forecast)

    def median(self, forecast: Distribution) -> Tensor:
        """The middle forecast in the unit of the volume: (B, H)."""
        return self._three(forecast)[..., 1] * forecast.scaled.factor

    def certainty(self, forecast: Distribution) -> Tensor:
        """Signed distance of the mean from no change, in distances to the outer level of its band: (B).

        What the call margin is compared with; 0 where the change is too small to be worth a call, or the recent level
        is not above zero.
        """
        moved, known = _moved(self._three(forecast)[..., 1], forecast)
        worth = known & (moved > SMALLEST_CALL * forecast.scaled.reference)
        beyond = torch.where(worth, moved / forecast.mean_distances(AGAINST).clamp(min=SMALLEST_BAND), 0.0)
        return beyond @ DIRECTIONS.to(beyond)

    def _called(self, median: Tensor, forecast: Distribution) -> Tensor:
        """Falling -1, stable 0, rising 1 (B): the sign of a certainty beyond the margin."""
        moved, known = _moved(median, forecast)
        margin = self.call_margin * forecast.mean_distances(AGAINST)
        beyond = known & (moved > torch.maximum(margin, SMALLEST_CALL * forecast.scaled.reference))
        return (beyond.to(moved) @ DIRECTIONS.to(moved)).long()

    def _three(self, forecast: Distribution) -> Tensor:
        """The calibrated lowest, middle and highest level (B, H, 3), not below zero where the history never was."""
        stretch = F.pad(self.stretch, (1, 0), value=1.0)[:, [1, 0, 2]]
        stretch = F.embedding(forecast.place, stretch).unsqueeze(1)  # (B, 1, 3)
        levels = forecast.median.unsqueeze(-1) + stretch * forecast.distances(OUTWARD[:, ::MIDDLE])
        levels = torch.where(forecast.scaled.non_negative.unsqueeze(-1), F.relu(levels), levels)
        return levels.clamp(-OUTPUT_LIMIT, OUTPUT_LIMIT)

    def _beside(self, side: Tensor, seen: Tensor) -> Tensor:
        """What the last year of each side variable says: (B, 3, D)."""
        pairs = torch.stack([side[:, -YEAR:], seen[:, -YEAR:]], dim=1)  # (B, 2, 52, 3)
        said = pairs.permute(3, 0, 1, 2).flatten(2) @ self.side  # (3, B, D)
        return said.transpose(0, 1)

    def _looks(self, static_ids: Tensor, image_embedding: Tensor, has_image: Tensor) -> tuple[Tensor, Tensor]:
        """What the attributes (B, 3, D) and the image (B, 1, D) say."""
        ids = torch.minimum(static_ids.clamp(min=0), self.id_limits)
        shown = torch.where(has_image.unsqueeze(-1), image_embedding, 0.0).clamp(-100.0, 100.0)
        return self.attributes(ids + self.id_starts), self.image(self.image_norm(shown)).unsqueeze(1)

    def _gates(self, trunk: Tensor, opinions: Opinions, missed: Tensor) -> Tensor:
        """Weights of the experts per step (B, H, E): the net, trust in small back-test errors, the committee."""
        doubt = missed.sum(1) / opinions.tested.sum(1).clamp(min=1.0)  # (B, E)
        against = self.trust * doubt + (opinions.valid - 1.0) * OUT_OF_PLAY
        logits = torch.unflatten(self.gate(trunk), -1, (len(ANCHORS), len(EXPERTS))) - against.unsqueeze(1)
        gates = torch.softmax(logits, dim=-1)  # (B, A, E)
        return self.between @ (gates if self.training else self.committee(gates, opinions, doubt))


def _moved(median: Tensor, forecast: Distribution) -> tuple[Tensor, Tensor]:
    """How far the mean rises and how far it falls (B, 2), and whether there is a level that it could leave (B, 1)."""
    series = forecast.scaled
    change = median.mean(-1, keepdim=True) - series.reference
    return change * DIRECTIONS.to(change), (series.reference > 0) & series.alive


def _week_weights(forecast: Distribution) -> Tensor:
    """A patch's weight shared among its weeks with any observation: (B, T), sum 1; even where nothing was observed."""
    weeks = forecast.weeks + (1.0 - forecast.weeks.amax((1, 2), keepdim=True))
    share = forecast.patch_weights / weeks.sum(-1).clamp(min=1.0)  # (B, P)
    return F.pad((weeks * share.unsqueeze(-1)).flatten(1), (CONTEXT - WINDOW, 0))
