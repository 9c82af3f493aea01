"""Hold a server to the Open Inference Protocol v2, clause by clause."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import binary  # noqa: F401 - each file adds its clauses
import clause
import extensions  # noqa: F401
import infer  # noqa: F401
import limits  # noqa: F401
import models  # noqa: F401
import server  # noqa: F401
from report import Outcome, summary, write_junit
from target import Target

ORDER = ("server", "models", "infer", "binary", "extensions", "limits")


def main() -> int:
    """Run the clauses; return 0, or 1 when one failed, or 2 when none could be asked."""
    parser = argparse.ArgumentParser(prog="oip-conformance", description=__doc__)
    parser.add_argument("url", help="base URL of the server, such as http://127.0.0.1:8080")
    parser.add_argument(
        "--model", help="model to ask; the default is the first that the repository index says is ready"
    )
    parser.add_argument("--only", default="", help="run the clauses whose names contain this")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write the outcomes as JUnit XML too")
    options = parser.parse_args()
    target = Target(options.url, options.model)
    try:
        target.ask("/v2/health/live")
        print(f"asking {options.url} for {target.model}")
    except (OSError, AssertionError, ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"oip-conformance: {options.url}: {error}; name a model with --model", file=sys.stderr)
        return 2
    wished = [one for one in clause.CLAUSES if options.only in one.name]
    wished.sort(key=lambda one: ORDER.index(one.check.__module__))
    outcomes = []
    for one in wished:
        outcomes.append(run(one, target))
        print(outcomes[-1].line())
    print(summary(outcomes))
    if options.junit:
        write_junit(outcomes, options.junit)
    if not outcomes:
        print(f"oip-conformance: no clause is called {options.only}", file=sys.stderr)
        return 2
    return int(any(one.word == "fail" for one in outcomes))


def run(one: clause.Clause, target: Target) -> Outcome:
    """Ask one clause."""
    start = time.monotonic()
    word, why = "pass", ""
    try:
        one.check(target)
    except clause.Skipped as skipped:
        word, why = "skip", str(skipped)
    except Exception as error:  # noqa: BLE001 - whatever a server answers, the next clause is asked
        word, why = "fail", f"{error}" if isinstance(error, AssertionError) else f"{type(error).__name__}: {error}"
    return Outcome(one, word, why, time.monotonic() - start)


if __name__ == "__main__":
    sys.exit(main())
