"""Writes own series as Parquet shards: one row a series, and an index that names every shard.

    <folder>/shard-00000.parquet   trend, market, gender, category, first_week, value, three side variables as lists
    <folder>/index.json            file, series, bytes and SHA-256 of each

The folder is replaced as a whole, so that an index never names a missing file.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from hemline_trainer.contract import HORIZON, word_id
from hemline_trainer.data.own.series import SIDES, WORDS, Series, read_csv
from hemline_trainer.errors import DataError
from hemline_trainer.files.digest import sha256
from hemline_trainer.files.durable import place, workshop
from hemline_trainer.files.strict_json import dumps

INDEX: Final = "index.json"
FORMAT: Final = 1
LEAST_HISTORY: Final = 4
GROUP: Final = 512
"""Series of a row group, the least that is read at once."""


@dataclass(frozen=True)
class Written:
    """Counts of what was written. Immutable.

    Attributes:
        series: in the shards.
        weeks: of these.
        shards: how many files.
        short: series left out, since they are too short to train on.
        unknown: words that no vocabulary has, with how many series carry them; they count as unknown.
    """

    series: int
    weeks: int
    shards: int
    short: int
    unknown: dict[str, int]


def write_shards(files: Sequence[Path], out: Path, *, size: int, keep_gaps: bool) -> Written:
    """Reads CSV files one after the other and writes shards of `size` series to the folder `out`.

    Raises:
        DataError: something in a file is wrong, or `out` holds something else.
    """
    found = (each for path in files for each in read_csv(path, keep_gaps=keep_gaps))
    return write_series(found, out, size=size, source=str(files[0]))


def write_series(found: Iterable[Series], out: Path, *, size: int, source: str) -> Written:
    """Writes shards of `size` series to the folder `out`; `source` names the series in messages.

    Raises:
        DataError: no series can be learned from, or `out` holds something else.
    """
    if out.exists() and not (out / INDEX).is_file():
        raise DataError(f"{out}: is there already and holds no shards; name another --out")
    tally: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    kept = _kept(found, tally, unknown)
    entries: list[dict[str, str | int]] = []
    with workshop(out.parent, f".{out.name}-") as scratch:
        made = scratch / "made"
        made.mkdir()
        while rows := list(islice(kept, size)):
            path = made / f"shard-{len(entries):05}.parquet"
            _write(rows, path)
            digest = sha256(path)
            entries.append({"file": path.name, "series": len(rows), "bytes": path.stat().st_size, "sha256": digest})
        if not entries:
            raise DataError(f"{source}: no series has {LEAST_HISTORY + 2 * HORIZON} weeks, so none can be trained on")
        index = {"format": FORMAT, "series": tally["series"], "weeks": tally["weeks"], "shards": entries}
        (made / INDEX).write_text(dumps(index, INDEX, indent=2) + "\n", encoding="utf-8")
        place(made, out)
    return Written(tally["series"], tally["weeks"], len(entries), tally["short"], dict(unknown))


def origins(volume: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    """Lengths of history (in weeks) that 13 observed weeks follow, none of them of the last 13, which are held out."""
    observed = np.concatenate([[0], np.cumsum(np.isfinite(volume))])
    lengths = np.arange(LEAST_HISTORY, len(volume) - 2 * HORIZON + 1)
    whole = observed[lengths + HORIZON] - observed[lengths] == HORIZON
    return np.asarray(lengths[whole & (observed[lengths] > 0)], dtype=np.int64)


def _kept(found: Iterable[Series], tally: Counter[str], unknown: Counter[str]) -> Iterator[Series]:
    for series in found:
        if not len(origins(np.array(series.values[0], dtype=np.float32))):
            tally["short"] += 1
            continue
        tally["series"] += 1
        tally["weeks"] += len(series)
        for name, word in zip(WORDS, series.words, strict=True):
            if word and not word_id(name, word):
                unknown[f"{name} {word!r}"] += 1
        yield series


def _write(rows: Sequence[Series], path: Path) -> None:
    import pyarrow as pa  # noqa: PLC0415 - only own series need it
    from pyarrow import parquet  # noqa: PLC0415

    floats = pa.list_(pa.float32())
    columns: dict[str, Any] = {"trend": pa.array([each.trend for each in rows])}
    for place_of, name in enumerate(WORDS):
        columns[name] = pa.array([each.words[place_of] for each in rows])
    columns["first_week"] = pa.array([each.first for each in rows], pa.date32())
    for place_of, name in enumerate(("value", *SIDES)):
        columns[name] = pa.array([each.values[place_of] for each in rows], floats)
    parquet.write_table(pa.table(columns), path, row_group_size=GROUP, compression="zstd")
