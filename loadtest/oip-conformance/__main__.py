"""Check a server's conformance to the Open Inference Protocol v2, clause by clause."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import binary  # noqa: F401 - each module registers its clauses
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
    """Run the clauses; return 0, or 1 when one failed, or 2 on wrong usage or without a server."""
    parser = argparse.ArgumentParser(prog="oip-conformance", description=__doc__)
    parser.add_argument("url", help="base URL of the server, such as http://127.0.0.1:8080")
    parser.add_argument(
        "--model", help="the model to query; the default is the first ready one in the repository index"
    )
    parser.add_argument("--only", default="", help="run only the clauses whose names contain this text")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write the outcomes as JUnit XML too")
    options = parser.parse_args()
    target = Target(options.url, options.model)
    try:
        target.request("/v2/health/live")
        print(f"checking {options.url} with the model {target.model}")
    except (OSError, AssertionError, ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"oip-conformance: {options.url}: {error}; set a model with --model", file=sys.stderr)
        return 2
    selected = [one for one in clause.CLAUSES if options.only in one.name]
    selected.sort(key=lambda one: ORDER.index(one.check.__module__))
    outcomes = []
    for one in selected:
        outcomes.append(run(one, target))
        print(outcomes[-1].line())
    print(summary(outcomes))
    if options.junit:
        write_junit(outcomes, options.junit)
    if not outcomes:
        print(f"oip-conformance: no clause contains {options.only}", file=sys.stderr)
        return 2
    return int(any(one.status == "fail" for one in outcomes))


def run(one: clause.Clause, target: Target) -> Outcome:
    """Check one clause."""
    start = time.monotonic()
    status, reason = "pass", ""
    try:
        one.check(target)
    except clause.Skipped as skipped:
        status, reason = "skip", str(skipped)
    except Exception as error:  # noqa: BLE001 - the next clause runs whatever the server responds
        status, reason = "fail", f"{error}" if isinstance(error, AssertionError) else f"{type(error).__name__}: {error}"
    return Outcome(one, status, reason, time.monotonic() - start)


if __name__ == "__main__":
    sys.exit(main())
