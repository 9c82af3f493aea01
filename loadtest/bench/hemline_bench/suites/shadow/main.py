"""The suite: one server with a shadow and one without answer fresh questions at a fixed rate, in alternating pairs."""

import json
import shutil
import urllib.request
from pathlib import Path
from statistics import median

from hemline_bench import opened
from hemline_bench.children import Children
from hemline_bench.closed import Work
from hemline_bench.places import ROOT
from hemline_bench.progress import say
from hemline_bench.results import Bar, Row, at_least, at_most
from hemline_bench.suites.costs.pairs import ratios, said
from hemline_bench.suites.serving import questions
from hemline_bench.suites.serving.server import Door, free_port, hemline

PAIRS, SECONDS = 9, 6
QUICK_PAIRS, QUICK_SECONDS = 3, 2
RATE = 300
MOST = 1.10
LEAST_COMPARED = 100


def main(children: Children, *, quick: bool, peers: bool) -> tuple[list[Row], list[str], list[Bar]]:
    """Measures the live version's p99 with a shadow beside it and without; there are no peers here."""
    del peers
    pairs, seconds = (QUICK_PAIRS, QUICK_SECONDS) if quick else (PAIRS, SECONDS)
    admin = free_port()
    alone = hemline(children, told={"store.url": str(_store(children.folder / "alone"))})
    beside = hemline(
        children, told={"store.url": str(_store(children.folder / "beside", shadow="1")), "admin.port": str(admin)}
    )
    asked = questions.write(children.folder, questions.trends(alone.base))
    work = Work("POST", "/v1/forecasts", asked.fresh, asked.fresh, 0)
    seed = 600
    tails: dict[str, list[float]] = {alone.base: [], beside.base: []}

    def p99(door: Door) -> float:
        nonlocal seed
        seed += 1
        found = opened.ask(children, door.base, work, RATE, seconds, seed)
        say(f"{'with' if door is beside else 'without'} a shadow: {found}")
        tails[door.base].append(found.p99_ms)
        return found.p99_ms

    for door in (alone, beside):
        opened.ask(children, door.base, work, RATE, seconds, seed)
    found = ratios(lambda: p99(beside), lambda: p99(alone), pairs)
    shadow = _shadow(admin)
    rows = [
        at_most(
            f"{RATE}/s uncached, a shadow beside the live version: p99",
            f"{median(tails[beside.base]):.3g} ms, ratios {said(found)}",
            f"without {median(tails[alone.base]):.3g} ms",
            median(found),
            MOST,
        ),
        at_least(
            "forecasts that the shadow compared", str(shadow["compared"]), "", shadow["compared"], LEAST_COMPARED, ""
        ),
    ]
    notes = [
        f"{pairs} pairs of {seconds} s; who begins changes. The figure is the median of the pairs' ratios of p99.",
        f"What `/models` told of the shadow, version 1 beside 2: {json.dumps(shadow)}.",
    ]
    return rows, notes, []


def _store(folder: Path, shadow: str | None = None) -> Path:
    shutil.copytree(ROOT / "model-store" / "demo" / "store", folder)
    if shadow is not None:
        (folder / "trend" / "channels" / "shadow").write_text(f"{shadow}\n")
    return folder


def _shadow(admin: int) -> dict[str, float]:
    with urllib.request.urlopen(f"http://127.0.0.1:{admin}/models") as answer:
        said_of_it: dict[str, float] = json.load(answer)["models"][0]["shadow"]
    return said_of_it
