"""The suite: servers that are watched in different ways answer the same remembered questions in alternating pairs."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from statistics import median
from threading import Thread

from hemline_bench import closed
from hemline_bench.children import Children
from hemline_bench.closed import Closed, Work
from hemline_bench.progress import say
from hemline_bench.results import Bar, Row, at_least, at_most
from hemline_bench.suites.costs.pairs import Pairs, measured, said
from hemline_bench.suites.serving import questions
from hemline_bench.suites.serving.server import Door, hemline

PAIRS, SECONDS = 9, 3.0
QUICK_PAIRS, QUICK_SECONDS = 3, 1.0
WARM_UPS = 4
# A hit is the cheapest answer there is, so whatever watches it weighs most there.
LEAST, MOST = 0.98, 1.02


class Receiver(BaseHTTPRequestHandler):
    """Takes spans and forgets them."""

    def do_POST(self) -> None:
        """Reads the body, as whoever keeps it would, and says that all of it was taken."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing of each."""


def main(children: Children, *, quick: bool, peers: bool) -> tuple[list[Row], list[str], list[Bar]]:
    """Measures each way to be watched beside the same server without it; there are no peers here."""
    del peers
    pairs, seconds = (QUICK_PAIRS, QUICK_SECONDS) if quick else (PAIRS, SECONDS)
    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as receiver:
        Thread(target=receiver.serve_forever, daemon=True).start()
        endpoint = f"http://127.0.0.1:{receiver.server_address[1]}/v1/traces"
        metrics = _pairs(children, {"metrics.enabled": "false"}, {}, pairs, seconds)
        log = _pairs(children, {}, {"access-log.to": str(children.folder / "access.log")}, pairs, seconds)
        idle = _pairs(children, {}, {"traces.endpoint": endpoint, "traces.sample": "0"}, pairs, seconds)
        traces = _pairs(children, {}, {"traces.endpoint": endpoint, "traces.sample": "0.01"}, pairs, seconds)
        receiver.shutdown()
    return [_throughput_row(metrics), _processor_row(metrics)], _notes(metrics, log, idle, traces, pairs, seconds), []


def _throughput_row(metrics: Pairs) -> Row:
    watched, without = (median(one.per_second for one in found) for found in (metrics.watched, metrics.without))
    return at_least(
        "cached, full form: metrics (the default) beside none",
        f"{watched:,.0f}/s, ratios {said(metrics.throughput())}",
        f"{without:,.0f}/s",
        median(metrics.throughput()),
        LEAST,
    )


def _processor_row(metrics: Pairs) -> Row:
    watched, without = (median(one.server_cpu_us for one in found) for found in (metrics.watched, metrics.without))
    return at_most(
        "the same: processor time of the server per answer",
        f"{watched:.2f} µs, ratios {said(metrics.processor())}",
        f"{without:.2f} µs",
        median(metrics.processor()),
        MOST,
    )


def _notes(metrics: Pairs, log: Pairs, idle: Pairs, traces: Pairs, pairs: int, seconds: float) -> list[str]:
    def both(found: Pairs) -> str:
        return f"throughput {said(found.throughput())}, processor time {said(found.processor())}"

    errors = sum(one.errors for found in (metrics, log, idle, traces) for one in (*found.watched, *found.without))
    return [
        f"Each figure: two servers of the same build, {WARM_UPS} warm-ups each, then {pairs} pairs of {seconds:g} s; "
        "who begins a pair changes. It is the median of the pairs' ratios, with least and greatest; processor time is "
        f"the server's for one answer. {errors} answers were errors.",
        f"The access log, written to a file, beside the default: {both(log)}.",
        f"Traces configured of which none is sampled, beside the default, which has none: {both(idle)}.",
        f"Traces of 1 request in 100, sent to a receiver on the same cores, beside the default: {both(traces)}.",
    ]


def _pairs(children: Children, base: dict[str, str], more: dict[str, str], pairs: int, seconds: float) -> Pairs:
    say(f"starting two servers, with {base or 'nothing'} and with {more or 'nothing'}")
    without, watched = hemline(children, told=base), hemline(children, told=more)
    asked = questions.write(children.folder, questions.trends(without.base))
    work = Work("GET", "", asked.full, asked.fresh, 1)

    def ask(door: Door) -> Closed:
        return closed.ask(children, door.child, door.base, work, seconds, 1)

    for _ in range(WARM_UPS):
        for door in (without, watched):
            ask(door)
    found = measured(lambda: ask(watched), lambda: ask(without), pairs)
    say(f"throughput {said(found.throughput())}, processor time {said(found.processor())}")
    for door in (without, watched):
        children.stop(door.child)
    return found
