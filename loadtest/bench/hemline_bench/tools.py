"""Finds the load generators and uv: in `.cache`, else on the PATH."""

import shutil

from hemline_bench.places import ROOT


class MissingTool(Exception):
    """A tool is not installed."""


def wrk() -> str:
    """The closed-loop generator."""
    return _find("wrk", "install it (Debian: apt install wrk) or run `make .cache/bin/wrk`")


def k6() -> str:
    """The open-loop generator."""
    return _find("k6", "run `make .cache/bin/k6`")


def uv() -> str:
    """The tool that creates the peers' environments."""
    cached = ROOT / ".cache" / "uv" / "bin" / "uv"
    return str(cached) if cached.exists() else _find("uv", "run `make .cache/uv/bin/uv`")


def _find(name: str, how: str) -> str:
    cached = ROOT / ".cache" / "bin" / name
    found = str(cached) if cached.exists() else shutil.which(name)
    if not found:
        raise MissingTool(f"{name} is missing: {how}")
    return found
