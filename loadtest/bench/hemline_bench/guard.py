"""Outlives the bench for a moment: when the bench is gone, however it went, kills what it left behind.

Every child carries a mark in its environment, which all that it starts inherits, whatever sessions they make.
Reads `+MARK` and `-MARK` lines; the end of the input means that the bench is gone.
"""

import os
import signal
import sys
from pathlib import Path

NAME = "BENCH_CHILD"


def members(mark: str) -> list[int]:
    """The processes that carry the mark."""
    wanted = f"{NAME}={mark}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                marked = wanted in (entry / "environ").read_bytes().split(b"\0")
            except OSError:
                continue
            if marked:
                found.append(int(entry.name))
    return found


def kill(mark: str, by: signal.Signals) -> None:
    """Sends a signal to every process that carries the mark."""
    for pid in members(mark):
        try:
            os.kill(pid, by)
        except ProcessLookupError:
            continue


def main() -> None:
    """Keeps the list until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    marks = set()
    for line in sys.stdin:
        sign, mark = line[0], line[1:].strip()
        (marks.add if sign == "+" else marks.discard)(mark)
    for mark in marks:
        kill(mark, signal.SIGKILL)


if __name__ == "__main__":
    main()
