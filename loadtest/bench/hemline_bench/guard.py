"""A process that kills the benchmark's remaining children after the benchmark has exited for whatever reason.

Every child has a mark in its environment, which its descendants inherit, in any session.
Reads `+MARK` and `-MARK` lines; the end of the input means that the benchmark has exited.
"""

import os
import signal
import sys
from pathlib import Path

NAME = "BENCH_CHILD"


def members(mark: str) -> list[int]:
    """The processes with the mark."""
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
    """Sends a signal to every process with the mark."""
    for pid in members(mark):
        try:
            os.kill(pid, by)
        except ProcessLookupError:
            continue


def main() -> None:
    """Maintains the set of marks until the input ends, then kills their processes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    marks: set[str] = set()
    for line in sys.stdin:
        sign, mark = line[0], line[1:].strip()
        (marks.add if sign == "+" else marks.discard)(mark)
    for mark in marks:
        kill(mark, signal.SIGKILL)


if __name__ == "__main__":
    main()
