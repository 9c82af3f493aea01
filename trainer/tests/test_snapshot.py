import gzip
import json
import unicodedata
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from hemline_trainer.contract import CATEGORIES, MARKETS
from hemline_trainer.data.embeddings import EmbeddingBank
from hemline_trainer.data.synthetic.hashtags import HASHTAGS, canonical, hashtags
from hemline_trainer.data.synthetic.snapshot import Json, write_snapshot


@pytest.fixture(scope="module")
def bank() -> EmbeddingBank:
    rng = np.random.default_rng(1)
    return EmbeddingBank(
        rng.standard_normal((66, 64)).astype(np.float32),
        rng.random((66, 3), dtype=np.float32),
        np.arange(66) % len(CATEGORIES) + 1,
        "d" * 64,
    )


@pytest.fixture(scope="module")
def rows(bank: EmbeddingBank, tmp_path_factory: pytest.TempPathFactory) -> list[Json]:
    path = tmp_path_factory.mktemp("snapshot") / "features.jsonl.gz"
    write_snapshot(path, bank, 7)
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).decode().splitlines()]


def test_holds_some_hundred_trends_once_each_in_several_markets(rows: list[Json]) -> None:
    keys = {(row["market"], row["trend"]) for row in rows}

    assert 250 <= len(rows) == len(keys) <= 320
    assert {market for market, _ in keys} == set(MARKETS)
    assert len({name for _, name in keys}) < len(keys)


def test_every_week_has_a_place_and_ends_on_the_same_monday(rows: list[Json]) -> None:
    for row in rows:
        weeks = len(row["volume"])
        assert 1 <= weeks <= 520
        assert all(
            row[name] is None or len(row[name]) == weeks for name in ("influencer_share", "sentiment", "engagement")
        )
        first, last = date.fromisoformat(row["first_seen"]), date.fromisoformat(row["last_week"])
        assert (last.isoformat(), first.weekday(), (last - first).days) == ("2026-11-16", 0, 7 * (weeks - 1))
        assert row["volume"][-1] is not None


def test_some_are_young_some_have_gaps_some_have_no_image(rows: list[Json]) -> None:
    assert sum(len(row["volume"]) < 52 for row in rows) > 40
    assert sum(None in row["volume"] for row in rows) > 20
    assert sum(row["image_embedding"] is None for row in rows) > 20
    assert sum(row["encoder_digest"] not in {None, "d" * 64} for row in rows) >= 1
    assert all((row["image_embedding"] is None) == (row["encoder_digest"] is None) for row in rows)


def test_hashtags_are_canonical_and_stand_in_one_category() -> None:
    names = [name for category in HASHTAGS for name in hashtags(category)]

    assert set(HASHTAGS) == set(CATEGORIES)
    assert len(names) == len(set(names))
    assert all(name == unicodedata.normalize("NFKC", name).lower() for name in names)
    assert canonical(" #\uff37ideLeg ") == "wideleg"


def test_equal_seeds_give_equal_bytes(bank: EmbeddingBank, tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_snapshot(tmp_path / name, bank, 7, trends=20)
    write_snapshot(tmp_path / "c", bank, 8, trends=20)

    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert (tmp_path / "a").read_bytes() != (tmp_path / "c").read_bytes()
