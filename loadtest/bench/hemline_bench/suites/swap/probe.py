"""Observes a running server: its ready version, cache hits, memory and log."""

import http.client
import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from hemline_bench import scrape
from hemline_bench.children import Child, ChildFailed

CLOSED = re.compile(r"version \d+ of trend is closed$", re.MULTILINE)
POLL_SECONDS = 0.01


@dataclass(frozen=True)
class Hits:
    """Cache hits and cache requests."""

    hits: float
    requests: float

    def since(self, before: "Hits") -> float:
        """The hit rate since then, in percent."""
        return 100 * (self.hits - before.hits) / (self.requests - before.requests)


def parse_hits(metrics: str) -> Hits:
    """Reads the cache's counters from a scrape; a request that joined an in-flight call is no hit."""
    name = "forecast_cache_requests_total"
    return Hits(hits=scrape.metric(metrics, name, result="hit"), requests=scrape.metric(metrics, name))


@dataclass(frozen=True)
class ServerProbe:
    """A running server, its two listeners and its entry in `/proc`."""

    child: Child
    base: str
    admin: str

    def hits(self) -> Hits:
        """The current counters of the cache."""
        return parse_hits(scrape.fetch(self.admin))

    def resident_mb(self) -> float:
        """The current resident memory."""
        status = Path(f"/proc/{self.child.process.pid}/status").read_text()
        found = re.search(r"^VmRSS:\s+(\d+) kB", status, re.MULTILINE)
        if not found:
            raise self.child.failed("has no VmRSS")
        return int(found.group(1)) / 1024

    def collect_garbage(self) -> None:
        """Runs a full garbage collection."""
        subprocess.run(["jcmd", str(self.child.process.pid), "GC.run"], check=True, capture_output=True, timeout=30)

    def closed(self) -> int:
        """The number of versions that were closed and released their native heap, by the log."""
        return len(CLOSED.findall(self.child.log.read_text(errors="replace")))

    def wait_live(self, version: int, seconds: float = 60) -> float:
        """Waits until the version is live, by requests that use no cache; returns the seconds that it took."""
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
                time.sleep(POLL_SECONDS)
        except (OSError, http.client.HTTPException) as error:
            raise ChildFailed(f"{self.child.name}: unreachable: {error}") from error
        finally:
            connection.close()
