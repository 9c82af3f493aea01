"""Shrinks the gating weights towards equal weights of the seasonal experts.

Fitted combination weights lose to equal weights out of sample (the forecast combination puzzle: Stock and Watson 2004),
and gating weights fitted on synthetic series do so on observed ones. The shrinkage is applied at inference only, and
only as far as the seasonal experts beat the level experts in the back-test of the same series.

B rows, A anchors of the horizon, E experts.
"""

from typing import Final

import torch
from torch import Tensor, nn

from hemline_trainer.model.experts.forecasts import ExpertForecasts
from hemline_trainer.model.features import EXPERTS

COMBINED: Final = (
    "years2_smooth_root_ratio13",
    "years2_smooth_ratio13",
    "years3_smooth_ratio13",
    "years2_root_ratio13",
    "years3_ratio13",
    "season52_smooth_ratio13",
    "season52_smooth_ratio52",
)
"""Seasonal experts that share the equal weights."""

BENCHMARKS: Final = ("last", "mean4", "mean13", "damped4", "damped13")
"""Level experts that the combination must beat."""

FEWEST_VALID: Final = 4
"""Combined experts that must have a forecast."""

LARGEST_SHARE: Final = 0.5
"""Upper bound of the share of equal weights."""

EXCLUDED: Final = 1e4
"""Added to the back-test error of experts outside `BENCHMARKS`; above any error."""


class EqualWeightShrinkage(nn.Module):
    """Mixes equal weights of `COMBINED` into the gating weights. Holds constants, no trained parameter."""

    def __init__(self) -> None:
        super().__init__()
        combined = torch.tensor([float(name in COMBINED) for name in EXPERTS])
        excluded = EXCLUDED * torch.tensor([float(name not in BENCHMARKS) for name in EXPERTS])
        self.combined: Tensor
        self.excluded: Tensor
        self.register_buffer("combined", combined, persistent=False)
        self.register_buffer("excluded", excluded, persistent=False)

    def forward(self, gates: Tensor, forecasts: ExpertForecasts, backtest_error: Tensor) -> Tensor:
        """Weights of the experts (B, A, E).

        Args:
            gates: (B, A, E) of the network.
            forecasts: of the experts.
            backtest_error: (B, E) mean logarithm of each expert's back-test error, up to a constant.
        """
        valid = forecasts.valid * self.combined
        count = valid.sum(-1, keepdim=True)
        equal = valid / count.clamp(min=1.0)  # (B, E)
        benchmark = (backtest_error + self.excluded).amin(-1, keepdim=True)
        gain = benchmark - (equal * backtest_error).sum(-1, keepdim=True)
        share = LARGEST_SHARE * gain.clamp(0.0, 1.0) * (count >= FEWEST_VALID)  # (B, 1)
        return gates + share.unsqueeze(1) * (equal.unsqueeze(1) - gates)
