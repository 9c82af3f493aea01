"""Children never outlive the benchmark, and a minimal closed-loop run works."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from hemline_bench import closed_loop, guard
from hemline_bench.children import ChildFailed, Children
from hemline_bench.closed_loop import Workload
from hemline_bench.suites.serving.instance import free_port

SLEEPER = [
    sys.executable,
    "-c",
    "import subprocess, time; subprocess.Popen(['sleep', '600'], start_new_session=True); time.sleep(600)",
]
PATIENCE = 15


def wait_for_members(mark: str, count: int) -> None:
    for _ in range(PATIENCE * 100):
        if len(guard.members(mark)) == count:
            return
        time.sleep(0.01)
    raise AssertionError(f"{guard.members(mark)} are there, not {count}")


def test_stops_a_child_and_its_descendants() -> None:
    with Children() as children:
        child = children.start("sleeper", SLEEPER)
        wait_for_members(child.mark, 2)

    wait_for_members(child.mark, 0)


def test_the_guard_kills_the_children_of_a_killed_benchmark() -> None:
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
    wait_for_members(mark, 2)

    process.kill()

    wait_for_members(mark, 0)
    process.wait()
    process.stdout.close()


def test_the_failure_of_a_command_has_the_end_of_its_output() -> None:
    with Children() as children, pytest.raises(ChildFailed, match=r"exited with 3\n.*the reason"):
        children.run("bad", [sys.executable, "-c", "print('the reason'); raise SystemExit(3)"], PATIENCE)


def test_a_minimal_closed_loop_measures_a_real_server(tmp_path: Path) -> None:
    questions = tmp_path / "questions.txt"
    questions.write_text("/questions.txt\n")
    port = free_port()
    serve = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(tmp_path)]

    with Children() as children:
        server = children.start("server", serve)
        server.wait_for(f"http://127.0.0.1:{port}/questions.txt", PATIENCE)
        work = Workload("GET", "", questions, questions, 1)
        found = closed_loop.run(children, server, f"http://127.0.0.1:{port}", work, 1, seed=1, connections=2)

    assert found.requests > 0
    assert found.generator_cpu_us > 0
