"""The forecaster: a temporal fusion network that gates statistical experts; `blocks` holds its layers.

    history ─▶ scaling ─▶ 63 experts + features ─▶ variable selection ─▶ trunk ─▶ gating of experts ┐
                  └─────▶ 26 patches of weeks ──▶ mixing ─▶ attention of 13 steps ┘  residual       ├▶ quantiles
    attributes, image ─▶ gated residual networks ─▶ context of trunk and attention ┘  level widths  ┘

Scaling, masking, de-scaling and the ordering of the quantiles are part of the exported graph.

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
    MASKED_LOGIT,
    GatedResidual,
    InterpretableAttention,
    PatchMix,
    TrunkBlock,
    VariableSelection,
)
from hemline_trainer.model.distribution import ANCHORS, BETWEEN, LEVELS, MEDIAN, OUTWARD, Distribution
from hemline_trainer.model.experts.climate import ClimateExperts, with_climate
from hemline_trainer.model.experts.forecasts import ExpertForecasts, Experts
from hemline_trainer.model.experts.shrinkage import EqualWeightShrinkage
from hemline_trainer.model.features import (
    EXPERTS,
    LEVEL_EXPERTS,
    PATCH,
    SEASON_FEATURES,
    VOLUME_FEATURES,
    expert_features,
    volume_features,
)
from hemline_trainer.model.scaling import WINDOW, centred, cleaned, exact, scaled
from hemline_trainer.model.trend_class import certainty, trend_class

PATCHES: Final = WINDOW // PATCH
"""The attention covers the last two years; earlier weeks reach the network through the experts only."""

LENGTHS: Final = (8, 13, 26, 52, 104)
"""Upper bounds, in observed weeks, of the buckets of history length; each bucket has its own conformal scale."""

OUTPUT_LIMIT: Final = 1e6


@dataclass(frozen=True)
class Shape:
    """Widths of the network. Immutable.

    Attributes:
        trunk: D.
        token: C, a multiple of the four heads.
        dropout: share of trunk activations dropped in training.
    """

    trunk: int = 128
    token: int = 32
    dropout: float = 0.0


class Forecaster(nn.Module):
    """The whole network: `forward` is the exported graph, `distribution` the input of the training loss.

    Names of parameters and persistent buffers are the keys of checkpoints.
    """

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        d, c = shape.trunk, shape.token
        self.experts = Experts()
        self.climate = ClimateExperts()
        self.shrinkage = EqualWeightShrinkage()
        self.volume = nn.Linear(VOLUME_FEATURES, d)
        self.season = nn.Linear(SEASON_FEATURES, d)
        self.side = nn.Parameter(torch.randn(len(VARIABLES) - 1, 2 * YEAR, d) / (2 * YEAR) ** 0.5)
        self.attributes = nn.Embedding(sum(len(words) + 1 for words in VOCABULARIES.values()), d)
        self.image_norm = nn.LayerNorm(EMBEDDING)
        self.image = GatedResidual(EMBEDDING, d, EMBEDDING)
        self.selection = VariableSelection(d)
        self.context = GatedResidual(d, c)
        self.patch = nn.Linear(2 * len(VARIABLES) * PATCH, c, bias=False)  # positions stand in for the bias
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

    @property
    def decision_threshold(self) -> Tensor:
        """Certainty above which a trend is called (1)."""
        return self.call_margin

    @property
    def conformal_scale(self) -> Tensor:
        """Factors of the distance to the lower and upper quantile, by bucket of history length: (L, 2)."""
        return self.stretch

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
            window_mask = mask[:, -WINDOW:]  # (B, W, 4)
            side_mask = window_mask[..., 1:]
            series = scaled(values[..., 0], mask[..., 0])
            climate = self.climate(series.series, series.mask, last_week)
            expert_forecasts = with_climate(self.experts(series.series, series.mask), climate)
            side = centred(values[:, -WINDOW:, 1:], side_mask)  # (B, W, 3)
            distance, volume = volume_features(series)
            log_errors, level, seasonal = expert_features(series, expert_forecasts)

        cold_start = (1.0 - series.counts[:, -1:] / YEAR).clamp(min=0.0)
        season = self.season(torch.cat([seasonal, climate.calendar * cold_start], dim=-1))
        embedded = [
            self.volume(torch.cat([volume, level], dim=-1)).unsqueeze(1),
            self._side_variables(side, side_mask),
            season.unsqueeze(1),
            *self._statics(static_ids, image_embedding, has_image),
        ]
        known = [
            side_mask.amax(1),
            torch.maximum(expert_forecasts.valid[:, LEVEL_EXPERTS:].amax(-1, keepdim=True), cold_start.sign()),
            (static_ids > 0).float(),
            has_image.float().unsqueeze(-1),
        ]
        drivers = torch.cat(embedded, dim=1)  # (B, V, D)
        present = F.pad(torch.cat(known, dim=1), (1, 0), value=1.0)  # (B, V); the volume is always present
        weights = self.selection(drivers, present)  # (B, V)
        gains = weights * len(DRIVERS)  # 1 for equal weights
        drivers = drivers * gains.unsqueeze(-1)
        context = self.context(drivers[:, len(VARIABLES) + 1 :].sum(1))  # (B, C)

        weeks = torch.cat([distance.unsqueeze(-1), side, window_mask], dim=-1)  # (B, W, 8)
        variable_gains = gains[:, : len(VARIABLES)]
        weeks = weeks * torch.cat([variable_gains, variable_gains], dim=1).unsqueeze(1)
        patches = torch.unflatten(weeks, 1, (PATCHES, PATCH)).flatten(2)  # (B, P, 4 · 8)
        tokens = self.encoder(self.patch(patches) + self.position)  # (B, P, C)
        week_mask = torch.unflatten(window_mask.amax(-1), -1, (PATCHES, PATCH))  # (B, P, 4)
        attended, patch_weights = self.attention(self.steps, context, tokens, week_mask.amax(-1))
        decoded = self.decoder(attended + self.steps)  # (B, H, C)

        trunk = self.trunk(drivers.sum(1) + self.read(torch.cat([decoded.mean(1), context], dim=1)))  # (B, D)
        gates = self._gates(trunk, expert_forecasts, log_errors)  # (B, H, E)
        residual = self.residual(trunk) + self.step_residual(decoded).squeeze(-1)
        return Distribution(
            scaled=series,
            median=(gates * expert_forecasts.forecast).sum(-1) + 4.0 * series.noise_scale * residual,
            gaps=F.softplus(torch.unflatten(self.width(trunk), -1, (len(ANCHORS) + 1, -1))),
            variable_weights=weights,
            patch_weights=patch_weights.mean(1),
            week_mask=week_mask,
            length_bucket=(series.counts[:, -1:] > self.lengths).sum(-1),
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
            last_week: int64 (B), days since 1970-01-01 of the last week's Monday. It matters only for histories of
                less than a year of observed weeks, and the more the shorter they are.
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
        levels = self._calibrated(forecast)
        quantiles = levels * forecast.scaled.factor.unsqueeze(-1)
        called = trend_class(levels[..., 1], forecast, self.decision_threshold)
        return quantiles, called, forecast.variable_weights, forecast.week_weights

    def median(self, forecast: Distribution) -> Tensor:
        """The median forecast in the unit of the volume: (B, H)."""
        return self._calibrated(forecast)[..., 1] * forecast.scaled.factor

    def certainty(self, forecast: Distribution) -> Tensor:
        """The certainty (B) that `decision_threshold` applies to; see `trend_class.certainty`."""
        return certainty(self._calibrated(forecast)[..., 1], forecast)

    def _calibrated(self, forecast: Distribution) -> Tensor:
        """Calibrated lowest, median and highest level (B, H, 3); at least 0 where the history is."""
        scale = F.pad(self.conformal_scale, (1, 0), value=1.0)[:, [1, 0, 2]]
        scale = F.embedding(forecast.length_bucket, scale).unsqueeze(1)  # (B, 1, 3)
        levels = forecast.median.unsqueeze(-1) + scale * forecast.distances(OUTWARD[:, ::MEDIAN])
        levels = torch.where(forecast.scaled.non_negative.unsqueeze(-1), F.relu(levels), levels)
        return levels.clamp(-OUTPUT_LIMIT, OUTPUT_LIMIT)

    def _side_variables(self, side: Tensor, mask: Tensor) -> Tensor:
        """Embeds the last year of each side variable: (B, 3, D)."""
        pairs = torch.stack([side[:, -YEAR:], mask[:, -YEAR:]], dim=1)  # (B, 2, 52, 3)
        embedded = pairs.permute(3, 0, 1, 2).flatten(2) @ self.side  # (3, B, D)
        return embedded.transpose(0, 1)

    def _statics(self, static_ids: Tensor, image_embedding: Tensor, has_image: Tensor) -> tuple[Tensor, Tensor]:
        """Embeds the attributes (B, 3, D) and the image (B, 1, D)."""
        ids = torch.minimum(static_ids.clamp(min=0), self.id_limits)
        image = torch.where(has_image.unsqueeze(-1), image_embedding, 0.0).clamp(-100.0, 100.0)
        return self.attributes(ids + self.id_starts), self.image(self.image_norm(image)).unsqueeze(1)

    def _gates(self, trunk: Tensor, expert_forecasts: ExpertForecasts, log_errors: Tensor) -> Tensor:
        """Weights of the experts per step (B, H, E).

        A softmax over the network's logits less `trust` times the mean log back-test error (B, E); at inference it is
        shrunk towards equal weights.
        """
        backtest_error = log_errors.sum(1) / expert_forecasts.backtested.sum(1).clamp(min=1.0)  # (B, E)
        penalty = self.trust * backtest_error + (expert_forecasts.valid - 1.0) * MASKED_LOGIT
        logits = torch.unflatten(self.gate(trunk), -1, (len(ANCHORS), len(EXPERTS))) - penalty.unsqueeze(1)
        gates = torch.softmax(logits, dim=-1)  # (B, A, E)
        return self.between @ (gates if self.training else self.shrinkage(gates, expert_forecasts, backtest_error))
