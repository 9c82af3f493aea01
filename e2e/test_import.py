"""People's files become served forecasts: `./hemline import` and `./hemline backtest`."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import time
import urllib.parse
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conftest import DEMO_STORE, LAUNCHER, Server, clean_environment
from polling import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

LONG = os.environ.get("HEMLINE_LONG") == "1"
ROWS = 1_000_000 if LONG else 100_000
MOST_SECONDS = 20
MOST_MEGABYTES = 512


def hemline(*arguments: object, folder: Path, timeout: float = 120) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(LAUNCHER), *map(str, arguments)],
        cwd=folder,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def start_process(*arguments: object, folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [str(LAUNCHER), *map(str, arguments)],
        cwd=folder,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def resident_megabytes(pid: int) -> float:
    """Return the peak of a process; getrusage would count the memory of this one too, from before the exec."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def google(file: Path, values: list[int], start: date = date(2023, 1, 1)) -> Path:
    lines = [f"{start + timedelta(weeks=week)},{value}" for week, value in enumerate(values)]
    file.write_text("\n".join(["Category: All categories", "", "Week,wide leg jeans: (United States)", *lines, ""]))
    return file


def long_table(file: Path, rows: int) -> Path:
    generator = random.Random(7)  # noqa: S311 - no secret
    start = date(2021, 1, 4)
    weeks = [start + timedelta(weeks=week) for week in range(250)]
    with file.open("w", encoding="utf-8") as out:
        out.write("unique_id,ds,y\n")
        for number in range(rows):
            out.write(f"item{number // 250},{weeks[number % 250]},{generator.randint(0, 5000) / 10}\n")
    return file


def snapshots(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_google_trends_download_is_served(tmp_path: Path, start: Callable[..., Server]) -> None:
    file = google(tmp_path / "trends.csv", [40 + week % 52 for week in range(150)])

    done = hemline("import", file, "--out", "my-trends", folder=tmp_path)

    assert done.returncode == 0, done.stderr
    assert "150 read = 150 kept + 0 merged + 0 empty + 0 refused" in done.stdout
    server = start(DEMO_STORE, f"features.snapshot={tmp_path}/my-trends/features.jsonl.gz")
    answer = server.request(
        "/v1/forecasts?" + urllib.parse.urlencode({"hashtags": "Wide leg jeans", "include": "history"})
    )
    forecast = answer.json()["forecasts"][0]
    assert (forecast["market"], forecast["last_week"]) == ("us", "2025-11-10")
    assert forecast["history"]["volume"][-1] == 40 + 149 % 52
    assert len(forecast["quantiles"]["0.5"]) == 13


def test_an_interrupted_import_leaves_the_earlier_snapshot(tmp_path: Path) -> None:
    hemline("import", google(tmp_path / "a.csv", [5, 6, 7]), "--out", "out", folder=tmp_path)
    before = (tmp_path / "out/features.jsonl.gz").read_bytes()
    large = long_table(tmp_path / "large.csv", 1_000_000)

    process = start_process("import", large, "--out", "out", folder=tmp_path)
    time.sleep(1.2)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)

    assert process.returncode != 0
    assert (tmp_path / "out/features.jsonl.gz").read_bytes() == before
    assert set(snapshots(tmp_path / "out")) <= {"features.jsonl.gz", ".import.lock"}


def test_a_large_table_stays_within_its_limits(tmp_path: Path) -> None:
    table = long_table(tmp_path / "large.csv", ROWS)
    began = time.monotonic()

    process = start_process("import", table, "--out", "out", folder=tmp_path)
    megabytes = 0.0
    while process.poll() is None:
        megabytes = max(megabytes, resident_megabytes(process.pid))
        time.sleep(0.02)
    took = time.monotonic() - began
    output, errors = process.communicate()
    print(f"{ROWS:,} rows: {took:.1f} s, {megabytes:.0f} MB resident")
    assert f"{ROWS:,} read = {ROWS:,} kept".encode() in output, errors
    if LONG:
        assert took <= MOST_SECONDS
        assert megabytes <= MOST_MEGABYTES


def test_hemline_beats_the_seasonal_naive_forecast_on_hermes(tmp_path: Path) -> None:
    data = os.environ.get("HEMLINE_DATA")
    if not data:
        pytest.skip("HEMLINE_DATA is not set")

    done = hemline("backtest", f"{data}/hermes_f1_100/f1_main_100_sequences.csv", "--json", folder=tmp_path)

    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    mase = {method["method"]: method["mase"] for method in result["methods"]}
    print(result["verdict"]["words"])
    assert mase["Hemline"] < 0.85 * min(mase["seasonal naive"], mase["naive combination"])
    assert (tmp_path / "backtest.svg").read_text().startswith("<svg")


def test_an_interrupted_backtest_leaves_no_server_behind(tmp_path: Path) -> None:
    file = google(tmp_path / "trends.csv", [40 + week * 7 % 13 for week in range(80)])
    process = start_process("backtest", file, folder=tmp_path)
    children = Path(f"/proc/{process.pid}/task")
    server: list[str] = []

    def has_server() -> bool:
        server[:] = [pid for task in children.iterdir() for pid in (task / "children").read_text().split()]
        return bool(server)

    wait_until(has_server, 20, lambda: "no server was started")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)

    assert process.returncode != 0
    assert not Path(f"/proc/{server[0]}").exists()
