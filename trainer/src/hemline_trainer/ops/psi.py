"""The population stability index (PSI), a measure of the shift between two samples.

    PSI = sum over bins of (a - e) · ln(a / e)         a, e: the bin's share of the actual, of the expected population

after E. M. Lewis, "An Introduction to Credit Scoring" (1994), and N. Siddiqi, "Intelligent Credit Scoring", 2nd ed.
(2017), p. 369, who reads 0.1 to 0.25 as a minor shift. It is the symmetric divergence of Kullback and Leibler, "On
Information and Sufficiency" (1951), of the two binned populations. Numbers are binned by the quantiles of the expected
population. Half a row is added to every bin, so that empty bins are defined.

Two samples of one population have a PSI of about (bins - 1) · (1/n + 1/m) by chance alone (B. Yurdakul, "Statistical
Properties of Population Stability Index", 2018). So there are as many bins, ten at most, as keep that below a quarter
of 0.2; where not even two do, nothing is measured.
"""

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

MOST_BINS: Final = 10
BY_CHANCE: Final = 0.05
HALF: Final = 0.5


def most_bins(expected: int, actual: int) -> int:
    """Number of bins for two samples of these sizes; below 2 they are too small."""
    if not expected or not actual:
        return 0
    return min(MOST_BINS, 1 + math.floor(BY_CHANCE / (1 / expected + 1 / actual) + 1e-9))


def psi(expected: Sequence[int], actual: Sequence[int]) -> float:
    """PSI of two populations counted in the same bins."""
    e, a = (np.asarray(each, dtype=np.float64) + HALF for each in (expected, actual))
    e, a = e / e.sum(), a / a.sum()
    return float(((a - e) * np.log(a / e)).sum())


def psi_of_numbers(expected: Sequence[float], actual: Sequence[float]) -> float | None:
    """PSI of two samples of numbers; None if they are too small."""
    bins = most_bins(len(expected), len(actual))
    if bins < len(("one", "other")):
        return None
    edges = np.unique(np.quantile(expected, np.linspace(0, 1, bins + 1)[1:-1]))
    return psi(_histogram(expected, edges), _histogram(actual, edges))


def psi_of_words(expected: Sequence[Hashable], actual: Sequence[Hashable]) -> float | None:
    """PSI of two samples of categories; the rarest share a bin where the samples are too small for one each."""
    bins = most_bins(len(expected), len(actual))
    if bins < len(("one", "other")):
        return None
    pooled = Counter([*expected, *actual])
    categories = sorted(pooled, key=lambda category: (-pooled[category], str(category)))
    own = categories if len(categories) <= bins else categories[: bins - 1]
    counts = [[sum(each == category for each in sample) for category in own] for sample in (expected, actual)]
    rest = [len(sample) - sum(counted) for sample, counted in zip((expected, actual), counts, strict=True)]
    if len(categories) > bins:
        counts = [[*counted, left] for counted, left in zip(counts, rest, strict=True)]
    return psi(*counts)


def _histogram(sample: Sequence[float], edges: npt.NDArray[np.float64]) -> list[int]:
    places = np.searchsorted(edges, np.asarray(sample, dtype=np.float64), side="left")
    return [int(count) for count in np.bincount(places, minlength=len(edges) + 1)]
