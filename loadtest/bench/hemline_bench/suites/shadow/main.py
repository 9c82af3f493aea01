"""The suite: a server with a shadow and one without get unique requests at a fixed rate, in alternating pairs."""

import json
import shutil
from pathlib import Path
from statistics import median

from hemline_bench import http_request, open_loop
from hemline_bench.children import Children
from hemline_bench.closed_loop import Workload
from hemline_bench.places import ROOT
from hemline_bench.progress import say
from hemline_bench.results import Bar, Row, at_least, at_most
from hemline_bench.suites.costs.pairs import ratios, summary
from hemline_bench.suites.serving import request_files
from hemline_bench.suites.serving.instance import Instance, free_port, hemline

PAIRS, SECONDS = 9, 6
QUICK_PAIRS, QUICK_SECONDS = 3, 2
RATE = 300
MOST = 1.10
LEAST_COMPARED = 100


def main(children: Children, *, quick: bool, peers: bool) -> tuple[list[Row], list[str], list[Bar]]:
    """Measures the live version's p99 with and without a shadow; this suite has no peers."""
    del peers
    pairs, seconds = (QUICK_PAIRS, QUICK_SECONDS) if quick else (PAIRS, SECONDS)
    admin = free_port()
    alone = hemline(children, settings={"store.url": str(_store(children.folder / "alone"))})
    shadowed = hemline(
        children,
        settings={"store.url": str(_store(children.folder / "shadowed", shadow="1")), "admin.port": str(admin)},
    )
    files = request_files.write(children.folder, request_files.trends(alone.base))
    work = Workload("POST", "/v1/forecasts", files.fresh, files.fresh, 0)
    seed = 600
    tails: dict[str, list[float]] = {alone.base: [], shadowed.base: []}

    def p99(instance: Instance) -> float:
        nonlocal seed
        seed += 1
        found = open_loop.run(children, instance.base, work, RATE, seconds, seed)
        say(f"{'with' if instance is shadowed else 'without'} a shadow: {found}")
        tails[instance.base].append(found.p99_ms)
        return found.p99_ms

    for instance in (alone, shadowed):
        open_loop.run(children, instance.base, work, RATE, seconds, seed)
    found = ratios(lambda: p99(shadowed), lambda: p99(alone), pairs)
    shadow = _shadow(admin)
    rows = [
        at_most(
            f"{RATE}/s uncached, with a shadow: p99",
            f"{median(tails[shadowed.base]):.3g} ms, ratios {summary(found)}",
            f"without {median(tails[alone.base]):.3g} ms",
            median(found),
            MOST,
        ),
        at_least(
            "forecasts that the shadow compared", str(shadow["compared"]), "", shadow["compared"], LEAST_COMPARED, ""
        ),
    ]
    notes = [
        f"{pairs} pairs of {seconds} s in alternating order. The figure is the median of the pairs' ratios of p99.",
        f"The shadow in `/models`, version 1 shadowing 2: {json.dumps(shadow)}.",
    ]
    return rows, notes, []


def _store(folder: Path, shadow: str | None = None) -> Path:
    shutil.copytree(ROOT / "model-store" / "demo" / "store", folder)
    if shadow is not None:
        (folder / "trend" / "channels" / "shadow").write_text(f"{shadow}\n")
    return folder


def _shadow(admin: int) -> dict[str, float]:
    models = json.loads(http_request.get(f"http://127.0.0.1:{admin}/models"))
    statistics: dict[str, float] = models["models"][0]["shadow"]
    return statistics
