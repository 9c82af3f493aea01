"""Where things stand in the checkout."""

from pathlib import Path

BENCH = Path(__file__).resolve().parents[1]
ROOT = BENCH.parents[1]
RESULTS = BENCH / "results"
SCRIPTS = BENCH / "scripts"
PEERS = ROOT / "loadtest" / "peers"
BENCHMARKS = ROOT / "docs" / "benchmarks"
TARGET = ROOT / "inference-server" / "target"
ARTIFACT = ROOT / "model-store" / "demo" / "store" / "trend" / "versions" / "2"
