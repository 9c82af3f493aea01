"""Real processes that end by SIGKILL: at the k-th touch of a folder, or when a test says so.

They are forked by a server that has loaded the libraries, so that one costs milliseconds.
"""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator
from itertools import count
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["test_kill"])

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
TOUCHES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "shutil.copyfile"}
SECONDS = 120


def start(work: Callable[..., object], *args: object) -> BaseProcess:
    """Starts a process that does the work."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parent))  # the server looks for what it loads there alone
        forkserver.ensure_running()
    process = FORKS.Process(target=work, args=args)
    process.start()
    return process


def ended(process: BaseProcess) -> int | None:
    """Waits for the end of a process and says how it was."""
    process.join(SECONDS)
    return process.exitcode


def deaths(folder: Path, work: Callable[..., object], *args: object) -> Iterator[int]:
    """Has the work killed at its first touch of the folder, then at its second, and so on, until it comes through."""
    for touch in count():
        code = ended(start(_dying, touch, folder, work, *args))
        if code == 0:
            return
        assert code == -signal.SIGKILL, f"touch {touch} ended by {code}"
        yield touch


def _dying(touch: int, folder: Path, work: Callable[..., object], *args: object) -> None:
    left = [touch]

    def heard(event: str, words: tuple[Any, ...]) -> None:
        if event == "open":
            touches = isinstance(words[0], str | bytes | os.PathLike) and bool((words[2] or 0) & WRITES)
        else:
            touches = event in TOUCHES
        if touches and str(folder) in " ".join(str(word) for word in words):
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left[0] -= 1

    sys.addaudithook(heard)
    work(*args)
