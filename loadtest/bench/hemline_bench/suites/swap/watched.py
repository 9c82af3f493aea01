"""What can be seen of the server from outside: the version that is ready, hits, memory, the log."""

import http.client
import re
import subprocess
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from hemline_bench.children import Child, ChildFailed

CLOSED = re.compile(r"version \d+ of trend is closed$", re.MULTILINE)
LOOK_SECONDS = 0.01


@dataclass(frozen=True)
class Hits:
    """How often questions were answered from memory."""

    hits: float
    asked: float

    def since(self, before: "Hits") -> float:
        """The share of hits since then, in percent."""
        return 100 * (self.hits - before.hits) / (self.asked - before.asked)


def parse_hits(metrics: str) -> Hits:
    """Reads the cache's counters off a scrape; what joined a question in flight was not in memory."""
    counts = re.findall(r'^forecast_cache_requests_total\{[^}]*result="(\w+)"[^}]*\} (\S+)', metrics, re.MULTILINE)
    return Hits(
        hits=sum(float(count) for result, count in counts if result == "hit"),
        asked=sum(float(count) for _, count in counts),
    )


@dataclass(frozen=True)
class Watched:
    """A running server, looked at on its own two listeners and in `/proc`."""

    child: Child
    base: str
    admin: str

    def hits(self) -> Hits:
        """The cache's counters now."""
        with urllib.request.urlopen(f"{self.admin}/metrics") as answer:
            return parse_hits(answer.read().decode())

    def resident_mb(self) -> float:
        """The process's memory now."""
        status = Path(f"/proc/{self.child.process.pid}/status").read_text()
        found = re.search(r"^VmRSS:\s+(\d+) kB", status, re.MULTILINE)
        if not found:
            raise self.child.failed("has no VmRSS")
        return int(found.group(1)) / 1024

    def collect_garbage(self) -> None:
        """Has the JVM free what nobody holds any more."""
        subprocess.run(["jcmd", str(self.child.process.pid), "GC.run"], check=True, capture_output=True, timeout=30)

    def closed(self) -> int:
        """Versions that were closed with their native heap given back, by the log."""
        return len(CLOSED.findall(self.child.log.read_text(errors="replace")))

    def wait_live(self, version: int, seconds: float = 60) -> float:
        """Waits until the version is live, in a way that touches no cache; returns how long that took."""
        started = time.monotonic()
        host = self.base.removeprefix("http://")
        connection = http.client.HTTPConnection(host, timeout=10)
        try:
            while True:
                connection.request("GET", f"/v2/models/trend/versions/{version}/ready")
                answer = connection.getresponse()
                answer.read()
                if answer.status == 200:
                    return time.monotonic() - started
                if time.monotonic() - started > seconds:
                    raise self.child.failed(f"version {version} is not live after {seconds:.0f} s")
                time.sleep(LOOK_SECONDS)
        except (OSError, http.client.HTTPException) as gone:
            raise ChildFailed(f"{self.child.name}: cannot be asked any more: {gone}") from gone
        finally:
            connection.close()
