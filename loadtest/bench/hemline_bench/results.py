"""What a suite found, and its JSON."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True)
class Row:
    """One line of the table: a work, both sides, their ratio or the figure itself, whether it reached what it must."""

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
    """All of one suite's run."""

    suite: str
    machine: dict[str, str]
    rows: list[Row]
    notes: list[str]
    bars: list[Bar]


def at_least(work: str, measured: str, against: str, figure: float, least: float, unit: str = "×") -> Row:
    """A row whose figure must not be under a bound."""
    return Row(work, measured, against, figure, f">= {least:g}{unit}", figure >= least)


def at_most(work: str, measured: str, against: str, figure: float, most: float, unit: str = "×") -> Row:
    """A row whose figure must not be over a bound."""
    return Row(work, measured, against, figure, f"<= {most:g}{unit}", figure <= most)


def ratio_of_rounds(ours: list[float], theirs: list[float]) -> float:
    """The median of the ratios of what was measured in the same round, so that a drift of the machine cancels."""
    if len(ours) != len(theirs) or not ours:
        raise ValueError(f"rounds: as many of both and at least one, not {len(ours)} and {len(theirs)}")
    return median(one / other for one, other in zip(ours, theirs, strict=True))


def write(found: Results, file: Path) -> None:
    """Writes the JSON from which the Markdown can be made again."""
    file.write_text(json.dumps(asdict(found), indent=2, ensure_ascii=False) + "\n")


def read(file: Path) -> Results:
    """Reads the JSON back."""
    said = json.loads(file.read_text())
    return Results(
        said["suite"],
        said["machine"],
        [Row(**row) for row in said["rows"]],
        said["notes"],
        [Bar(**bar) for bar in said["bars"]],
    )
