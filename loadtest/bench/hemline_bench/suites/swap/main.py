"""The suite: a server under a constant load, first without swaps, then with one swap directly after another."""

import math
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from hemline_bench import tools
from hemline_bench.children import Children
from hemline_bench.places import ARTIFACT, ROOT
from hemline_bench.progress import say
from hemline_bench.results import Bar, Row
from hemline_bench.suites.serving.instance import free_port, hemline
from hemline_bench.suites.swap import phase, workload
from hemline_bench.suites.swap.probe import ServerProbe
from hemline_bench.suites.swap.rows import rows
from hemline_bench.suites.swap.version_store import VersionStore

# A fixed heap: only native memory, which has the sessions, can grow.
JAVA = "-Xms512m -Xmx512m -XX:+AlwaysPreTouch"
# Frequent polls and a short calibration, so that a thousand swaps fit into a quarter of an hour.
# The encoder of random weights made none of the snapshot's embeddings, which would make the server refuse the version.
SETTINGS = {"store.poll": "20ms", "batch.calibration": "50ms", "features.max-embedding-mismatch": "1"}
MARGIN = 1.15


@dataclass(frozen=True)
class Size:
    """Swaps of light and of heavy versions; after the swap `settled` memory must not grow."""

    swaps: int
    settled: int
    heavy_swaps: int
    heavy_settled: int
    warm_seconds: int
    steady_seconds: int


FULL = Size(swaps=1000, settled=50, heavy_swaps=20, heavy_settled=5, warm_seconds=30, steady_seconds=60)
QUICK = Size(swaps=30, settled=10, heavy_swaps=0, heavy_settled=0, warm_seconds=8, steady_seconds=10)


def main(children: Children, *, quick: bool, peers: bool) -> tuple[list[Row], list[str], list[Bar]]:
    """Measures light versions, then heavy ones; this suite has no peers."""
    del peers
    size = QUICK if quick else FULL
    demo = [ARTIFACT.with_name("1"), ARTIFACT]
    found = _swaps(children, "demo", demo, size.swaps, size.settled, size)
    if size.heavy_swaps:
        made = _full_size_encoder(children)
        found += _swaps(children, "ViT-B/16", [made], size.heavy_swaps, size.heavy_settled, size)
    return found, _notes(size), []


def _full_size_encoder(children: Children) -> Path:
    """Builds a version with a full-size image encoder of random weights by the trainer; a minute and 3 GB of memory."""
    say("building a version with a ViT-B/16 of random weights")
    out = children.folder / "full-encoder"
    command = [tools.uv(), "run", "--project", "trainer", "--locked", "python", "trainer/tools/full_encoder.py"]
    output, _ = children.run("full-encoder", [*command, str(out)], 900, cwd=ROOT)
    say(output.strip().splitlines()[-1])
    return out


def _swaps(children: Children, kind: str, artifacts: list[Path], wanted: int, settled: int, size: Size) -> list[Row]:
    folder = children.folder / kind.replace("/", "-")
    folder.mkdir()
    store = VersionStore(folder, artifacts)
    admin = free_port()
    settings = {**SETTINGS, "admin.port": str(admin), "store.url": str(store.url)}
    instance = hemline(children, settings=settings, java=JAVA)
    server = ServerProbe(instance.child, instance.base, f"http://127.0.0.1:{admin}")
    work = workload.work(folder, server.base)
    seed = int(time.time()) % 800
    say(f"{kind}: warm-up of twice {size.warm_seconds} s, the second time with swaps")
    phase.measure(children, server, work, size.warm_seconds, seed)
    trial = phase.measure(children, server, work, size.warm_seconds, seed + 1, store)
    steady = phase.measure(children, server, work, size.steady_seconds, seed + 2)
    say(f"{kind}, without swaps: {steady.load}, {steady.hit_percent:.1f} % hits")
    closed_before = _all_closed(server, store)
    settled_pace = median(trial.swapped.seconds[len(trial.swapped.seconds) // 2 :])
    seconds = math.ceil(wanted * settled_pace * MARGIN) + phase.K6_STARTS_SECONDS
    say(f"{kind}: {wanted} swaps in about {seconds} s")
    swapping = phase.measure(children, server, work, seconds, seed + 3, store, settled)
    while len(swapping.swapped.seconds) < wanted:
        seed += 1
        missing = 1 - len(swapping.swapped.seconds) / wanted
        say(f"{kind}: {missing:.0%} of the swaps are missing")
        swapping = swapping.followed_by(
            phase.measure(children, server, work, math.ceil(seconds * missing) + 5, seed + 3, store)
        )
    say(f"{kind}, swapped {len(swapping.swapped.seconds)} times: {swapping.load}, {swapping.hit_percent:.1f} % hits")
    closed = _all_closed(server, store) - closed_before
    children.stop(instance.child)
    return rows(kind, wanted, settled, steady, swapping, closed)


def _all_closed(server: ServerProbe, store: VersionStore) -> int:
    """Waits until all versions but the live one are closed, at most 20 s; returns the number of closed ones."""
    deadline = time.monotonic() + 20
    while server.closed() < store.newest - 1 and time.monotonic() < deadline:
        time.sleep(0.1)
    return server.closed()


def _notes(size: Size) -> list[str]:
    settings = " ".join(f"{key}={value}" for key, value in SETTINGS.items())
    return [
        f"Open loop by k6, {workload.RATE}/s: {workload.HIT_SHARE:.0%} single known trends by Zipf's law over all "
        "trends of the demo, the rest unique own series of 104 weeks. No images.",
        f"Each kind of version has its own server: {size.warm_seconds} s of warm-up without and "
        f"{size.warm_seconds} s with swaps, {size.steady_seconds} s without swaps, then swaps.",
        "A swap publishes a version under a new number with hard links to the files of the artifacts in turn, moves "
        "the pointer, and waits until `/v2/models/trend/versions/N/ready` answers 200; the next swap follows directly. "
        "The store retains four older versions. Swaps continue until the load ends, whose length follows from the "
        "warm-up's swaps; if too few fit, a further phase follows, and the worst percentiles count.",
        f"Settings: {settings}, all others default; JVM: `{JAVA}`. Memory is VmRSS, the median after five swaps "
        "behind a garbage collection.",
        "Lost: an error, no response, or not started on schedule. Hits: by `forecast_cache_requests_total`.",
    ]
