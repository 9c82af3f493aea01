"""The load during swaps: known trends by Zipf's law, and unique own series."""

import json
import random
from pathlib import Path

from hemline_bench.closed_loop import Workload
from hemline_bench.suites.serving import request_files

RATE = 200
HIT_SHARE = 0.85
LINES = 5000
ZIPF = 1.0


def zipf(trends: list[tuple[str, str]], generator: random.Random, lines: int = LINES) -> list[str]:
    """Bodies of requests for single trends; the n-th most frequent has 1/n of the first one's frequency."""
    shuffled = generator.sample(trends, len(trends))
    weights = [1 / (rank + 1) ** ZIPF for rank in range(len(shuffled))]
    drawn = generator.choices(shuffled, weights, k=lines)
    return [json.dumps({"items": [{"hashtag": tag, "market": market}]}, separators=(",", ":")) for tag, market in drawn]


def work(folder: Path, base: str) -> Workload:
    """Writes the request files, equal in every run; k6 makes each own series unique."""
    generator = random.Random(11)
    hits = folder / "zipf.txt"
    hits.write_text("".join(line + "\n" for line in zipf(request_files.trends(base), generator)))
    fresh = request_files.write(folder, []).fresh
    return Workload("POST", "/v1/forecasts", hits, fresh, HIT_SHARE)
