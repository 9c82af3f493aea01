"""The suite from its first server to its last row."""

import json
import time
import urllib.request
from pathlib import Path

from hemline_bench.children import Children
from hemline_bench.closed import Work
from hemline_bench.progress import say
from hemline_bench.results import Bar, Row
from hemline_bench.suites.serving import closed_rows, open_rows, questions
from hemline_bench.suites.serving.contenders import Contenders
from hemline_bench.suites.serving.server import hemline
from hemline_bench.suites.serving.size import Size


def main(children: Children, *, quick: bool, peers: bool) -> tuple[list[Row], list[str], list[Bar]]:
    """Measures everything and returns the rows, what is to be said about them, and the bars."""
    seed = int(time.time()) % 900
    size = Size(1, 1, 4, False, seed, 3) if quick else Size(3, 6, 15, True, seed, 4)
    say("starting the server for the first time")
    server = hemline(children)
    asked = questions.write(children.folder, questions.trends(server.base))
    known_answers = _known_answers(children.folder, server.base, asked.full)
    contenders = Contenders.start(children, server, asked, known_answers, size, with_peers=peers)
    rows, bars, notes = closed_rows.measure(children, contenders, size)
    contenders.stop_all_but_the_server(children)
    rows += open_rows.measure(children, server, asked, size)
    rows += _start_rows(children, server.base, Work("GET", "", asked.brief, asked.fresh, 1), size)
    return rows, contenders.notes + notes, bars


def _known_answers(folder: Path, base: str, paths: Path) -> Path:
    """The full answers of all known trends, so that a peer can keep the very bytes ready."""
    answers = {}
    for path in paths.read_text().splitlines():
        with urllib.request.urlopen(base + path) as answer:
            answers[path] = answer.read().decode()
    file = folder / "known-answers.json"
    file.write_text(json.dumps(answers))
    return file


def _start_rows(children: Children, base: str, work: Work, size: Size) -> list[Row]:
    """Stops the server and starts it anew on the same port."""
    for child in children.named("hemline"):
        children.stop(child)
    return open_rows.measure_start(children, int(base.rpartition(":")[2]), work, size)
