"""The report: one line per clause, and JUnit XML."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from clause import Clause


@dataclass(frozen=True)
class Outcome:
    """The outcome of a clause: pass, fail or skip, and the reason."""

    clause: Clause
    status: str
    reason: str
    seconds: float

    def line(self) -> str:
        """Return the clause in one line."""
        reason = f": {self.reason}" if self.reason else ""
        return f"{self.status}  {self.clause.name} [{self.clause.citation}]{reason}"


def summary(outcomes: list[Outcome]) -> str:
    """Return the counts in one line."""
    counts = Counter(one.status for one in outcomes)
    return ", ".join(f"{counts[status]} {status}" for status in ("pass", "fail", "skip"))


def write_junit(outcomes: list[Outcome], path: Path) -> None:
    """Write the outcomes as one JUnit test suite."""
    suite = ET.Element(
        "testsuite",
        name="oip-conformance",
        tests=str(len(outcomes)),
        failures=str(sum(one.status == "fail" for one in outcomes)),
        skipped=str(sum(one.status == "skip" for one in outcomes)),
        time=f"{sum(one.seconds for one in outcomes):.3f}",
    )
    for one in outcomes:
        case = ET.SubElement(
            suite, "testcase", classname=one.clause.citation, name=one.clause.name, time=f"{one.seconds:.3f}"
        )
        if one.status == "fail":
            ET.SubElement(case, "failure", message=one.reason)
        if one.status == "skip":
            ET.SubElement(case, "skipped", message=one.reason)
    ET.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)
