"""Latencies as the server itself took them: its access log has every request with its microseconds."""

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
class Seen:
    """Requests of one phase: microseconds by status, ascending, and when the answered ones ended, in seconds."""

    micros: dict[int, list[int]]
    ended: list[float]

    def count(self, status: int) -> int:
        """How many had that status."""
        return len(self.micros.get(status, []))

    def total(self) -> int:
        """How many there were."""
        return sum(map(len, self.micros.values()))

    def millis(self, status: int, percentile: float) -> float:
        """A percentile of those with that status, in milliseconds; 0 when there were none."""
        found = self.micros.get(status, [])
        if not found:
            return 0.0
        return found[min(len(found) - 1, int(len(found) * percentile / PERCENT))] / 1000

    def best_second(self) -> int:
        """Answered with 200 in the best whole second: what is possible when nobody else takes the processors."""
        seconds = Counter(int(end) for end in self.ended)
        return max(seconds.values(), default=0)

    def per_second(self) -> float:
        """Answered with 200 in a second, from the first to the last."""
        if len(self.ended) < 2:
            return 0.0
        return (len(self.ended) - 1) / max(1e-9, max(self.ended) - min(self.ended))


def parse(lines: list[str]) -> Seen:
    """Reads lines of the access log, of forecasts only."""
    micros: dict[int, list[int]] = {}
    ended: list[float] = []
    for _, entry in _forecasts(lines):
        micros.setdefault(entry["status"], []).append(entry["duration_us"])
        if entry["status"] == 200:
            ended.append(_begun(entry) + entry["duration_us"] / 1e6)
    for found in micros.values():
        found.sort()
    return Seen(micros, ended)


def split(lines: list[str], seconds: float) -> tuple[Seen, Seen]:
    """Reads apart what began within so many seconds of the first, and what began later."""
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

    def phase(self) -> Seen:
        """What was written since the last phase; waits until nothing more comes."""
        return parse(self._lines())

    def phases(self, seconds: float) -> tuple[Seen, Seen]:
        """The same, apart: what began within so many seconds of the first, and what began later."""
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
