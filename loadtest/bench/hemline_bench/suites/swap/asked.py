"""What is asked meanwhile: known trends by Zipf's law, and own series that nobody asked before."""

import json
import random
from pathlib import Path

from hemline_bench.closed import Work
from hemline_bench.suites.serving import questions

RATE = 200
HIT_SHARE = 0.85
LINES = 5000
ZIPF = 1.0


def zipf(trends: list[tuple[str, str]], chance: random.Random, lines: int = LINES) -> list[str]:
    """Bodies of questions for single trends; the n-th most asked is asked 1/n as often as the first."""
    shuffled = chance.sample(trends, len(trends))
    weights = [1 / (rank + 1) ** ZIPF for rank in range(len(shuffled))]
    drawn = chance.choices(shuffled, weights, k=lines)
    return [json.dumps({"items": [{"hashtag": tag, "market": market}]}, separators=(",", ":")) for tag, market in drawn]


def work(folder: Path, base: str) -> Work:
    """Writes the questions, the same in every run; what k6 adds makes the own series new."""
    chance = random.Random(11)
    hits = folder / "zipf.txt"
    hits.write_text("".join(line + "\n" for line in zipf(questions.trends(base), chance)))
    fresh = questions.write(folder, []).fresh
    return Work("POST", "/v1/forecasts", hits, fresh, HIT_SHARE)
