"""The suite: servers that are watched in different ways answer the same remembered questions in alternating pairs."""

from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from statistics import median
from threading import Thread

from hemline_bench import closed
from hemline_bench.children import Children
from hemline_bench.closed import Work
from hemline_bench.progress import say
from hemline_bench.results import Bar, Row, at_least
from hemline_bench.suites.costs.pairs import ratios, said
from hemline_bench.suites.serving import questions
from hemline_bench.suites.serving.server import Door, hemline

PAIRS, SECONDS = 9, 3.0
QUICK_PAIRS, QUICK_SECONDS = 3, 1.0
WARM_UPS = 4
# A hit is the cheapest answer there is, so whatever watches it weighs most there.
LEAST = 0.98


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
        sampled = {"traces.endpoint": endpoint, "traces.sample": "0.01"}
        traces = _pairs(children, {}, sampled, pairs, seconds)
        receiver.shutdown()
    row = at_least(
        "cached, full form: metrics (the default) beside none",
        f"{metrics.watched:,.0f}/s, ratios {said(metrics.ratios)}",
        f"{metrics.without:,.0f}/s",
        median(metrics.ratios),
        LEAST,
    )
    notes = [
        f"Each figure: two servers of the same build, {WARM_UPS} warm-ups each, then {pairs} pairs of {seconds:g} s; "
        "who begins a pair changes. It is the median of the pairs' ratios of throughput, with least and greatest.",
        f"The access log, written to a file, beside the default: {said(log.ratios)}.",
        f"Traces of 1 request in 100, sent to a receiver on the same cores, beside the default: {said(traces.ratios)}.",
    ]
    return [row], notes, []


@dataclass(frozen=True)
class Pairs:
    """Throughput with and without, and its ratio pair by pair."""

    ratios: list[float]
    watched: float
    without: float


def _pairs(children: Children, base: dict[str, str], more: dict[str, str], pairs: int, seconds: float) -> Pairs:
    say(f"starting two servers, with {base or 'nothing'} and with {more or 'nothing'}")
    without, watched = hemline(children, told=base), hemline(children, told=more)
    asked = questions.write(children.folder, questions.trends(without.base))
    work = Work("GET", "", asked.full, asked.fresh, 1)
    speeds: dict[str, list[float]] = {without.base: [], watched.base: []}

    def ask(door: Door) -> float:
        found = closed.ask(children, door.child, door.base, work, seconds, 1)
        speeds[door.base].append(found.per_second)
        return found.per_second

    for _ in range(WARM_UPS):
        for door in (without, watched):
            closed.ask(children, door.child, door.base, work, seconds, 1)
    found = ratios(lambda: ask(watched), lambda: ask(without), pairs)
    say(f"ratios {said(found)}")
    for door in (without, watched):
        children.stop(door.child)
    return Pairs(found, median(speeds[watched.base]), median(speeds[without.base]))
