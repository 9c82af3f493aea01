"""Leans the gate on an even mean of seasonal experts where these did better than levels on the series' own past.

What the net learned of synthetic series it overdoes a little on real ones: weights that are fitted lose to even ones
there (the forecast combination puzzle: Stock and Watson 2004). So it answers with some of both; it learns without.

B rows, A anchors of the horizon, E experts.
"""

from typing import Final

import torch
from torch import Tensor, nn

from hemline_trainer.model.experts.forecasts import Opinions
from hemline_trainer.model.features import EXPERTS

SEATS: Final = (
    "years2_smooth_root_ratio13",
    "years2_smooth_ratio13",
    "years3_smooth_ratio13",
    "years2_root_ratio13",
    "years3_ratio13",
    "season52_smooth_ratio13",
    "season52_smooth_ratio52",
)
RIVALS: Final = ("last", "mean4", "mean13", "damped4", "damped13")
"""The levels that the committee must beat."""

QUORUM: Final = 4
LEAN: Final = 0.5
"""Largest share of the committee in the answer."""

FAR: Final = 1e4
"""A doubt beyond any, for the experts that are no rivals."""


class Committee(nn.Module):
    """Mixes an even weight of the seated experts into the gate. Holds constants only, nothing is learned."""

    def __init__(self) -> None:
        super().__init__()
        self.seats: Tensor
        self.others: Tensor
        self.register_buffer("seats", torch.tensor([float(name in SEATS) for name in EXPERTS]), persistent=False)
        self.register_buffer("others", FAR * torch.tensor([float(name not in RIVALS) for name in EXPERTS]), False)

    def forward(self, gates: Tensor, opinions: Opinions, doubt: Tensor) -> Tensor:
        """Weights of the experts (B, A, E).

        Args:
            gates: (B, A, E), what the net says.
            opinions: of the experts.
            doubt: (B, E) mean logarithm of each expert's error in its back-test, up to a constant.
        """
        seated = opinions.valid * self.seats
        count = seated.sum(-1, keepdim=True)
        even = seated / count.clamp(min=1.0)  # (B, E)
        gain = (doubt + self.others).amin(-1, keepdim=True) - (even * doubt).sum(-1, keepdim=True)
        lean = LEAN * gain.clamp(0.0, 1.0) * (count >= QUORUM)  # (B, 1)
        return gates + lean.unsqueeze(1) * (even.unsqueeze(1) - gates)
