"""Confidence intervals: bootstrap percentiles of means, and Wilson's interval of a proportion.

scipy.stats is imported on use: the import takes a second, and most commands need no interval.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

RESAMPLES: Final = 10_000


def mean_interval(
    samples: Sequence[Array], rng: np.random.Generator, resamples: int = RESAMPLES
) -> tuple[float, float]:
    """95 % percentile bootstrap interval of the mean of the sample means.

    Args:
        samples: resampled independently of each other; one sample gives the interval of its mean.
        rng: draws the resamples.
        resamples: number of resamples.
    """
    from scipy import stats  # noqa: PLC0415 - see above

    # scipy refuses samples of a single observation.
    data = [np.repeat(sample, 2) if len(sample) == 1 else sample for sample in samples]

    def statistic(*resampled: Array, axis: int) -> Array:
        return np.asarray(np.mean([sample.mean(axis) for sample in resampled], axis=0))

    result = stats.bootstrap(data, statistic, n_resamples=resamples, method="percentile", vectorized=True, rng=rng)
    return float(result.confidence_interval.low), float(result.confidence_interval.high)


def wilson_interval(successes: int, trials: int, standard_errors: float) -> tuple[float, float]:
    """Wilson's score interval of a proportion (Wilson 1927); 0 to 1 without any trial."""
    from scipy import special, stats  # noqa: PLC0415 - see above

    if not trials:
        return 0.0, 1.0
    confidence = 2 * float(special.ndtr(standard_errors)) - 1
    interval = stats.binomtest(successes, trials).proportion_ci(confidence, method="wilson")
    return float(interval.low), float(interval.high)
