"""Client threads that send requests in the background and record every response."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from polling import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from http_exchange import Response


@dataclass(frozen=True)
class Completed:
    """A response, the client that received it, and its time of arrival on the monotonic clock."""

    client: int
    arrived: float
    response: Response


@dataclass
class BackgroundClients:
    """Clients that send requests one after another until the `with` block ends.

    Client `c` of `n` sends the requests `c`, `c + n`, `c + 2n`, ….
    """

    send: Callable[[int], Response]
    clients: int = 4
    interval: float = 0
    """Seconds between a response and the client's next request."""
    completed: list[Completed] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    """Errors of connections, and responses other than 200."""

    def __post_init__(self) -> None:
        """Create the threads."""
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(client,)) for client in range(self.clients)]

    def __enter__(self) -> Self:
        """Start the clients."""
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the clients after their current requests."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, responses: int) -> None:
        """Wait for so many further responses."""
        goal = len(self.completed) + responses
        wait_until(
            lambda: len(self.completed) >= goal,
            60,
            lambda: f"{len(self.completed)} of {goal} responses: {self.failures[:3]}",
            interval=0.01,
        )

    def of(self, client: int) -> list[Completed]:
        """Return what one client received, in order."""
        return [completed for completed in self.completed if completed.client == client]

    def _run(self, client: int) -> None:
        number = client
        while not self._stop.wait(self.interval):
            try:
                response = self.send(number)
            except OSError as error:
                self.failures.append(repr(error))
            else:
                self.completed.append(Completed(client, time.monotonic(), response))
                if response.status != 200:
                    self.failures.append(f"{response.status} {response.body!r}")
            number += self.clients
