"""The demo's feature snapshot: trends of the synthetic market as features.jsonl.gz, one a line.

Nothing in it was observed anywhere; the hashtags are fictional.
"""

import gzip
import hashlib
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from hemline_trainer.contract import CATEGORIES, MARKETS
from hemline_trainer.data.embeddings import EmbeddingBank
from hemline_trainer.data.synthetic.hashtags import hashtags
from hemline_trainer.data.synthetic.market import TrendSample, sample_trends
from hemline_trainer.files.strict_json import dumps

LAST_WEEK: Final = date(2026, 11, 16)
FEATURES_AS_OF: Final = "2026-11-23T00:00:00Z"
TRENDS: Final = 300
WEEKS: Final = 260

_WITH_GAPS: Final = 0.2
_WITHOUT_SIDES: Final = 0.1
_WITHOUT_IMAGE: Final = 0.2
_WITH_OLDER_IMAGE: Final = 0.02
_WITHOUT_GENDER: Final = 0.1
_OLDER_ENCODER: Final = hashlib.sha256(b"an encoder that is no longer served").hexdigest()

Json = dict[str, Any]


def write_snapshot(path: Path, bank: EmbeddingBank, seed: int, trends: int = TRENDS) -> int:
    """Writes the snapshot; equal seeds and banks give equal bytes.

    Returns:
        How many trends it holds.
    """
    rows = snapshot(bank, np.random.default_rng((seed, 4)), trends)
    lines = "".join(dumps(row, path.name, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(lines.encode(), 9, mtime=0))
    return len(rows)


def snapshot(bank: EmbeddingBank, rng: np.random.Generator, trends: int = TRENDS) -> list[Json]:
    """Draws trends and names them; a hashtag stands at most once in a market, and in several markets it may stand."""
    free = {
        (market, category): _in_market(hashtags(category), place)
        for place, market in enumerate(reversed(MARKETS))
        for category in CATEGORIES
    }
    rows = []
    for sample in sample_trends(trends, WEEKS, bank, rng):
        names = free[sample.market, sample.category]
        if names:
            rows.append(_row(names.pop(0), sample, bank, rng))
    return sorted(rows, key=lambda row: (row["market"], row["trend"]))


def _in_market(names: list[str], place: int) -> list[str]:
    """Each market starts at another hashtag, so that some are everywhere and some are not."""
    start = 2 * place % len(names)
    return names[start:] + names[:start]


def _row(name: str, sample: TrendSample, bank: EmbeddingBank, rng: np.random.Generator) -> Json:
    weeks = len(sample.volume)
    seen = np.ones(weeks, dtype=bool)
    if rng.random() < _WITH_GAPS:
        seen[:-1] = rng.random(weeks - 1) > rng.uniform(0.02, 0.25)
    sides = rng.random(3) > _WITHOUT_SIDES
    has_image, older = rng.random() > _WITHOUT_IMAGE, rng.random() < _WITH_OLDER_IMAGE
    return {
        "trend": name,
        "market": sample.market,
        "gender": None if rng.random() < _WITHOUT_GENDER else sample.gender,
        "category": sample.category,
        "first_seen": (LAST_WEEK - timedelta(weeks=weeks - 1)).isoformat(),
        "last_week": LAST_WEEK.isoformat(),
        "features_as_of": FEATURES_AS_OF,
        "volume": _weekly(sample.volume, seen),
        "influencer_share": _weekly(sample.influencer_share, seen) if sides[0] else None,
        "sentiment": _weekly(sample.sentiment, seen) if sides[1] else None,
        "engagement": _weekly(sample.engagement, seen) if sides[2] else None,
        "image_embedding": [round(float(x), 5) for x in bank.embeddings[sample.bank_row]] if has_image else None,
        "encoder_digest": (_OLDER_ENCODER if older else bank.digest) if has_image else None,
    }


def _weekly(values: npt.NDArray[np.float32], seen: npt.NDArray[np.bool_]) -> list[float | None]:
    """Four significant digits; null where not observed."""
    return [float(f"{value:.4g}") if known else None for value, known in zip(values.tolist(), seen, strict=True)]
