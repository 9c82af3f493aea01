"""Finds the load generators and uv: on the PATH, else where make puts them."""

import shutil

from hemline_bench.places import ROOT


class MissingTool(Exception):
    """Something that must be installed first."""


def wrk() -> str:
    """The closed-loop generator."""
    return _find("wrk", "install it (Debian: apt install wrk) or run `make .cache/bin/wrk`")


def k6() -> str:
    """The open-loop generator."""
    return _find("k6", "run `make .cache/bin/k6`")


def uv() -> str:
    """What makes the peers' environments."""
    cached = ROOT / ".cache" / "uv" / "bin" / "uv"
    return str(cached) if cached.exists() else _find("uv", "run `make .cache/uv/bin/uv`")


def _find(name: str, how: str) -> str:
    cached = ROOT / ".cache" / "bin" / name
    found = str(cached) if cached.exists() else shutil.which(name)
    if not found:
        raise MissingTool(f"{name} is missing: {how}")
    return found
