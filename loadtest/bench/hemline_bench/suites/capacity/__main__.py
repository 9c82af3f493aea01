"""The capacity suite, which writes loadtest/REPORT.md."""

import argparse
import json
import os
import signal
import socket
import sys
import tempfile
from pathlib import Path

from hemline_bench import machine
from hemline_bench.children import ChildFailed, Children
from hemline_bench.closed_loop import LoadFailed
from hemline_bench.places import RESULTS, ROOT
from hemline_bench.progress import say
from hemline_bench.suites.capacity import measure, plot, usl
from hemline_bench.suites.capacity.measure import FULL, QUICK, Size, Target
from hemline_bench.suites.capacity.report import Found, text
from hemline_bench.suites.serving import request_files
from hemline_bench.suites.serving.instance import Instance, free_port, hemline
from hemline_bench.tools import MissingTool

REPORT = ROOT / "loadtest" / "REPORT.md"
HELP = """\
Measures the capacity within the latency objective of one server, and of two servers behind nginx, and its cost; writes
loadtest/REPORT.md and its plots. At most seven minutes on an otherwise idle machine.
"""


def main() -> int:
    """Measures both targets and writes the report."""
    parser = argparse.ArgumentParser(prog="make bench SUITE=capacity", description=HELP)
    parser.add_argument(
        "--quick", action="store_true", help="a short run as a test; prints the report and writes nothing"
    )
    quick = parser.parse_args().quick
    size = QUICK if quick else FULL
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    found = []
    try:
        with Children() as children:
            first = hemline(children)
            known = request_files.trends(first.base)
            paths = request_files.write(children.folder, known).brief
            server = Target("server", first.base, "", (first.child,))
            found.append(_measured(children, server, "one server", paths, size))
            behind = _behind_nginx(children, first)
            found.append(_measured(children, behind, "two servers and their nginx, TLS", paths, size))
    except KeyboardInterrupt:
        print("interrupted; nothing was written", file=sys.stderr)
        return 130
    except (ChildFailed, LoadFailed, MissingTool) as failed:
        print(f"capacity: {failed}", file=sys.stderr)
        return 1
    report = text(machine.facts(), found)
    print(report)
    if not quick:
        _write(report, found)
    return 0


def _measured(children: Children, target: Target, nodes: str, paths: Path, size: Size) -> Found:
    points = measure.closed_loop(children, target, paths, size)
    steps = measure.open_loop(children, target, size)
    if not steps[0].met():
        raise LoadFailed(f"{target.name}: the lowest rate misses the objective, {steps[0]}; is the machine busy?")
    return Found(target.name, nodes, points, usl.fit(points), steps)


def _behind_nginx(children: Children, first: Instance) -> Target:
    second = hemline(children)
    folder = Path(
        tempfile.mkdtemp(prefix="hemline-nginx-", dir="/tmp")
    )  # started by root, nginx runs as the user nobody
    folder.chmod(0o755)
    port = free_port()
    ports = " ".join(instance.base.rpartition("/")[2] for instance in (first, second))
    limits = {"EDGE_RATE": "100000", "EDGE_BURST": "100000", "EDGE_CONNECTIONS": "4096"}
    env = limits | {"EDGE_LISTEN": f"127.0.0.1:{port}", "EDGE_UPSTREAMS": ports}
    child = children.start("nginx", [str(ROOT / "nginx" / "run.sh"), "start", str(folder)], env=os.environ | env)
    child.wait_until(lambda: _listens(port), "nginx does not listen", 20)
    target = Target(
        "nginx", f"https://localhost:{port}", str(folder / "certificate.pem"), (child, first.child, second.child)
    )
    say(f"nginx at {target.url} in front of {ports}")
    return target


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _write(report: str, found: list[Found]) -> None:
    REPORT.write_text(report)
    (RESULTS / "capacity.json").write_text(json.dumps([one.to_json() for one in found], indent=1) + "\n")
    for one in found:
        (RESULTS / f"capacity-{one.name}-law.svg").write_text(plot.law(one.name, one.points, one.fit))
        (RESULTS / f"capacity-{one.name}-latency.svg").write_text(plot.latency(one.name, one.steps))
    say(f"written: {REPORT} and its plots in {RESULTS}")


if __name__ == "__main__":
    sys.exit(main())
