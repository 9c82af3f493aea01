"""Probes: inputs with edge cases, on which graphs are compared with PyTorch and tested against the contract."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from hemline_trainer.contract import CONTEXT, EMBEDDING, IMAGE_SIDE, VARIABLES, VOCABULARIES, YEAR

SEED = 20261123
ROWS = (1, 2, 4, 8)


@dataclass(frozen=True)
class Probe:
    """One batch of inputs in the graph's order, and the scale of its values. Immutable."""

    name: str
    inputs: Mapping[str, npt.NDArray[np.generic]] = field(repr=False)
    scale: float = 1.0


def inputs_of(
    series: npt.NDArray[np.float32],
    rng: np.random.Generator,
    weeks: int = CONTEXT,
    missing: float = 0.0,
    known: bool = True,
) -> dict[str, npt.NDArray[np.generic]]:
    """Graph inputs with the volumes `series` (rows, 208), of which only the last `weeks` are observed.

    Args:
        series: volumes.
        rng: draws the other inputs.
        weeks: weeks of history.
        missing: share of unobserved weeks; the last one is always observed.
        known: whether side variables, attributes and image are given.
    """
    rows = len(series)
    history = np.zeros((rows, CONTEXT, len(VARIABLES)), dtype=np.float32)
    history[..., 0] = series
    history[..., 1] = rng.uniform(0, 1, (rows, CONTEXT))
    history[..., 2] = rng.uniform(-1, 1, (rows, CONTEXT))
    history[..., 3] = rng.lognormal(3, 0.5, (rows, CONTEXT))
    observed = rng.uniform(size=history.shape) >= missing
    observed[:, -1, 0] = True
    observed[:, : CONTEXT - weeks] = False
    observed[..., 1:] &= known
    history[~observed] = 0
    return {
        "history": history,
        "observed": observed,
        "last_week": rng.integers(2300, 2900, rows) * 7 + 4,
        "static_ids": np.stack([rng.integers(0, len(words) + 1, rows) for words in VOCABULARIES.values()], 1) * known,
        "image_embedding": rng.normal(size=(rows, EMBEDDING)).astype(np.float32) * known,
        "has_image": rng.integers(0, 2, rows).astype(bool) & known,
    }


def seasonal(rows: int, rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """Seasonal series (rows, 208) with a level near 1."""
    weeks = np.arange(CONTEXT)
    phase = rng.uniform(0, 2 * np.pi, (rows, 1))
    level = 1 + 0.3 * np.sin(2 * np.pi * weeks / YEAR + phase) + rng.normal(0, 0.003, (rows, 1)) * (weeks - CONTEXT)
    noise = rng.lognormal(0, 0.1, (rows, CONTEXT))
    return (np.maximum(level, 0.05) * noise).astype(np.float32)


def forecaster_probes() -> list[Probe]:
    """Batch sizes, gaps, shortest and longest histories, missing side variables, extreme scales, degenerate series."""
    rng = np.random.default_rng(SEED)
    probes = [Probe(f"batch of {rows}", inputs_of(seasonal(rows, rng), rng)) for rows in ROWS]
    plain = seasonal(8, rng)
    probes += [Probe(f"{weeks} weeks", inputs_of(plain, rng, weeks=weeks)) for weeks in (1, 2, 8, 26, 60, 208)]
    probes += [
        Probe("a third missing", inputs_of(plain, rng, missing=1 / 3)),
        Probe("nine in ten missing", inputs_of(plain, rng, missing=0.9)),
        Probe("volume alone", inputs_of(plain, rng, known=False)),
        Probe("nothing observed", _unobserved(inputs_of(plain, rng))),
        Probe("all zero", inputs_of(np.zeros_like(plain), rng)),
        Probe("constant", inputs_of(np.full_like(plain, 7.0), rng), 7.0),
        Probe("negative", inputs_of(-plain, rng)),
        Probe("both signs", inputs_of(plain - 1, rng)),
    ]
    for scale in (1e-6, 1e6, 1e12, 1e30):
        probes.append(
            Probe(f"scale {scale:g}", inputs_of((plain / plain.max() * scale).astype(np.float32), rng), scale)
        )
    return probes


def image_probes() -> list[Probe]:
    """Noise in several batch sizes, black and white."""
    rng = np.random.default_rng(SEED)
    probes = [
        Probe(f"batch of {rows}", {"image": rng.integers(0, 256, (rows, IMAGE_SIDE, IMAGE_SIDE, 3)).astype(np.uint8)})
        for rows in ROWS
    ]
    return [
        *probes,
        Probe("black", {"image": np.zeros((1, IMAGE_SIDE, IMAGE_SIDE, 3), np.uint8)}),
        Probe("white", {"image": np.full((1, IMAGE_SIDE, IMAGE_SIDE, 3), 255, np.uint8)}),
    ]


def _unobserved(inputs: dict[str, npt.NDArray[np.generic]]) -> dict[str, npt.NDArray[np.generic]]:
    return {**inputs, "history": np.zeros_like(inputs["history"]), "observed": np.zeros_like(inputs["observed"])}
