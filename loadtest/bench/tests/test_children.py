"""Processes die with the bench, and a tiny bench runs from end to end."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from hemline_bench import closed, guard
from hemline_bench.children import ChildFailed, Children
from hemline_bench.closed import Work
from hemline_bench.suites.serving.server import free_port

SLEEPER = [
    sys.executable,
    "-c",
    "import subprocess, time; subprocess.Popen(['sleep', '600'], start_new_session=True); time.sleep(600)",
]
PATIENCE = 15


def until_members(mark: str, count: int) -> None:
    for _ in range(PATIENCE * 100):
        if len(guard.members(mark)) == count:
            return
        time.sleep(0.01)
    raise AssertionError(f"{guard.members(mark)} are there, not {count}")


def test_stops_a_child_and_what_the_child_started() -> None:
    with Children() as children:
        child = children.start("sleeper", SLEEPER)
        until_members(child.mark, 2)

    until_members(child.mark, 0)


def test_the_guard_kills_what_a_killed_bench_leaves_behind() -> None:
    bench = (
        "import sys, time\n"
        "from hemline_bench.children import Children\n"
        f"child = Children().start('sleeper', {SLEEPER!r})\n"
        "print(child.mark, flush=True)\n"
        "time.sleep(600)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", bench], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    mark = process.stdout.readline().strip()
    until_members(mark, 2)

    process.kill()

    until_members(mark, 0)
    process.wait()
    process.stdout.close()


def test_a_failed_command_says_what_it_said_last() -> None:
    with Children() as children, pytest.raises(ChildFailed, match=r"ended with 3\n.*the reason"):
        children.run("bad", [sys.executable, "-c", "print('the reason'); raise SystemExit(3)"], PATIENCE)


def test_a_tiny_closed_loop_measures_a_real_server(tmp_path: Path) -> None:
    questions = tmp_path / "questions.txt"
    questions.write_text("/questions.txt\n")
    port = free_port()
    serve = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(tmp_path)]

    with Children() as children:
        server = children.start("server", serve)
        server.wait_for(f"http://127.0.0.1:{port}/questions.txt", PATIENCE)
        work = Work("GET", "", questions, questions, 1)
        found = closed.ask(children, server, f"http://127.0.0.1:{port}", work, 1, seed=1, connections=2)

    assert found.requests > 0
    assert found.generator_cpu_us > 0
