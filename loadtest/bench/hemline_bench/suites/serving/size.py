"""How long everything takes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """Rounds and their seconds; `seed` makes this run's questions new to every cache."""

    rounds: int
    seconds: float
    open_seconds: int
    tune: bool
    seed: int
