"""Loads a feature snapshot into the online store: features.jsonl.gz → Parquet → Feast.

    FEAST_PG_HOST=127.0.0.1 FEAST_PG_PORT=5432 FEAST_PG_DATABASE=hemline FEAST_PG_USER=hemline FEAST_PG_PASSWORD=... \
        uv run python load_snapshot.py ../../model-store/demo/features.jsonl.gz
"""

import gzip
import json
import os
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

HERE = Path(__file__).resolve().parent
WEEKLY = ("volume", "influencer_share", "sentiment", "engagement")
NO_TIME = "1970-01-01T00:00:00Z"

FLOATS = pa.list_(pa.float32())
SCHEMA = pa.schema(
    [("market", pa.string()), ("trend", pa.string()), ("features_as_of", pa.timestamp("us", tz="UTC"))]
    + [(name, FLOATS) for name in WEEKLY]
    + [("last_week", pa.int64()), ("first_seen", pa.int64()), ("gender", pa.string()), ("category", pa.string())]
    + [("image_embedding", FLOATS), ("encoder_digest", pa.string())]
)


def row(line: str) -> dict[str, Any]:
    """Return one line of a snapshot in Feast's form: gaps as NaN, dates as days since 1970-01-01."""
    trend = json.loads(line)
    record = {name: trend.get(name) for name in SCHEMA.names}
    for name in WEEKLY:
        if record[name] is not None:
            record[name] = [float("nan") if value is None else value for value in record[name]]
    for name in ("last_week", "first_seen"):
        if record[name] is not None:
            record[name] = (date.fromisoformat(record[name]) - date(1970, 1, 1)).days
    record["features_as_of"] = datetime.fromisoformat(record["features_as_of"] or NO_TIME)
    return record


def load(snapshot: Path) -> int:
    """Apply the repository and materialize the snapshot; return its number of trends."""
    from feast import FeatureStore  # takes five seconds and reads the connection from the environment

    from trend_features import market, trend, trend_features

    with gzip.open(snapshot, "rt", encoding="utf-8") as lines:
        rows = [row(line) for line in lines if line.strip()]
    (HERE / "data").mkdir(exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows, SCHEMA), HERE / "data" / "trend_features.parquet")
    store = FeatureStore(repo_path=str(HERE))
    store.apply([market, trend, trend_features])
    newest = max(row["features_as_of"] for row in rows)
    store.materialize(datetime(1970, 1, 1, tzinfo=UTC), newest + timedelta(seconds=1))
    return len(rows)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: load_snapshot.py features.jsonl.gz")
    os.environ.setdefault("FEAST_PG_SSLMODE", "require")
    os.environ.setdefault("FEAST_USAGE", "False")
    print(f"loaded {load(Path(sys.argv[1]))} trends into the online store")
