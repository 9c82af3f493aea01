"""The store that versions are published to, what is read off the server, and the bounds."""

import random
from pathlib import Path

from hemline_bench.opened import Opened
from hemline_bench.suites.swap import asked, rows, watched
from hemline_bench.suites.swap.phase import Phase, Swapped
from hemline_bench.suites.swap.shelf import Shelf

METRICS = """# HELP forecast_cache_requests_total Questions by how the cache answered them
forecast_cache_requests_total{result="hit"} 85.0
forecast_cache_requests_total{result="joined"} 5.0
forecast_cache_requests_total{result="miss"} 10.0
"""


def phase(p99: float, failed: int = 0, hits: float = 85, resident: list[float] | None = None) -> Phase:
    memory = resident or [100.0]
    return Phase(Opened(1000, failed, 0, 1, 2, p99, 50), hits, Swapped([0.3] * len(memory), memory))


def artifact(folder: Path, text: str) -> Path:
    made = folder / text
    made.mkdir()
    (made / "manifest.json").write_text(text)
    return made


def test_publishes_the_artifacts_in_turn_and_keeps_the_last_four(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, [artifact(tmp_path, "even"), artifact(tmp_path, "odd")])

    for _ in range(6):
        shelf.publish()

    versions = shelf.url / "trend" / "versions"
    assert sorted(folder.name for folder in versions.iterdir()) == ["4", "5", "6", "7"]
    assert (versions / "7" / "manifest.json").read_text() == "odd"
    assert (shelf.url / "trend" / "channels" / "stable").read_text() == "7\n"


def test_what_joined_a_question_in_flight_is_no_hit() -> None:
    now = watched.parse_hits(METRICS)

    assert now.since(watched.Hits(35, 50)) == 100
    assert now.since(watched.Hits(0, 0)) == 85


def test_counts_only_versions_that_gave_their_memory_back() -> None:
    log = "… version 1 of trend is closed\n… version 2 of trend is closed; its native heap stays with this JVM\n"

    assert len(watched.CLOSED.findall(log)) == 1


def test_the_first_trend_is_asked_most() -> None:
    lines = asked.zipf([(f"tag{number}", "us") for number in range(50)], random.Random(1))

    counts = sorted((lines.count(line) for line in set(lines)), reverse=True)
    assert len(lines) == asked.LINES
    assert counts[0] > 1.5 * counts[1] > 1.5 * counts[10]


def test_the_bounds_are_those_of_a_server_left_alone_or_eight_milliseconds() -> None:
    quiet = rows.rows("demo", 1, 1, phase(2), phase(7.9), 1)
    loud = rows.rows("demo", 1, 1, phase(20), phase(31), 1)

    assert all(row.reached for row in quiet)
    assert [row.work for row in loud if not row.reached] == ["demo: p99"]


def test_a_lost_request_fewer_hits_and_grown_memory_are_told() -> None:
    found = rows.rows("demo", 3, 1, phase(5), phase(5, failed=1, hits=79, resident=[100, 120, 130]), 2)

    assert [row.work.partition(": ")[2] for row in found if not row.reached] == [
        "requests lost",
        "hits fewer",
        "closed, native heap given back",
        "memory after the last swap",
    ]


def test_of_two_stretches_the_worse_percentile_counts() -> None:
    joined = phase(5, failed=1, hits=80).followed_by(phase(7, hits=85))

    assert (joined.asked.p99_ms, joined.lost(), joined.hit_percent) == (7, 1, 80)
    assert len(joined.swapped.seconds) == 2
