"""The serving suite."""

import json
import time
from pathlib import Path

from hemline_bench import http_request
from hemline_bench.children import Children
from hemline_bench.closed_loop import Workload
from hemline_bench.progress import say
from hemline_bench.results import Bar, Row
from hemline_bench.suites.serving import closed_loop_rows, open_loop_rows, request_files
from hemline_bench.suites.serving.contenders import Contenders
from hemline_bench.suites.serving.instance import hemline
from hemline_bench.suites.serving.rounds import Size


def main(children: Children, *, quick: bool, peers: bool) -> tuple[list[Row], list[str], list[Bar]]:
    """Returns the rows, the notes and the bars."""
    seed = int(time.time()) % 900
    size = Size(1, 1, 4, False, seed, 3) if quick else Size(3, 6, 15, True, seed, 4)
    say("starting the server for the first time")
    server = hemline(children)
    files = request_files.write(children.folder, request_files.trends(server.base))
    known_answers = _known_answers(children.folder, server.base, files.full)
    contenders = Contenders.start(children, server, files, known_answers, size, with_peers=peers)
    rows, bars, notes = closed_loop_rows.measure(children, contenders, size)
    contenders.stop_all_but_the_server(children)
    rows += open_loop_rows.measure(children, server, files, size)
    rows += _start_rows(children, server.base, Workload("GET", "", files.brief, files.fresh, 1), size)
    return rows, contenders.notes + notes, bars


def _known_answers(folder: Path, base: str, paths: Path) -> Path:
    """A file of the server's full responses for all known trends; a peer can serve these bytes from memory."""
    answers = {path: http_request.get(base + path).decode() for path in paths.read_text().splitlines()}
    file = folder / "known-answers.json"
    file.write_text(json.dumps(answers))
    return file


def _start_rows(children: Children, base: str, work: Workload, size: Size) -> list[Row]:
    """Restarts the server on the same port and measures its start."""
    for child in children.named("hemline"):
        children.stop(child)
    return open_loop_rows.measure_start(children, int(base.rpartition(":")[2]), work, size)
