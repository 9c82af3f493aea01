"""Graceful interruption: SIGINT and SIGTERM end a run between two steps."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def stop_requested(*, ignore_repeats: bool) -> Iterator[threading.Event]:
    """An event that SIGINT and SIGTERM set; the former handlers are restored on exit.

    A second SIGINT takes effect at once, unless `ignore_repeats`: launchers of several processes send each signal more
    than once. Outside the main thread no handler is installed.
    """
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def interrupted(number: int, _frame: object) -> None:
        stop.set()
        if number == signal.SIGINT and not ignore_repeats:
            signal.signal(number, before[signal.SIGINT])

    for number in before:
        signal.signal(number, interrupted)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
