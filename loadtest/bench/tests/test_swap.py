"""The version store, the server's probe and the objectives."""

import random
from pathlib import Path

from hemline_bench.open_loop import OpenLoopResult
from hemline_bench.suites.swap import probe, rows, workload
from hemline_bench.suites.swap.phase import Phase, Swapped
from hemline_bench.suites.swap.version_store import VersionStore

METRICS = """# HELP forecast_cache_requests_total Questions by how the cache answered them
forecast_cache_requests_total{result="hit"} 85.0
forecast_cache_requests_total{result="joined"} 5.0
forecast_cache_requests_total{result="miss"} 10.0
"""


def phase(p99: float, failed: int = 0, hits: float = 85, resident: list[float] | None = None) -> Phase:
    memory = resident or [100.0]
    return Phase(OpenLoopResult(1000, failed, 0, 1, 2, p99, 50), hits, Swapped([0.3] * len(memory), memory))


def artifact(folder: Path, text: str) -> Path:
    made = folder / text
    made.mkdir()
    (made / "manifest.json").write_text(text)
    return made


def test_publishes_the_artifacts_in_turn_and_keeps_the_last_four(tmp_path: Path) -> None:
    store = VersionStore(tmp_path, [artifact(tmp_path, "even"), artifact(tmp_path, "odd")])

    for _ in range(6):
        store.publish()

    versions = store.url / "trend" / "versions"
    assert sorted(folder.name for folder in versions.iterdir()) == ["4", "5", "6", "7"]
    assert (versions / "7" / "manifest.json").read_text() == "odd"
    assert (store.url / "trend" / "channels" / "stable").read_text() == "7\n"


def test_a_request_that_joined_an_in_flight_call_is_no_hit() -> None:
    now = probe.parse_hits(METRICS)

    assert now.since(probe.Hits(35, 50)) == 100
    assert now.since(probe.Hits(0, 0)) == 85


def test_counts_only_versions_that_released_their_memory() -> None:
    log = "… version 1 of trend is closed\n… version 2 of trend is closed; its native heap stays with this JVM\n"

    assert len(probe.CLOSED.findall(log)) == 1


def test_the_first_trend_is_the_most_frequent() -> None:
    lines = workload.zipf([(f"tag{number}", "us") for number in range(50)], random.Random(1))

    counts = sorted((lines.count(line) for line in set(lines)), reverse=True)
    assert len(lines) == workload.LINES
    assert counts[0] > 1.5 * counts[1] > 1.5 * counts[10]


def test_the_bound_of_p99_follows_the_phase_without_swaps_or_is_eight_milliseconds() -> None:
    quiet = rows.rows("demo", 1, 1, phase(2), phase(7.9), 1)
    loud = rows.rows("demo", 1, 1, phase(20), phase(31), 1)

    assert all(row.reached for row in quiet)
    assert [row.work for row in loud if not row.reached] == ["demo: p99"]


def test_a_lost_request_fewer_hits_and_grown_memory_miss_their_objectives() -> None:
    found = rows.rows("demo", 3, 1, phase(5), phase(5, failed=1, hits=79, resident=[100, 120, 130]), 2)

    assert [row.work.partition(": ")[2] for row in found if not row.reached] == [
        "requests lost",
        "drop of the hit rate",
        "closed, native heap released",
        "memory after the last swap",
    ]


def test_of_two_phases_the_worse_percentile_counts() -> None:
    joined = phase(5, failed=1, hits=80).followed_by(phase(7, hits=85))

    assert (joined.load.p99_ms, joined.lost(), joined.hit_percent) == (7, 1, 80)
    assert len(joined.swapped.seconds) == 2
