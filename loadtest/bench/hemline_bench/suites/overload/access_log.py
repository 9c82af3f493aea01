"""The server's own latencies, from its access log in microseconds."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

PERCENT = 100


@dataclass(frozen=True)
class Requests:
    """The requests of one phase: ascending microseconds by status, and the end times of the 200s in seconds."""

    micros: dict[int, list[int]]
    ended: list[float]

    def count(self, status: int) -> int:
        """The number of requests with a status."""
        return len(self.micros.get(status, []))

    def total(self) -> int:
        """The number of requests."""
        return sum(map(len, self.micros.values()))

    def millis(self, status: int, percentile: float) -> float:
        """A percentile of the latencies with a status, in milliseconds; 0 without any."""
        found = self.micros.get(status, [])
        if not found:
            return 0.0
        return found[min(len(found) - 1, int(len(found) * percentile / PERCENT))] / 1000

    def best_second(self) -> int:
        """The most 200s in a whole second: the throughput without interference by other processes."""
        seconds = Counter(int(end) for end in self.ended)
        return max(seconds.values(), default=0)

    def per_second(self) -> float:
        """The mean number of 200s a second, from the first to the last."""
        if len(self.ended) < 2:
            return 0.0
        return (len(self.ended) - 1) / max(1e-9, max(self.ended) - min(self.ended))


def parse(lines: list[str]) -> Requests:
    """Parses the lines of forecasts in the access log."""
    micros: dict[int, list[int]] = {}
    ended: list[float] = []
    for _, entry in _forecasts(lines):
        micros.setdefault(entry["status"], []).append(entry["duration_us"])
        if entry["status"] == 200:
            ended.append(_begun(entry) + entry["duration_us"] / 1e6)
    for found in micros.values():
        found.sort()
    return Requests(micros, ended)


def split(lines: list[str], seconds: float) -> tuple[Requests, Requests]:
    """Parses separately the requests that began within so many seconds of the first, and the later ones."""
    forecasts = list(_forecasts(lines))
    border = min((_begun(entry) for _, entry in forecasts), default=0.0) + seconds
    early = [line for line, entry in forecasts if _begun(entry) < border]
    late = [line for line, entry in forecasts if _begun(entry) >= border]
    return parse(early), parse(late)


def _forecasts(lines: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    for line in lines:
        entry = json.loads(line)
        if entry["route"] == "/v1/forecasts":
            yield line, entry


def _begun(entry: dict[str, Any]) -> float:
    return datetime.fromisoformat(entry["time"]).timestamp()


class Log:
    """The server's access log, read phase by phase."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._read = 0

    def phase(self) -> Requests:
        """The requests since the last phase; waits until the log stops growing."""
        return parse(self._lines())

    def phases(self, seconds: float) -> tuple[Requests, Requests]:
        """The same, split at so many seconds after the first request."""
        return split(self._lines(), seconds)

    def _lines(self) -> list[str]:
        size = -1
        while size != self._file.stat().st_size:
            size = self._file.stat().st_size
            time.sleep(0.3)
        with self._file.open("rb") as log:
            log.seek(self._read)
            text = log.read()
        self._read += len(text)
        return text.decode().splitlines()
