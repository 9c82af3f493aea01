"""The machine, the date, the commit and the versions of a run."""

import os
import platform
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from hemline_bench import tools
from hemline_bench.places import ROOT, TARGET


def facts() -> dict[str, str]:
    """Names and values in the order of the report."""
    return {
        "cores": str(os.cpu_count()),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB",
        "processor": _processor(),
        "system": f"{platform.system()} {platform.release()}",
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": _output(["git", "rev-parse", "--short", "HEAD"]) + (" and uncommitted changes" if _changed() else ""),
        "java": _first(_output(["java", "-version"])),
        "vertx": _jar("vertx-core"),
        "onnxruntime": _jar("onnxruntime"),
        "wrk": _first(_output([tools.wrk(), "-v"])).split(" [")[0].removeprefix("wrk "),
        "k6": _first(_output([tools.k6(), "version"])).split(" (")[0].removeprefix("k6 "),
    }


def _output(command: list[str]) -> str:
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.stdout.strip()


def _first(text: str) -> str:
    return text.splitlines()[0] if text else "unknown"


def _changed() -> bool:
    ours = ["--", ".", ":!docs/benchmarks", ":!loadtest/bench/results"]
    return bool(_output(["git", "status", "--porcelain", "--untracked-files=no", *ours]))


def _processor() -> str:
    found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return found.group(1) if found else platform.machine()


def _jar(name: str) -> str:
    jars = sorted((TARGET / "lib").glob(f"{name}-[0-9]*.jar"))
    return jars[0].stem.removeprefix(f"{name}-") if jars else "not built"
