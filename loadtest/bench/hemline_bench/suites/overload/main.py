"""The suite: a server whose graph takes about 5 ms a row is asked for three and ten times what it can do."""

import gzip
import json
import re
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from hemline_bench import guard, opened
from hemline_bench.children import Child, Children
from hemline_bench.closed import Work
from hemline_bench.places import ROOT
from hemline_bench.progress import say
from hemline_bench.results import Bar, Row, at_least, at_most
from hemline_bench.suites.overload.inside import Log, Seen
from hemline_bench.suites.serving import questions
from hemline_bench.suites.serving.server import Door, free_port, hemline

STORE = ROOT / "model-store" / "fixtures" / "store" / "slow"
FACTORS = (3, 10)
SECONDS, QUICK_SECONDS = 20, 5
RECOVERY_SECONDS = 4
TRY_PER_SECOND = 400
ADMITTED_P95_MS, REFUSED_P99_MS, MOST_MEMORY, LEAST_AFTER = 150, 5, 1.05, 0.95
OK, FULL = 200, 503
# Taken whole at the start: an old generation that nobody has used yet grows without anything being kept.
HEAP = "-Xms256m -Xmx256m -XX:+AlwaysPreTouch"
TREND = {"trend": "wideleg", "market": "vn", "last_week": "2026-11-16", "features_as_of": "2026-11-23T00:00:00Z"}


@dataclass(frozen=True)
class Flood:
    """One overload: what came of it, memory before and after, what the same load gave before it and a second after."""

    rate: int
    seen: Seen
    resident: tuple[int, int]
    held: int
    before: Seen
    after: Seen


def main(children: Children, *, quick: bool, peers: bool) -> tuple[list[Row], list[str], list[Bar]]:
    """Finds the capacity, floods the server twice, and asks each time whether it is its old self right after."""
    del peers
    seconds = QUICK_SECONDS if quick else SECONDS
    file = children.folder / "access.log"
    admin = free_port()
    door = hemline(children, told=settings(children.folder, file, admin), java=HEAP)
    log = Log(file)
    work = fresh(children.folder)
    ask(children, door, work, TRY_PER_SECOND, QUICK_SECONDS, 1)
    log.phase()
    ask(children, door, work, TRY_PER_SECOND, seconds, 2)
    found = log.phase()
    capacity = found.best_second()
    say(f"{found.count(OK)} answered, {found.count(FULL)} refused, {found.per_second():.0f}/s in the mean")
    say(f"capacity {capacity} rows/s, cost of a row and threads: {plan(door.child)}")
    # The first flood takes what is taken once: buffers, threads, compiled code. Memory is compared from then on.
    ask(children, door, work, FACTORS[-1] * capacity, QUICK_SECONDS, 3)
    log.phase()
    floods = [flood(children, door, admin, log, work, factor * capacity, found, seconds) for factor in FACTORS]
    rows = [row for factor, each in zip(FACTORS, floods, strict=True) for row in rows_of(factor, each)]
    return rows, notes(capacity, seconds, plan(door.child), floods), []


def settings(folder: Path, file: Path, admin: int) -> dict[str, str]:
    """The slow graph, a snapshot of one trend, and every request written down."""
    snapshot = folder / "one-trend.jsonl.gz"
    snapshot.write_bytes(gzip.compress((json.dumps(TREND | {"volume": [1, 2, 3]}) + "\n").encode()))
    return {
        "store.url": str(STORE),
        "features.snapshot": str(snapshot),
        "access-log.to": str(file),
        "access-log.max-queue": "100000",
        "admin.port": str(admin),
    }


def fresh(folder: Path) -> Work:
    """Series that nobody asked before, so that all of them are misses."""
    made = questions.write(folder, [("wideleg", "vn")])
    return Work("POST", "/v1/forecasts", made.known, made.fresh, 0)


def ask(children: Children, door: Door, work: Work, rate: int, seconds: int, seed: int) -> opened.Opened:
    """Asks at a rate, open loop."""
    say(f"{rate}/s for {seconds} s")
    return opened.ask(children, door.base, work, rate, seconds, seed)


def flood(
    children: Children, door: Door, admin: int, log: Log, work: Work, rate: int, before: Seen, seconds: int
) -> Flood:
    """Floods the server, and a second later asks as it was asked when its capacity was found."""
    resident_before = resident(door.child)
    say(f"{rate}/s for {seconds} s, then {TRY_PER_SECOND}/s for {RECOVERY_SECONDS} s")
    opened.ask(children, door.base, work, rate, seconds, rate, after=(TRY_PER_SECOND, RECOVERY_SECONDS))
    seen, after = log.phases(seconds + 0.5)
    held = metric(admin, "http_bodies_bytes")
    return Flood(rate, seen, (resident_before, resident(door.child)), held, before, after)


def rows_of(factor: int, found: Flood) -> list[Row]:
    """What is promised of one flood."""
    seen, (before, after) = found.seen, found.resident
    p95, p99 = seen.millis(OK, 95), seen.millis(FULL, 99)
    answered = f"{seen.count(OK):,} of {seen.total():,}, {seen.per_second():.0f}/s, p50 {seen.millis(OK, 50):.0f} ms"
    refused = f"{seen.count(FULL):,}, p50 {seen.millis(FULL, 50):.2f} ms"
    lost = seen.total() - seen.count(OK) - seen.count(FULL)
    again = found.after.per_second() / max(1e-9, found.before.per_second())
    name = f"{factor} × capacity"
    return [
        at_most(f"{name}: p95 of the answered", answered, f"{found.rate}/s asked", p95, ADMITTED_P95_MS, " ms"),
        at_most(f"{name}: p99 of 503", refused, f"{found.rate}/s asked", p99, REFUSED_P99_MS, " ms"),
        at_most(f"{name}: neither 200 nor 503", str(lost), f"{seen.total():,}", lost, 0, ""),
        at_most(f"{name}: resident memory", f"{after >> 20} MiB", f"{before >> 20} MiB", after / before, MOST_MEMORY),
        at_most(f"{name}: bytes of bodies held after it", str(found.held), "", found.held, 0, ""),
        at_least(
            f"{name}: answered a second of {TRY_PER_SECOND}/s, from the first second after it",
            f"{found.after.per_second():.0f}/s",
            f"{found.before.per_second():.0f}/s before any flood",
            again,
            LEAST_AFTER,
        ),
    ]


def notes(capacity: int, seconds: int, costs: str, floods: list[Flood]) -> list[str]:
    """How it was measured."""
    sent = ", ".join(f"{each.seen.total():,} of {each.rate * seconds:,}" for each in floods)
    return [
        f"A fixture graph (`model-store/fixtures/store/slow`), {costs}; own series, every one a miss. "
        f"Capacity, {capacity} rows/s, is the best second of what was answered of {TRY_PER_SECOND}/s beside k6 on the "
        "same cores.",
        f"k6 asks in an open loop for {seconds} s. Latencies are the server's own, from its access log, each request: "
        "from its first line read to its last byte written. "
        f"Requests that the server saw of those that were due: {sent}.",
        f"Memory is resident memory after a first flood of ten times the capacity, with {HEAP}.",
    ]


def plan(server: Child) -> str:
    """What the server said of the graph's cost when it was measured."""
    said = re.search(r"(batches of up to .* on .*)", server.log.read_text(errors="replace"))
    return said.group(1) if said else "its cost was not said"


def resident(server: Child) -> int:
    """Bytes of memory that its processes occupy."""
    pages = 0
    for pid in guard.members(server.mark):
        pages += int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * 4096


def metric(admin: int, name: str) -> int:
    """A figure of /metrics."""
    with urllib.request.urlopen(f"http://127.0.0.1:{admin}/metrics", timeout=10) as answer:
        for line in answer.read().decode().splitlines():
            if line.startswith(f"{name} "):
                return int(float(line.split()[1]))
    raise ValueError(f"/metrics has no {name}")
