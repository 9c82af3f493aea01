"""The closed-loop rows: cached, uncached, mixed, many items in one request, allocation."""

import os
import random
from dataclasses import replace
from statistics import median

from hemline_bench import closed_loop
from hemline_bench.children import Children
from hemline_bench.closed_loop import Workload
from hemline_bench.progress import say
from hemline_bench.results import Bar, Row, at_least, at_most, ratio_of_rounds
from hemline_bench.suites.serving import allocation, forecasts, limits
from hemline_bench.suites.serving.contenders import Contenders
from hemline_bench.suites.serving.instance import Instance, start_with_api_keys
from hemline_bench.suites.serving.limits import Parts
from hemline_bench.suites.serving.request_files import body, item, series
from hemline_bench.suites.serving.rounds import Contender, Rounds, Size

OURS = "Hemline"
KEYED = "Hemline with API keys"
PARTS = "the bare parts in one server"
MANY = 64


def measure(children: Children, servers: Contenders, size: Size) -> tuple[list[Row], list[Bar], list[str]]:
    """Measures these rows; returns servers with bars and notes."""
    rows, bars = [], []
    notes: list[str] = []
    cached, short = _cached(children, servers, size)
    uncached = _rounds(children, servers, size, "uncached", 0, 200)
    # Immediately after it: the machine drifts, so both sides must come from the same minutes.
    against_the_limit = _against_the_limit(children, servers, size, uncached, notes)
    mixed = _rounds(children, servers, size, "85 % hits", 0.85, 300)
    rows += [
        at_least(
            "cached, full form, 64 connections",
            cached.summary(OURS),
            cached.summary("bare hello"),
            cached.ratio(OURS, "bare hello"),
            0.85,
        ),
        at_least(
            "cached, full form, with API keys",
            cached.summary(KEYED),
            cached.summary("bare hello"),
            cached.ratio(KEYED, "bare hello"),
            0.75,
        ),
        at_least(
            "cached, short form (`/predict`)",
            short.summary(OURS),
            short.summary("bare hello"),
            short.ratio(OURS, "bare hello"),
            0.85,
        ),
    ]
    rows += against_the_limit
    rows += _against_the_peers(cached, uncached, mixed, list(servers.peers))
    rows += _many_in_one(servers, size)
    rows += _allocation(children, servers, size)
    for each in (cached, short, uncached, mixed):
        bars += each.bars()
        notes += [f"{each.workload}: {name} had {count} errors" for name, count in each.errors().items()]
    return rows, bars, notes


def _cached(children: Children, servers: Contenders, size: Size) -> tuple[Rounds, Rounds]:
    full = Workload("GET", "", servers.files.full, servers.files.fresh, 1)
    brief = Workload("GET", "", servers.files.brief, servers.files.fresh, 1)
    instance, key = start_with_api_keys(children)
    contenders = [Contender("bare hello", servers.hello, full), Contender(OURS, servers.server, full)]
    contenders.append(Contender(KEYED, instance, replace(full, headers=(key,))))
    contenders += [
        Contender(name, instance, peer.work(own, 1)) for name, (peer, instance, own) in servers.peers.items()
    ]
    short = [Contender("bare hello", servers.short_hello, brief), Contender(OURS, servers.server, brief)]
    cached = Rounds("cached").measure(children, contenders, size.rounds, size.seconds, size.seed, size.warm_ups)
    children.stop(instance.child)
    return (
        cached,
        Rounds("cached, short").measure(children, short, size.rounds, size.seconds, size.seed, size.warm_ups),
    )


def _rounds(children: Children, servers: Contenders, size: Size, work: str, hit_share: float, seed: int) -> Rounds:
    contenders = [Contender(OURS, servers.server, servers.server_work(hit_share))]
    if hit_share == 0:
        contenders.insert(0, Contender("bare echo", servers.echo, servers.server_work(0)))
        contenders.append(Contender(PARTS, servers.parts, servers.server_work(0)))
    contenders += [
        Contender(name, instance, peer.work(own, hit_share)) for name, (peer, instance, own) in servers.peers.items()
    ]
    return Rounds(work).measure(children, contenders, size.rounds, size.seconds, size.seed + seed, size.warm_ups)


def _against_the_limit(
    children: Children, servers: Contenders, size: Size, uncached: Rounds, notes: list[str]
) -> list[Row]:
    request = children.folder / "request.json"
    request.write_text(servers.files.known.read_text().splitlines()[0])
    child = servers.server.child
    all_rows = [limits.row_micros(children, child, size.seconds / 4) for _ in range(size.rounds)]
    by_batch = {batch: median(found[batch] for found in all_rows) for batch in all_rows[0]}
    batch = min(by_batch, key=lambda one: by_batch[one])
    json = median(
        limits.json_micros(children, child, request, servers.answer, size.seconds / 4) for _ in range(size.rounds)
    )
    parts = Parts(
        by_batch[batch], uncached.of("bare echo", "server_cpu_us"), json, uncached.of("bare echo", "generator_cpu_us")
    )
    say(f"µs of CPU for an uncached forecast: {parts}; a row by batch: {by_batch}")
    limit = parts.per_second(os.cpu_count() or 1)
    micros = f"{parts.row:.0f} row + {parts.echo:.0f} echo + {parts.json:.0f} JSON + {parts.generator:.0f} generator µs"
    spelled = f"{limit:,.0f}/s = {os.cpu_count()} cores ÷ ({micros})"
    notes.append(
        "A row of bare ONNX Runtime by batch, µs of CPU: "
        + ", ".join(f"{size}: {micros:.0f}" for size, micros in by_batch.items())
        + f"; the best, {batch}, counts. The server itself used {uncached.of(OURS, 'server_cpu_us'):.0f} µs a forecast."
    )
    figure = ratio_of_rounds(uncached.each(OURS), [limit] * size.rounds)
    together = ratio_of_rounds(uncached.each(PARTS), [limit] * size.rounds)
    notes.append(
        f"{uncached.summary(PARTS)}: {together:.3f} of the limit of the parts alone; "
        f"Hemline reaches {uncached.ratio(OURS, PARTS):.3f} of their throughput."
    )
    return [at_least("uncached, saturated, 64 connections", uncached.summary(OURS), spelled, figure, 0.80)]


def _against_the_peers(cached: Rounds, uncached: Rounds, mixed: Rounds, names: list[str]) -> list[Row]:
    rows = []
    for found, work, least in ((cached, "cached", 6), (uncached, "uncached", 2.5), (mixed, "85 % hits", 3.5)):
        best = found.best(names)
        if best:
            rows.append(
                at_least(
                    f"{work}, against the best peer",
                    found.summary(OURS),
                    found.summary(best),
                    found.ratio(OURS, best),
                    least,
                )
            )
    best = uncached.best(names)
    if best:
        rows.append(
            at_most(
                "uncached p99, against the same peer",
                f"{uncached.of(OURS, 'p99_ms'):.3g} ms",
                f"{best} {uncached.of(best, 'p99_ms'):.3g} ms",
                uncached.ratio(OURS, best, "p99_ms"),
                0.25,
            )
        )
    return rows


def _many_in_one(servers: Contenders, size: Size) -> list[Row]:
    """64 items in one body against 64 bodies.

    An unknown gender changes the cache key of a series and nothing else.
    """
    ratios, single_times, many_times = [], [], []
    for number in range(max(3, size.rounds * 3)):
        generator = random.Random(size.seed * 1000 + number)
        values = [series(generator) for _ in range(MANY)]
        alone = [body(item(one)) for one in values]
        together = body(*(item(one, attributes={"gender": f"unknown-{number}"}) for one in values))
        single_seconds, single = forecasts.timed_posts(servers.server.base, "/v1/forecasts", alone)
        many_seconds, many = forecasts.timed_posts(servers.server.base, "/v1/forecasts", [together])
        for one, other in zip(single, many[0]["forecasts"], strict=True):
            forecasts.require_equal(one["forecasts"][0], other, "64 in one POST")
        ratios.append(many_seconds / single_seconds)
        single_times.append(single_seconds)
        many_times.append(many_seconds)
    return [
        at_most(
            "64 items in one POST",
            f"{1e3 * median(many_times):.3g} ms",
            f"{1e3 * median(single_times):.3g} ms in 64 POSTs",
            median(ratios),
            0.25,
        )
    ]


def _allocation(children: Children, servers: Contenders, size: Size) -> list[Row]:
    work = Workload("GET", "", servers.files.full, servers.files.fresh, 1)

    def allocated_by(instance: Instance) -> float:
        return median(
            allocation.bytes_per_request(
                instance.child,
                lambda: closed_loop.run(children, instance.child, instance.base, work, size.seconds / 2, size.seed),
            )
            for _ in range(size.rounds)
        )

    ours, bare = allocated_by(servers.server), allocated_by(servers.hello)
    say(f"allocation per cached answer: {ours:,.0f} bytes, bare hello {bare:,.0f}")
    return [
        at_most(
            "allocation of a cached answer",
            f"{ours:,.0f} B",
            f"bare hello {bare:,.0f} B",
            (ours - bare) / 1024,
            1,
            " KB",
        )
    ]
