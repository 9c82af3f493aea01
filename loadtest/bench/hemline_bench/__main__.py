"""The command line of the benchmark suites."""

import argparse
import signal
import sys

from hemline_bench import machine, markdown, plot, results
from hemline_bench.children import ChildFailed, Children
from hemline_bench.closed_loop import LoadFailed
from hemline_bench.places import BENCHMARKS, RESULTS
from hemline_bench.progress import say
from hemline_bench.suites.costs.main import main as costs
from hemline_bench.suites.overload.main import main as overload
from hemline_bench.suites.serving.forecasts import ForecastMismatch
from hemline_bench.suites.serving.main import main as serving
from hemline_bench.suites.shadow.main import main as shadow
from hemline_bench.suites.swap.main import main as swap
from hemline_bench.tools import MissingTool

SUITES = {"costs": costs, "overload": overload, "serving": serving, "shadow": shadow, "swap": swap}

HELP = """\
Measures everything of a suite side by side in one run, and rewrites the generated part of docs/benchmarks/SUITE.md.

  make bench SUITE=serving            complete, at most 15 minutes on two otherwise idle cores
  make bench SUITE=serving QUICK=1    the same rows in at most 3 minutes, as a test; writes nothing
  make bench SUITE=costs              throughput with metrics, access log and traces on and off, in four minutes
  make bench SUITE=overload           3 and 10 times the capacity of a slow graph, in two minutes
  make bench SUITE=shadow             latency of the live version with and without a shadow, in three minutes
  make bench SUITE=swap               1,000 swaps under load, and some of a heavy encoder; 25 minutes (QUICK=1: 30)
  make bench SUITE=pieces             the JMH benchmarks (ARGS: a name, or JMH's options)

It needs wrk, k6 and the peers in loadtest/peers; make fetches them. Ctrl-C stops it and all its processes.
"""


def run() -> int:
    """Measures the selected suite."""
    parser = argparse.ArgumentParser(
        prog="hemline-bench", description=HELP, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("suite", choices=sorted(SUITES), help="the suite")
    parser.add_argument("--quick", action="store_true", help="short rounds, no tuning; writes no file without --write")
    parser.add_argument("--write", action="store_true", help="write the results of a quick run too")
    parser.add_argument("--no-peers", action="store_true", help="omit the peers and write nothing")
    options = parser.parse_args()

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with Children() as children:
            rows, notes, bars = SUITES[options.suite](children, quick=options.quick, peers=not options.no_peers)
    except KeyboardInterrupt:
        print("interrupted; nothing was written", file=sys.stderr)
        return 130
    except (ChildFailed, LoadFailed, MissingTool, ForecastMismatch) as failed:
        print(f"hemline-bench: {failed}", file=sys.stderr)
        return 1
    found = results.Results(options.suite, machine.facts(), rows, notes, bars)
    print(markdown.section(found))
    if options.no_peers or (options.quick and not options.write):
        return 0
    RESULTS.mkdir(exist_ok=True)
    results.write(found, RESULTS / f"{options.suite}.json")
    if found.bars:
        (RESULTS / f"{options.suite}.svg").write_text(plot.bars(found.bars))
    page = BENCHMARKS / f"{options.suite}.md"
    page.write_text(markdown.replaced(page.read_text() if page.exists() else "", found))
    say(f"written: {RESULTS / options.suite}.json, .svg and {page}")
    return 0


if __name__ == "__main__":
    sys.exit(run())
