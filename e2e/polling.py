"""Waiting for a condition with a deadline."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def wait_until(
    condition: Callable[[], T], seconds: float, failure: Callable[[], object], *, interval: float = 0.05
) -> T:
    """Poll until the condition is true and return its value; fail with a message after so many seconds."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"not within {seconds} s: {failure()}"
        time.sleep(interval)
    return value
