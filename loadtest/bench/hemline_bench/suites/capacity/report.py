"""Writes loadtest/REPORT.md from what was measured."""

from dataclasses import asdict, dataclass

from hemline_bench.suites.capacity import cost
from hemline_bench.suites.capacity.measure import CONTRACT_MS, Step
from hemline_bench.suites.capacity.usl import Fit

RATES = (10_000, 100_000, 1_000_000)


@dataclass(frozen=True)
class Found:
    """What one target carries."""

    name: str
    nodes: str
    points: list[tuple[int, float]]
    fit: Fit
    steps: list[Step]

    def capacity(self) -> float:
        """The highest rate at which the promise was kept, as it was answered."""
        return max((step.answered for step in self.steps if step.kept()), default=0.0)

    def broke(self) -> bool:
        """Whether a rate was tried at which it was not."""
        return not self.steps[-1].kept()

    def to_json(self) -> dict[str, object]:
        """All of it."""
        return asdict(self)


def text(machine: dict[str, str], found: list[Found]) -> str:
    """The report."""
    server = found[0]
    facts = ", ".join(f"{name} {value}" for name, value in machine.items())
    lines = [
        "# How much a node carries, and what that costs",
        "Made by `make bench SUITE=capacity`; not written by hand. k6 and wrk run on the same two cores as what they ask, so every number is a lower bound.",
        f"{facts}.",
        "",
        f"## Answers a second at p95 <= {CONTRACT_MS} ms",
        "k6, open loop, the mix of `loadtest/steady.js`: trends by Zipf's law, 5 % of the questions new to every cache, 0.5 % with an image. Each step takes eight seconds; the first that breaks the promise ends the row.",
        "",
        "| target | carries | then | CPU of the target for one answer |",
        "|---|---|---|---|",
        *(_row(one) for one in found),
        "",
        *(f"![{one.name}](bench/results/capacity-{one.name}-latency.svg)" for one in found),
        "",
        *(_steps(one) for one in found),
        "## Where the knee is",
        "wrk, closed loop, known trends by GET (all cached): more connections, each asking again as soon as it was answered. The Universal Scalability Law X(n) = rate·n / (1 + contention·(n−1) + crosstalk·n·(n−1)), fitted by least squares.",
        "",
        "| target | rate of one | contention | crosstalk | knee, connections | measured at most |",
        "|---|---|---|---|---|---|",
        *(_law(one) for one in found),
        "",
        *(f"![{one.name}](bench/results/capacity-{one.name}-law.svg)" for one in found),
        "",
        "## What a forecast costs",
        f"Assumed: a node has {cost.NODE}; it is planned at {cost.LOAD:.0%} of what it carries. Cloudflare: {cost.EDGE}. Without training, storage, traffic and people.",
        "",
        "| | dollars |",
        "|---|---|",
        f"| one forecast from a node | {cost.per_forecast(server.capacity()):.2g} |",
        f"| one question through the edge, which answers {cost.EDGE_HITS:.0%} itself | {cost.with_edge(server.capacity()):.2g} |",
        f"| allowed | {cost.BUDGET:g}, {cost.BUDGET / cost.with_edge(server.capacity()):,.0f} times as much |",
        "",
        "## How many nodes",
        f"Nodes of two cores at {server.capacity():,.0f}/s each, planned at {cost.LOAD:.0%}, and one to spare.",
        "",
        "| questions a second | nodes | behind an edge that answers 85 % | nodes' dollars a month, without the edge |",
        "|---|---|---|---|",
        *(_need(cost.need(rate, server.capacity())) for rate in RATES),
        "",
        "That throughput grows with the nodes is assumed, not measured: they share nothing on the way of an answer. One nginx is one node too; above what it carries it takes several, by DNS or a load balancer.",
    ]
    return "\n".join(lines) + "\n"


def _row(one: Found) -> str:
    carried = [step for step in one.steps if step.kept()]
    then = one.steps[-1]
    broke = (
        f"at {then.rate:,}/s: p95 {then.p95_ms:.3g} ms, {then.failed} failed, {then.dropped} not sent"
        if one.broke()
        else "not broken at the highest rate tried"
    )
    cpu = f"{carried[-1].server_cpu_us:.0f} µs" if carried else "–"
    return f"| {one.name}: {one.nodes} | **{one.capacity():,.0f}/s** | {broke} | {cpu} |"


def _steps(one: Found) -> str:
    rows = [
        f"| {s.rate:,} | {s.answered:,.0f} | {s.p50_ms:.2g} | {s.p95_ms:.3g} | {s.p99_ms:.3g} | {s.failed} | {s.dropped} |"
        for s in one.steps
    ]
    head = [
        f"### {one.name}",
        "| asked /s | answered /s | p50 ms | p95 ms | p99 ms | failed | not sent |",
        "|---|---|---|---|---|---|---|",
    ]
    return "\n".join([*head, *rows, ""])


def _law(one: Found) -> str:
    most = max(value for _, value in one.points)
    knee = one.fit.knee()
    return f"| {one.name} | {one.fit.rate:,.0f}/s | {one.fit.contention:.3g} | {one.fit.crosstalk:.2g} | {knee:,.0f} | {most:,.0f}/s |"


def _need(need: cost.Need) -> str:
    return f"| {need.rate:,} | {need.nodes:,} | {need.nodes_behind_edge:,} | {need.dollars_a_month:,.0f} |"
