"""Limits and results of the evaluation gate."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Limits:
    """Limits that a candidate must respect. Immutable.

    Attributes:
        rows: synthetic trends per data set.
        renders: rendered garments of the embedding bank.
        worse_than_live: allowed relative increase of MASE over the live version, averaged over the data sets; 0 demands
            a decrease.
        precision: target precision of the calls; their 95 % interval must reach it.
        called: lower bound of calls ÷ supported calls; see `gate_calls.supported`.
        coverage_gap: upper bound of the distance of coverage from its nominal value.
        slower_than_live: upper bound of the latency ÷ that of the live version.
        slowest: upper bound of the latency in microseconds per row.
        moved: upper bound of the median relative change of the 13-week mean on the live version's golden requests.
        turned: upper bound of the share of those requests whose trend class changes its sign.
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
    """One rule and its result. Immutable.

    Attributes:
        rule: name of the rule.
        found: figure of the candidate.
        reference: figure of the live version, baseline or target.
        limit: the bound, in words.
        passed: whether the rule holds.
    """

    rule: str
    found: str
    reference: str
    limit: str
    passed: bool


@dataclass(frozen=True)
class GateReport:
    """All checks of a candidate. Immutable.

    Attributes:
        candidate: digest of the artifact.
        live: version that it was compared with; None if there is none.
        checks: in the order of evaluation.
    """

    candidate: str
    live: int | None
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether the candidate may be published."""
        return all(check.passed for check in self.checks)

    def as_json(self) -> dict[str, Any]:
        """The JSON form of `--json`; a check's reference is named "rival" there."""
        checks = [
            {
                "rule": check.rule,
                "found": check.found,
                "rival": check.reference,
                "limit": check.limit,
                "passed": check.passed,
            }
            for check in self.checks
        ]
        return {"candidate": self.candidate, "live": self.live, "passed": self.passed, "checks": checks}
