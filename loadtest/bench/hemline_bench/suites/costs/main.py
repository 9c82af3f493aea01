"""The suite: servers with and without metrics, access log and traces answer cached requests in alternating pairs."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from statistics import median
from threading import Thread

from hemline_bench import closed_loop
from hemline_bench.children import Children
from hemline_bench.closed_loop import ClosedLoopResult, Workload
from hemline_bench.progress import say
from hemline_bench.results import Bar, Row, at_least, at_most
from hemline_bench.suites.costs.pairs import Pairs, measured, summary
from hemline_bench.suites.serving import request_files
from hemline_bench.suites.serving.instance import Instance, hemline

PAIRS, SECONDS = 9, 3.0
QUICK_PAIRS, QUICK_SECONDS = 3, 1.0
WARM_UPS = 4
# A hit is the cheapest response, so observability weighs most there.
LEAST, MOST = 0.98, 1.02


class Receiver(BaseHTTPRequestHandler):
    """An OTLP endpoint that discards spans."""

    def do_POST(self) -> None:
        """Reads the body and accepts it."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Log nothing."""


def main(children: Children, *, quick: bool, peers: bool) -> tuple[list[Row], list[str], list[Bar]]:
    """Measures each kind of observability against the same server without it; this suite has no peers."""
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
    observed, without = (median(one.per_second for one in found) for found in (metrics.observed, metrics.without))
    return at_least(
        "cached, full form: metrics (the default) against none",
        f"{observed:,.0f}/s, ratios {summary(metrics.throughput())}",
        f"{without:,.0f}/s",
        median(metrics.throughput()),
        LEAST,
    )


def _processor_row(metrics: Pairs) -> Row:
    observed, without = (median(one.server_cpu_us for one in found) for found in (metrics.observed, metrics.without))
    return at_most(
        "the same: CPU time of the server per response",
        f"{observed:.2f} µs, ratios {summary(metrics.processor())}",
        f"{without:.2f} µs",
        median(metrics.processor()),
        MOST,
    )


def _notes(metrics: Pairs, log: Pairs, idle: Pairs, traces: Pairs, pairs: int, seconds: float) -> list[str]:
    def both(found: Pairs) -> str:
        return f"throughput {summary(found.throughput())}, CPU time {summary(found.processor())}"

    errors = sum(one.errors for found in (metrics, log, idle, traces) for one in (*found.observed, *found.without))
    return [
        f"Each figure: two servers of the same build, {WARM_UPS} warm-ups each, then {pairs} pairs of {seconds:g} s; "
        "the order alternates. It is the median of the pairs' ratios, with minimum and maximum; CPU time is "
        f"the server's per response. {errors} responses were errors.",
        f"The access log in a file, against the default: {both(log)}.",
        f"Traces configured with none sampled, against the default without traces: {both(idle)}.",
        f"Traces of 1 request in 100, sent to a receiver on the same cores, against the default: {both(traces)}.",
    ]


def _pairs(children: Children, base: dict[str, str], more: dict[str, str], pairs: int, seconds: float) -> Pairs:
    say(f"starting two servers, with {base or 'nothing'} and with {more or 'nothing'}")
    without, observed = hemline(children, settings=base), hemline(children, settings=more)
    files = request_files.write(children.folder, request_files.trends(without.base))
    work = Workload("GET", "", files.full, files.fresh, 1)

    def measure(instance: Instance) -> ClosedLoopResult:
        return closed_loop.run(children, instance.child, instance.base, work, seconds, 1)

    for _ in range(WARM_UPS):
        for instance in (without, observed):
            measure(instance)
    found = measured(lambda: measure(observed), lambda: measure(without), pairs)
    say(f"throughput {summary(found.throughput())}, CPU time {summary(found.processor())}")
    for instance in (without, observed):
        children.stop(instance.child)
    return found
