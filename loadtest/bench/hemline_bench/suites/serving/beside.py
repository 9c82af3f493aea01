"""Rounds: every contender does the same work in turn, again and again, so that a drift of the machine meets all."""

from dataclasses import dataclass
from statistics import median

from hemline_bench import closed
from hemline_bench.children import Children
from hemline_bench.closed import Closed, Work
from hemline_bench.progress import say
from hemline_bench.results import Bar, ratio_of_rounds
from hemline_bench.suites.serving.server import Door


@dataclass(frozen=True)
class Contender:
    """Who is asked what."""

    name: str
    door: Door
    work: Work


class Rounds:
    """The results of one work, by contender.

    Confined to one thread.
    """

    def __init__(self, work: str) -> None:
        self.work = work
        self._found: dict[str, list[Closed]] = {}

    def measure(
        self,
        children: Children,
        contenders: list[Contender],
        rounds: int,
        seconds: float,
        seed: int,
        warm_ups: int,
    ) -> "Rounds":
        """Warms the contenders in turn, each as often and as long as the others, then measures them in turn."""
        for _ in range(warm_ups):
            for each in contenders:
                seed += 1
                closed.ask(children, each.door.child, each.door.base, each.work, min(seconds, 3), seed)
        for number in range(rounds):
            for each in contenders:
                seed += 1
                found = closed.ask(children, each.door.child, each.door.base, each.work, seconds, seed)
                self._found.setdefault(each.name, []).append(found)
                errors = f", {found.errors} errors" if found.errors else ""
                speed = f"{found.per_second:,.0f}/s, p99 {found.p99_ms:.3g} ms{errors}"
                say(f"{self.work}, round {number + 1}: {each.name} {speed}")
        return self

    def each(self, name: str, field: str = "per_second") -> list[float]:
        """A figure of each round."""
        return [getattr(found, field) for found in self._found[name]]

    def of(self, name: str, field: str) -> float:
        """The median of a figure over the rounds."""
        return median(self.each(name, field))

    def ratio(self, ours: str, theirs: str, field: str = "per_second") -> float:
        """The median of the rounds' ratios."""
        return ratio_of_rounds(self.each(ours, field), self.each(theirs, field))

    def best(self, names: list[str]) -> str | None:
        """The fastest of these, if any was measured."""
        there = [name for name in names if name in self._found]
        return max(there, key=lambda name: self.of(name, "per_second"), default=None)

    def errors(self) -> dict[str, int]:
        """Who answered how many requests with an error, over all rounds."""
        sums = {name: sum(one.errors for one in found) for name, found in self._found.items()}
        return {name: count for name, count in sums.items() if count}

    def said(self, name: str) -> str:
        """Name, throughput and tail."""
        return f"{name} {self.of(name, 'per_second'):,.0f}/s, p99 {self.of(name, 'p99_ms'):.3g} ms"

    def bars(self) -> list[Bar]:
        """One bar for each contender."""
        return [Bar(self.work, name, self.of(name, "per_second"), self.of(name, "p99_ms")) for name in self._found]
