"""The results of a suite and their JSON."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True)
class Row:
    """One line of the table: a workload, both sides, their ratio or the figure itself, its bound and the outcome."""

    work: str
    measured: str
    against: str
    figure: float
    must: str
    reached: bool


@dataclass(frozen=True)
class Bar:
    """One bar of the plot."""

    group: str
    name: str
    per_second: float
    p99_ms: float


@dataclass(frozen=True)
class Results:
    """The results of one run of a suite."""

    suite: str
    machine: dict[str, str]
    rows: list[Row]
    notes: list[str]
    bars: list[Bar]


def at_least(work: str, measured: str, against: str, figure: float, least: float, unit: str = "×") -> Row:
    """A row with a lower bound."""
    return Row(work, measured, against, figure, f">= {least:g}{unit}", figure >= least)


def at_most(work: str, measured: str, against: str, figure: float, most: float, unit: str = "×") -> Row:
    """A row with an upper bound."""
    return Row(work, measured, against, figure, f"<= {most:g}{unit}", figure <= most)


def ratio_of_rounds(ours: list[float], theirs: list[float]) -> float:
    """The median of the ratios within each round, which cancels a drift of the machine."""
    if len(ours) != len(theirs) or not ours:
        raise ValueError(f"rounds: equally many of both and at least one, not {len(ours)} and {len(theirs)}")
    return median(one / other for one, other in zip(ours, theirs, strict=True))


def write(found: Results, file: Path) -> None:
    """Writes the JSON, from which the Markdown can be generated again."""
    file.write_text(json.dumps(asdict(found), indent=2, ensure_ascii=False) + "\n")


def read(file: Path) -> Results:
    """Reads the JSON back."""
    document = json.loads(file.read_text())
    return Results(
        document["suite"],
        document["machine"],
        [Row(**row) for row in document["rows"]],
        document["notes"],
        [Bar(**bar) for bar in document["bars"]],
    )
