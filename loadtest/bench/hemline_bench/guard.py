"""Outlives the bench for a moment: when the bench is gone, however it went, kills the sessions that it left behind.

Reads `+SESSION` and `-SESSION` lines; the end of the input means that the bench is gone.
"""

import os
import signal
import sys
from pathlib import Path


def members(session: int) -> list[int]:
    """The processes of a session."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == session and fields[0] != "Z":
                found.append(int(entry.name))
    return found


def kill(session: int, by: signal.Signals) -> None:
    """Sends a signal to every process of a session."""
    for pid in members(session):
        try:
            os.kill(pid, by)
        except ProcessLookupError:
            continue


def main() -> None:
    """Keeps the list until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sessions = set()
    for line in sys.stdin:
        sign, session = line[0], int(line[1:])
        (sessions.add if sign == "+" else sessions.discard)(session)
    for session in sessions:
        kill(session, signal.SIGKILL)


if __name__ == "__main__":
    main()
