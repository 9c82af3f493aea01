"""How long everything takes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """Rounds and their seconds; `seed` makes this run's questions new to every cache.

    `warm_ups` go before the rounds of each work: a JVM compiles for some ten seconds of full load.
    """

    rounds: int
    seconds: float
    open_seconds: int
    tune: bool
    seed: int
    warm_ups: int
