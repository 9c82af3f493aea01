"""Progress messages on stderr."""

import sys
import time

STARTED = time.monotonic()


def say(line: str) -> None:
    """Prints a line with the seconds since the start."""
    print(f"[{time.monotonic() - STARTED:5.0f} s] {line}", file=sys.stderr, flush=True)
