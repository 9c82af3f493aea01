"""What a clause is, and the list of all of them in the order of their files."""

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
    """There is nothing to ask: the server does not claim it."""


@dataclass(frozen=True)
class Clause:
    """One sentence of the specification and the question that checks it."""

    name: str
    citation: str
    check: Callable[[Target], None]


CLAUSES: list[Clause] = []


def clause(name: str, document: str, section: str) -> Callable[[Callable[[Target], None]], Callable[[Target], None]]:
    """Add the function to the list of clauses."""

    def add(check: Callable[[Target], None]) -> Callable[[Target], None]:
        CLAUSES.append(Clause(name, f"{document} § {section}", check))
        return check

    return add


def expect(holds: bool, otherwise: str) -> None:
    """Fail the clause with a sentence unless it holds."""
    if not holds:
        raise AssertionError(otherwise)
