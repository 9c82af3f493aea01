"""Scale-free views of a history: the network never depends on the unit of a series.

All scales are means of absolute values of observed weeks; squares of inputs up to 1e30 would overflow float32.

B rows, T = 208 weeks, the newest last.
"""

from contextlib import AbstractContextManager, nullcontext
from typing import Final, NamedTuple

import torch
from torch import Tensor

from hemline_trainer.contract import CONTEXT, HORIZON, YEAR

WINDOW: Final = 2 * YEAR
"""Weeks that determine scale, spread and roughness."""

INPUT_LIMIT: Final = 1e30
SCALED_LIMIT: Final = 1e4
"""Scaled values are clamped to this."""

SMALLEST_SCALE: Final = 1e-30
"""Series with a smaller scale count as all zero."""


class Scaled(NamedTuple):
    """One series per row in its own scale.

    Attributes:
        series: (B, T) scaled, 0 where unobserved.
        mask: (B, T) 1 where observed.
        alive: (B, 1) bool, whether any observed week differs from zero.
        factor: (B, 1) converts a scaled forecast to the input's unit; 0 for an all-zero history.
        location: (B, 1) mean of the last year.
        away: (B, T) distance from the location, 0 where unobserved.
        spread: (B, 1) mean distance from the location in the window.
        roughness: (B, 1) mean change from one week to the next in the window.
        noise_scale: (B, 1) expected size of a forecast error: roughness, a tenth of the spread, and a share of the
            level that decreases with the number of observed weeks. Above 0.
        change: (B, 103) from week to week in the window, 0 where either is unobserved.
        reference: (B, 1) mean of the observed weeks among the last 13; 0 where there are none.
        counts: (B, 4) observed weeks among the last 13, 52, 104 and 208.
        non_negative: (B, 1) bool, whether no observed week is below zero.
    """

    series: Tensor
    mask: Tensor
    alive: Tensor
    factor: Tensor
    location: Tensor
    away: Tensor
    spread: Tensor
    roughness: Tensor
    noise_scale: Tensor
    change: Tensor
    reference: Tensor
    counts: Tensor
    non_negative: Tensor


def symlog(values: Tensor) -> Tensor:
    """sign(x) · log(1 + |x|)."""
    return values.sign() * (values.abs() + 1.0).log()


def exact(device: torch.device) -> AbstractContextManager[None]:
    """Disables autocast: scales and experts are computed in float32 at every training precision."""
    on = torch.is_autocast_enabled(device.type)
    return torch.autocast(device.type, enabled=False) if on else nullcontext()


def cleaned(values: Tensor, observed: Tensor) -> tuple[Tensor, Tensor]:
    """The values, 0 where unobserved and never beyond `INPUT_LIMIT`, and 1 where observed; any shape."""
    return torch.where(observed, values, 0.0).clamp(-INPUT_LIMIT, INPUT_LIMIT), observed.float()


def scaled(series: Tensor, mask: Tensor) -> Scaled:
    """Divides each row by its mean |x| over the last two years, or over all weeks where those are zero.

    Args:
        series: float32 (B, T), `cleaned`.
        mask: float32 (B, T), 1 where observed.
    """
    windows = _trailing_windows(series)
    counts = mask @ windows  # (B, 4)
    some = counts.clamp(min=1.0)
    _, _, count104, count = torch.split(some, 1, dim=-1)
    _, _, recent, ever = torch.split(series.abs() @ windows / some, 1, dim=-1)
    scale = torch.where(recent > SMALLEST_SCALE, recent, ever)
    alive = scale > SMALLEST_SCALE
    series = (series / torch.where(alive, scale, 1.0)).clamp(-SCALED_LIMIT, SCALED_LIMIT)

    reference, year, _, total = torch.split(series @ windows / some, 1, dim=-1)
    location = torch.where(counts[:, 1:2] > 0, year, total)
    away = (series - location) * mask
    spread = away.abs() @ windows[:, 2:3] / count104
    pairs = mask[:, 1 - WINDOW :] * mask[:, -WINDOW:-1]
    change = (series[:, 1 - WINDOW :] - series[:, -WINDOW:-1]) * pairs
    roughness = change.abs().sum(-1, keepdim=True) / pairs.sum(-1, keepdim=True).clamp(min=1.0)
    noise_scale = roughness + 0.1 * spread + 0.3 * location.abs() / count + 1e-6
    return Scaled(
        series=series,
        mask=mask,
        alive=alive,
        factor=torch.where(alive, scale, 0.0),
        location=location,
        away=away,
        spread=spread,
        roughness=roughness,
        noise_scale=noise_scale,
        change=change,
        reference=reference,
        counts=counts,
        non_negative=series.amin(-1, keepdim=True) >= 0,
    )


def _trailing_windows(like: Tensor) -> Tensor:
    """Indicators of the last 13, 52, 104 and 208 of the T weeks: (T, 4)."""
    back = torch.arange(CONTEXT - 1, -1, -1, device=like.device).unsqueeze(1)
    return (back < torch.tensor((HORIZON, YEAR, WINDOW, CONTEXT), device=like.device)).to(like.dtype)


def centred(values: Tensor, mask: Tensor) -> Tensor:
    """Side variables as compressed distances from the mean of their last year, in its mean distance; 0 if unobserved.

    Args:
        values: float32 (B, W, S), `cleaned`.
        mask: float32 (B, W, S), 1 where observed.
    """
    weeks = values.shape[1]
    recent = (torch.arange(weeks, device=values.device) >= weeks - YEAR).to(values.dtype).unsqueeze(0)  # (1, W)
    count = (recent @ mask).clamp(min=1.0)  # (B, 1, S)
    location = recent @ values / count
    away = (values - location) * mask
    spread = recent @ away.abs() / count
    distance = away / (spread + 0.01 * location.abs() + 1e-6)
    return symlog(distance.clamp(-SCALED_LIMIT, SCALED_LIMIT))
