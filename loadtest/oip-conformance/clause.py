"""A clause of the specification, and the registry of all clauses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from target import Target

REST = "rest"
GRPC = "grpc"
BINARY = "binary"
REPOSITORY = "repository"
STATISTICS = "statistics"


class Skipped(Exception):  # noqa: N818 - it is an outcome, not an error
    """The clause does not apply: the server does not claim the feature."""


@dataclass(frozen=True)
class Clause:
    """One statement of the specification and its check."""

    name: str
    citation: str
    check: Callable[[Target], None]


CLAUSES: list[Clause] = []


def clause(name: str, document: str, section: str) -> Callable[[Callable[[Target], None]], Callable[[Target], None]]:
    """Register a function as the check of a clause."""

    def add(check: Callable[[Target], None]) -> Callable[[Target], None]:
        CLAUSES.append(Clause(name, f"{document} § {section}", check))
        return check

    return add


def expect(condition: bool, failure: str) -> None:
    """Fail the clause with a message unless the condition is true."""
    if not condition:
        raise AssertionError(failure)
