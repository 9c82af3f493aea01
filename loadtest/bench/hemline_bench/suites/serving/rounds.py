"""Rounds: the contenders run the same workload in turn, so that a drift of the machine affects all of them."""

from dataclasses import dataclass
from statistics import median

from hemline_bench import closed_loop
from hemline_bench.children import Children
from hemline_bench.closed_loop import ClosedLoopResult, Workload
from hemline_bench.progress import say
from hemline_bench.results import Bar, ratio_of_rounds
from hemline_bench.suites.serving.instance import Instance


@dataclass(frozen=True)
class Size:
    """Rounds and their seconds; the unique requests differ between seeds.

    `warm_ups` precede the rounds of each workload: a JVM compiles for some ten seconds of full load.
    """

    rounds: int
    seconds: float
    open_seconds: int
    tune: bool
    seed: int
    warm_ups: int


@dataclass(frozen=True)
class Contender:
    """A server and its requests."""

    name: str
    instance: Instance
    work: Workload


class Rounds:
    """The results of one workload by contender.

    Confined to one thread.
    """

    def __init__(self, workload: str) -> None:
        self.workload = workload
        self._found: dict[str, list[ClosedLoopResult]] = {}

    def measure(
        self,
        children: Children,
        contenders: list[Contender],
        rounds: int,
        seconds: float,
        seed: int,
        warm_ups: int,
    ) -> "Rounds":
        """Warms up the contenders in turn, then measures them in turn."""
        for _ in range(warm_ups):
            for each in contenders:
                seed += 1
                closed_loop.run(children, each.instance.child, each.instance.base, each.work, min(seconds, 3), seed)
        for number in range(rounds):
            for each in contenders:
                seed += 1
                found = closed_loop.run(children, each.instance.child, each.instance.base, each.work, seconds, seed)
                self._found.setdefault(each.name, []).append(found)
                errors = f", {found.errors} errors" if found.errors else ""
                speed = f"{found.per_second:,.0f}/s, p99 {found.p99_ms:.3g} ms{errors}"
                say(f"{self.workload}, round {number + 1}: {each.name} {speed}")
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
        """The fastest of these contenders, if any was measured."""
        measured = [name for name in names if name in self._found]
        return max(measured, key=lambda name: self.of(name, "per_second"), default=None)

    def errors(self) -> dict[str, int]:
        """The number of errors of each contender that had any, over all rounds."""
        sums = {name: sum(result.errors for result in results) for name, results in self._found.items()}
        return {name: count for name, count in sums.items() if count}

    def summary(self, name: str) -> str:
        """Name, throughput and p99."""
        return f"{name} {self.of(name, 'per_second'):,.0f}/s, p99 {self.of(name, 'p99_ms'):.3g} ms"

    def bars(self) -> list[Bar]:
        """One bar per contender."""
        return [Bar(self.workload, name, self.of(name, "per_second"), self.of(name, "p99_ms")) for name in self._found]
