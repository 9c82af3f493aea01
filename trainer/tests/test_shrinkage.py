"""Shrinkage of the gating weights towards equal weights of the seasonal experts."""

import torch

from hemline_trainer.contract import HORIZON
from hemline_trainer.model.experts.forecasts import ExpertForecasts
from hemline_trainer.model.experts.shrinkage import COMBINED, LARGEST_SHARE, EqualWeightShrinkage
from hemline_trainer.model.features import EXPERTS

SEASONAL = torch.tensor([name in COMBINED for name in EXPERTS])


def shrunk(backtest_error: torch.Tensor, valid: torch.Tensor | None = None) -> torch.Tensor:
    """Weights (E) at the last anchor, where the network selects the last value alone."""
    gates = torch.zeros(1, HORIZON, len(EXPERTS))
    gates[..., EXPERTS.index("last")] = 1.0
    valid = torch.ones(1, len(EXPERTS)) if valid is None else valid
    nothing = torch.zeros(1, 4, len(EXPERTS))
    weights: torch.Tensor = EqualWeightShrinkage()(
        gates, ExpertForecasts(nothing, valid, nothing, nothing), backtest_error
    )
    return weights[0, -1]


def test_every_combined_name_is_an_expert() -> None:
    assert SEASONAL.sum() == len(COMBINED)


def test_a_large_gain_gives_the_seasonal_experts_half_of_the_weight_in_equal_parts() -> None:
    weights = shrunk(torch.where(SEASONAL, -3.0, 0.0).unsqueeze(0))

    torch.testing.assert_close(weights[SEASONAL], torch.full((len(COMBINED),), LARGEST_SHARE / len(COMBINED)))
    assert weights[EXPERTS.index("last")] == 1 - LARGEST_SHARE


def test_seasonal_experts_without_a_gain_get_no_weight() -> None:
    backtest_error = torch.where(SEASONAL, -3.0, 0.0).unsqueeze(0)
    backtest_error[0, EXPERTS.index("mean4")] = -3.1

    assert not shrunk(backtest_error)[SEASONAL].any()


def test_too_few_valid_experts_are_not_combined() -> None:
    valid = 1.0 - SEASONAL.float().unsqueeze(0)
    valid[0, [EXPERTS.index(name) for name in COMBINED[:3]]] = 1.0

    assert not shrunk(torch.where(SEASONAL, -3.0, 0.0).unsqueeze(0), valid)[SEASONAL].any()


def test_the_weights_sum_to_one() -> None:
    torch.testing.assert_close(shrunk(torch.where(SEASONAL, -0.4, 0.0).unsqueeze(0)).sum(), torch.tensor(1.0))
