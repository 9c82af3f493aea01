"""What the gate asks of a candidate, and what it found."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Limits:
    """What a candidate must keep. Immutable.

    Attributes:
        rows: synthetic trends per data set.
        renders: garments of which pictures are shown.
        worse_than_live: share of the live version's MASE that it may be worse over all data sets; 0 means it must be
            better.
        precision: share of calls that must be right; their 95 % interval must reach it.
        called: calls ÷ those that the candidate's own forecasts would have borne at that precision.
        coverage_gap: how far coverage may be from what the band promises.
        slower_than_live: best time per row ÷ the live version's.
        slowest: microseconds per row, whatever the live version takes.
        moved: median change of the 13-week mean on the live version's golden questions, as a share.
        turned: share of those questions on which rising became falling or the reverse.
    """

    rows: int = 1024
    renders: int = 220
    worse_than_live: float = 0.0
    precision: float = 0.9
    called: float = 1 / 3
    coverage_gap: float = 0.10
    slower_than_live: float = 1.25
    slowest: float = 1_500.0
    moved: float = 0.25
    turned: float = 0.1


@dataclass(frozen=True)
class Check:
    """One rule and what was found. Immutable.

    Attributes:
        rule: what must hold.
        found: the candidate's figure.
        rival: the figure it is held to.
        limit: the bound, in words.
        passed: whether it holds.
    """

    rule: str
    found: str
    rival: str
    limit: str
    passed: bool


@dataclass(frozen=True)
class Judged:
    """All checks of a candidate. Immutable.

    Attributes:
        candidate: its digest.
        live: the version it was compared with; None where nothing is live.
        checks: in the order they were made.
    """

    candidate: str
    live: int | None
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether it may be published."""
        return all(check.passed for check in self.checks)

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        checks = [asdict(check) for check in self.checks]
        return {"candidate": self.candidate, "live": self.live, "passed": self.passed, "checks": checks}
