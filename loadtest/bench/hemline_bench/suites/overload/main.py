"""The suite: a server whose graph takes about 5 ms a row gets three and ten times its capacity."""

import gzip
import json
import re
from dataclasses import dataclass
from pathlib import Path

from hemline_bench import guard, open_loop, scrape
from hemline_bench.children import Child, Children
from hemline_bench.closed_loop import Workload
from hemline_bench.places import ROOT
from hemline_bench.progress import say
from hemline_bench.results import Bar, Row, at_least, at_most
from hemline_bench.suites.overload.access_log import Log, Requests
from hemline_bench.suites.serving import request_files
from hemline_bench.suites.serving.instance import Instance, free_port, hemline

STORE = ROOT / "model-store" / "fixtures" / "store" / "slow"
FACTORS = (3, 10)
SECONDS, QUICK_SECONDS = 20, 5
RECOVERY_SECONDS = 4
PROBE_PER_SECOND = 400
ADMITTED_P95_MS, REFUSED_P99_MS, MOST_MEMORY, LEAST_AFTER = 150, 5, 1.05, 0.95
OK, FULL = 200, 503
# Fixed and pre-touched: an untouched old generation would grow without a leak.
HEAP = "-Xms256m -Xmx256m -XX:+AlwaysPreTouch"
TREND = {"trend": "wideleg", "market": "vn", "last_week": "2026-11-16", "features_as_of": "2026-11-23T00:00:00Z"}


@dataclass(frozen=True)
class Flood:
    """One overload: its requests, memory before and after, and the same load before it and one second after it."""

    rate: int
    seen: Requests
    resident: tuple[int, int]
    held: int
    before: Requests
    after: Requests


def main(children: Children, *, quick: bool, peers: bool) -> tuple[list[Row], list[str], list[Bar]]:
    """Finds the capacity, overloads the server twice, and measures its recovery each time."""
    del peers
    seconds = QUICK_SECONDS if quick else SECONDS
    file = children.folder / "access.log"
    admin = free_port()
    instance = hemline(children, settings=settings(children.folder, file, admin), java=HEAP)
    log = Log(file)
    work = fresh(children.folder)
    send(children, instance, work, PROBE_PER_SECOND, QUICK_SECONDS, 1)
    log.phase()
    send(children, instance, work, PROBE_PER_SECOND, seconds, 2)
    found = log.phase()
    capacity = found.best_second()
    say(f"{found.count(OK)} accepted, {found.count(FULL)} shed, {found.per_second():.0f}/s on average")
    say(f"capacity {capacity} rows/s, cost of a row and threads: {plan(instance.child)}")
    # The first overload allocates buffers, threads and compiled code once; memory is compared after it.
    send(children, instance, work, FACTORS[-1] * capacity, QUICK_SECONDS, 3)
    log.phase()
    floods = [flood(children, instance, admin, log, work, factor * capacity, found, seconds) for factor in FACTORS]
    rows = [row for factor, each in zip(FACTORS, floods, strict=True) for row in rows_of(factor, each)]
    return rows, notes(capacity, seconds, plan(instance.child), floods), []


def settings(folder: Path, file: Path, admin: int) -> dict[str, str]:
    """The settings: the slow graph, a snapshot of one trend, and an access log of every request."""
    snapshot = folder / "one-trend.jsonl.gz"
    snapshot.write_bytes(gzip.compress((json.dumps(TREND | {"volume": [1, 2, 3]}) + "\n").encode()))
    return {
        "store.url": str(STORE),
        "features.snapshot": str(snapshot),
        "access-log.to": str(file),
        "access-log.max-queue": "100000",
        "admin.port": str(admin),
    }


def fresh(folder: Path) -> Workload:
    """Unique series, which are all misses."""
    made = request_files.write(folder, [("wideleg", "vn")])
    return Workload("POST", "/v1/forecasts", made.known, made.fresh, 0)


def send(
    children: Children, instance: Instance, work: Workload, rate: int, seconds: int, seed: int
) -> open_loop.OpenLoopResult:
    """Sends requests at a rate, open loop."""
    say(f"{rate}/s for {seconds} s")
    return open_loop.run(children, instance.base, work, rate, seconds, seed)


def flood(
    children: Children,
    instance: Instance,
    admin: int,
    log: Log,
    work: Workload,
    rate: int,
    before: Requests,
    seconds: int,
) -> Flood:
    """Overloads the server, and one second later sends the load of the capacity measurement."""
    resident_before = resident(instance.child)
    say(f"{rate}/s for {seconds} s, then {PROBE_PER_SECOND}/s for {RECOVERY_SECONDS} s")
    open_loop.run(children, instance.base, work, rate, seconds, rate, after=(PROBE_PER_SECOND, RECOVERY_SECONDS))
    seen, after = log.phases(seconds + 0.5)
    held = int(scrape.metric(scrape.fetch(f"http://127.0.0.1:{admin}"), "http_bodies_bytes"))
    return Flood(rate, seen, (resident_before, resident(instance.child)), held, before, after)


def rows_of(factor: int, found: Flood) -> list[Row]:
    """The objectives of one overload."""
    seen, (before, after) = found.seen, found.resident
    p95, p99 = seen.millis(OK, 95), seen.millis(FULL, 99)
    answered = f"{seen.count(OK):,} of {seen.total():,}, {seen.per_second():.0f}/s, p50 {seen.millis(OK, 50):.0f} ms"
    refused = f"{seen.count(FULL):,}, p50 {seen.millis(FULL, 50):.2f} ms"
    lost = seen.total() - seen.count(OK) - seen.count(FULL)
    again = found.after.per_second() / max(1e-9, found.before.per_second())
    name = f"{factor} × capacity"
    return [
        at_most(f"{name}: p95 of the 200s", answered, f"{found.rate}/s sent", p95, ADMITTED_P95_MS, " ms"),
        at_most(f"{name}: p99 of the 503s", refused, f"{found.rate}/s sent", p99, REFUSED_P99_MS, " ms"),
        at_most(f"{name}: neither 200 nor 503", str(lost), f"{seen.total():,}", lost, 0, ""),
        at_most(f"{name}: resident memory", f"{after >> 20} MiB", f"{before >> 20} MiB", after / before, MOST_MEMORY),
        at_most(f"{name}: bytes of buffered bodies after it", str(found.held), "", found.held, 0, ""),
        at_least(
            f"{name}: 200s a second of {PROBE_PER_SECOND}/s, from one second after it",
            f"{found.after.per_second():.0f}/s",
            f"{found.before.per_second():.0f}/s before any overload",
            again,
            LEAST_AFTER,
        ),
    ]


def notes(capacity: int, seconds: int, costs: str, floods: list[Flood]) -> list[str]:
    """The method."""
    sent = ", ".join(f"{each.seen.total():,} of {each.rate * seconds:,}" for each in floods)
    return [
        f"A fixture graph (`model-store/fixtures/store/slow`), {costs}; own series, all of them misses. "
        f"Capacity, {capacity} rows/s, is the best second of 200s at {PROBE_PER_SECOND}/s, with k6 on the same cores.",
        f"k6 runs an open loop for {seconds} s. Latencies are the server's own, from its access log: from the first "
        f"line read to the last byte written. Requests that reached the server, of those scheduled: {sent}.",
        f"Memory is resident memory after a first overload of ten times the capacity, with {HEAP}.",
    ]


def plan(server: Child) -> str:
    """The graph's measured cost by the server's log."""
    logged = re.search(r"(batches of up to .* on .*)", server.log.read_text(errors="replace"))
    return logged.group(1) if logged else "of unknown cost"


def resident(server: Child) -> int:
    """The resident memory of its processes in bytes."""
    pages = 0
    for pid in guard.members(server.mark):
        pages += int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * 4096
