"""How it went: a line for each clause, and JUnit XML for those who collect it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from clause import Clause


@dataclass(frozen=True)
class Outcome:
    """What became of a clause: pass, fail or skip, and why."""

    clause: Clause
    word: str
    why: str
    seconds: float

    def line(self) -> str:
        """Return the clause in one line."""
        why = f": {self.why}" if self.why else ""
        return f"{self.word}  {self.clause.name} [{self.clause.citation}]{why}"


def summary(outcomes: list[Outcome]) -> str:
    """Return the counts in one line."""
    return ", ".join(f"{sum(one.word == word for one in outcomes)} {word}" for word in ("pass", "fail", "skip"))


def write_junit(outcomes: list[Outcome], path: Path) -> None:
    """Write the outcomes as one JUnit test suite."""
    suite = ET.Element(
        "testsuite",
        name="oip-conformance",
        tests=str(len(outcomes)),
        failures=str(sum(one.word == "fail" for one in outcomes)),
        skipped=str(sum(one.word == "skip" for one in outcomes)),
        time=f"{sum(one.seconds for one in outcomes):.3f}",
    )
    for one in outcomes:
        case = ET.SubElement(
            suite, "testcase", classname=one.clause.citation, name=one.clause.name, time=f"{one.seconds:.3f}"
        )
        if one.word == "fail":
            ET.SubElement(case, "failure", message=one.why)
        if one.word == "skip":
            ET.SubElement(case, "skipped", message=one.why)
    ET.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)
