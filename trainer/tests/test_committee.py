"""The even mean of seasonal experts that the gate is leant on."""

import torch

from hemline_trainer.contract import HORIZON
from hemline_trainer.model.experts.committee import LEAN, SEATS, Committee
from hemline_trainer.model.experts.forecasts import Opinions
from hemline_trainer.model.features import EXPERTS

SEATED = torch.tensor([name in SEATS for name in EXPERTS])


def leant(doubt: torch.Tensor, valid: torch.Tensor | None = None) -> torch.Tensor:
    """Weights (E) of the last step, where the net trusts the last value alone."""
    gates = torch.zeros(1, HORIZON, len(EXPERTS))
    gates[..., EXPERTS.index("last")] = 1.0
    valid = torch.ones(1, len(EXPERTS)) if valid is None else valid
    nothing = torch.zeros(1, 4, len(EXPERTS))
    weights: torch.Tensor = Committee()(gates, Opinions(nothing, valid, nothing, nothing), doubt)
    return weights[0, -1]


def test_every_seat_is_held_by_an_expert() -> None:
    assert SEATED.sum() == len(SEATS)


def test_seasons_that_did_far_better_than_levels_get_half_of_the_weight_evenly() -> None:
    weights = leant(torch.where(SEATED, -3.0, 0.0).unsqueeze(0))

    torch.testing.assert_close(weights[SEATED], torch.full((len(SEATS),), LEAN / len(SEATS)))
    assert weights[EXPERTS.index("last")] == 1 - LEAN


def test_seasons_that_did_no_better_than_a_level_get_nothing() -> None:
    doubt = torch.where(SEATED, -3.0, 0.0).unsqueeze(0)
    doubt[0, EXPERTS.index("mean4")] = -3.1

    assert not leant(doubt)[SEATED].any()


def test_too_few_seats_do_not_sit() -> None:
    valid = 1.0 - SEATED.float().unsqueeze(0)
    valid[0, [EXPERTS.index(name) for name in SEATS[:3]]] = 1.0

    assert not leant(torch.where(SEATED, -3.0, 0.0).unsqueeze(0), valid)[SEATED].any()


def test_the_weights_sum_to_one() -> None:
    torch.testing.assert_close(leant(torch.where(SEATED, -0.4, 0.0).unsqueeze(0)).sum(), torch.tensor(1.0))
