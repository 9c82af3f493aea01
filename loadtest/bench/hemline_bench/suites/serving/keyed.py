"""The server as it stands before clients who show a key."""

import subprocess

from hemline_bench.children import Children
from hemline_bench.places import ROOT
from hemline_bench.suites.serving.server import Door, hemline


def start(children: Children) -> tuple[Door, str]:
    """Starts a server that lets in one client alone; returns it and the header of that client."""
    keys = children.folder / "keys.txt"
    made = subprocess.run(
        ["./hemline", "keys", "new", "--client", "bench", "--file", str(keys)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    door = hemline(children, told={"auth.mode": "api-key", "auth.api-keys-file": str(keys)})
    return door, f"X-API-Key: {made.stdout.strip()}"
