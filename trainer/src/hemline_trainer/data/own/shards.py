"""Reads shards of own series as training rows; only some thousand series are in memory at once.

Every epoch has its own order of shards, and reads their series in blocks of `buffer`, each shuffled. The number of a
batch determines its rows, so a resumed run reads only the block that it stopped in.

R rows, T = 208 weeks, H = 13, N series of a block.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from hemline_trainer.contract import CONTEXT, EMBEDDING, HORIZON, VARIABLES, word_id
from hemline_trainer.data.batch import Batch, joined
from hemline_trainer.data.own.series import SIDES, WEEK, WORDS, Series
from hemline_trainer.data.own.shard_write import FORMAT, INDEX, origins
from hemline_trainer.errors import DataError
from hemline_trainer.files.digest import sha256
from hemline_trainer.files.strict_json import loads

_COLUMNS: Final = [*WORDS, "first_week", "value", *SIDES]
EPOCH: Final = date(1970, 1, 1)

_KEPT: Final = 2
"""Blocks in memory: a batch may begin in one and end in the next."""

Floats = npt.NDArray[np.float32]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Block:
    """N series, end to end. Immutable.

    Attributes:
        starts: (N + 1) where each begins.
        values: float32 (4, weeks of all), NaN where not observed.
        ids: (N, 3).
        first: (N) days since 1970-01-01 of the first Monday.
    """

    starts: Whole
    values: Floats
    ids: Whole
    first: Whole

    @staticmethod
    def of(found: Sequence[Series]) -> "Block":
        """The series end to end."""
        values = np.concatenate([np.array(each.values, dtype=np.float32) for each in found], axis=1)
        ids = [[word_id(name, word) for name, word in zip(WORDS, each.words, strict=True)] for each in found]
        return Block(
            starts=np.concatenate([[0], np.cumsum([len(each) for each in found])]).astype(np.int64),
            values=values,
            ids=np.array(ids, dtype=np.int64),
            first=np.array([(each.first - EPOCH).days for each in found], dtype=np.int64),
        )

    def volume(self, series: int) -> Floats:
        """The volumes of one series."""
        return self.values[0, self.starts[series] : self.starts[series + 1]]


class Shards:
    """The series of a folder. Confined to one thread at a time."""

    def __init__(self, folder: Path, seed: int, buffer: int) -> None:
        """Reads the index and checks that every shard is there."""
        try:
            index = loads((folder / INDEX).read_text(encoding="utf-8"))
        except OSError as error:
            raise DataError(
                f"{folder}: holds no shards ({INDEX}: {error.strerror}); write them with `dataset`"
            ) from error
        except ValueError as error:
            raise DataError(f"{folder / INDEX}: is not JSON ({error})") from error
        try:
            if index["format"] != FORMAT:
                raise DataError(f"{folder / INDEX}: format {index['format']} is not {FORMAT}")
            for entry in index["shards"]:
                path = folder / entry["file"]
                if not path.is_file() or path.stat().st_size != entry["bytes"]:
                    raise DataError(f"{path}: is not there or not of {entry['bytes']} bytes, as {INDEX} says")
            self._paths = [folder / entry["file"] for entry in index["shards"]]
            self._counts = np.array([entry["series"] for entry in index["shards"]], dtype=np.int64)
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise DataError(f"{folder / INDEX}: is not an index of shards ({error!r})") from error
        if self._counts.ndim != 1 or not len(self._counts) or (self._counts < 1).any():
            raise DataError(f"{folder / INDEX}: names no series")
        self._total = int(self._counts.sum())
        self._seed = seed
        self._buffer = buffer
        self._blocks: OrderedDict[tuple[int, int], tuple[Block, Whole]] = OrderedDict()

    def __len__(self) -> int:
        return self._total

    def batch(self, rows: int, step: int) -> Batch:
        """Batch number `step` of `rows` rows; a function of seed, buffer and these two."""
        rng = np.random.default_rng([self._seed, step, 41])
        parts = []
        at = step * rows
        while at < (step + 1) * rows:
            epoch, offset = divmod(at, self._total)
            number, inside = divmod(offset, self._buffer)
            block, order = self._block(epoch, number)
            taken = order[inside : inside + (step + 1) * rows - at]
            lengths = np.array([rng.choice(origins(block.volume(series))) for series in taken])
            parts.append(_rows(block, taken, lengths))
            at += len(taken)
        return parts[0] if len(parts) == 1 else joined(parts)

    def held_out(self, rows: int) -> Batch:
        """The last 13 weeks of up to `rows` series, which no batch holds as its future."""
        parts: list[Batch] = []
        for number in range(-(-self._total // self._buffer)):
            block, order = self._block(0, number)
            lengths = np.diff(block.starts) - HORIZON
            ends = [block.volume(series)[lengths[series] :] for series in order]
            whole = order[[bool(np.isfinite(end).all()) for end in ends]]
            taken = whole[: rows - sum(map(len, parts))]
            parts.append(_rows(block, taken, lengths[taken]))
            if sum(map(len, parts)) >= rows:
                break
        return joined(parts)

    def _block(self, epoch: int, number: int) -> tuple[Block, Whole]:
        """A block of an epoch, and the order in which its series are taken."""
        kept = self._blocks.get((epoch, number))
        if kept is not None:
            return kept
        if len(self._blocks) >= _KEPT:
            self._blocks.popitem(last=False)
        shuffled = np.random.default_rng([self._seed, epoch, 42]).permutation(len(self._paths))
        start, end = number * self._buffer, min((number + 1) * self._buffer, self._total)
        tables, before = [], 0
        for shard in shuffled:
            after = before + int(self._counts[shard])
            if before < end and start < after:
                tables.append(_read(self._paths[shard], max(start, before) - before, min(end, after) - before))
            before = after
        order = np.random.default_rng([self._seed, epoch, number, 43]).permutation(end - start)
        made = _block(tables), order
        self._blocks[epoch, number] = made
        return made


def histories(found: Sequence[Series]) -> Batch:
    """Rows that ask what follows the last week of each series; their future is unknown, NaN."""
    block = Block.of(found)
    return _rows(block, np.arange(len(found)), np.diff(block.starts))


def digest(folder: Path) -> str:
    """Identifies the series of a folder: the SHA-256 of the index, which holds that of every shard."""
    return sha256(folder / INDEX)


def _read(path: Path, start: int, end: int) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Series `start` to `end` of a shard; only the row groups that hold them are read."""
    import pyarrow as pa  # noqa: PLC0415 - only own series need it
    from pyarrow import parquet  # noqa: PLC0415

    try:
        with parquet.ParquetFile(path) as file:
            sizes = [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)]
            edges = np.concatenate([[0], np.cumsum(sizes)])
            groups = [group for group in range(len(sizes)) if edges[group] < end and start < edges[group + 1]]
            missing = {*_COLUMNS} - {*file.schema_arrow.names}
            if missing or end > edges[-1]:
                what = f"column {min(missing)}" if missing else f"series {end}, as {INDEX} says"
                raise DataError(f"{path}: has no {what}")
            table = file.read_row_groups(groups, columns=_COLUMNS, use_threads=False)
            return table.slice(start - edges[groups[0]], end - start)
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"{path}: cannot be read as a shard ({str(error).splitlines()[0]})") from error


def _block(tables: list[Any]) -> Block:
    import pyarrow as pa  # noqa: PLC0415

    table = pa.concat_tables(tables).combine_chunks()
    lists = [table[name].combine_chunks() for name in ("value", *SIDES)]
    lengths = lists[0].value_lengths().to_numpy(zero_copy_only=False)
    values = np.stack([each.flatten().to_numpy(zero_copy_only=False).astype(np.float32) for each in lists])
    words = [table[name].to_pylist() for name in WORDS]
    ids = [[word_id(name, word) for word in column] for name, column in zip(WORDS, words, strict=True)]
    first = table["first_week"].combine_chunks().cast(pa.int32()).to_numpy(zero_copy_only=False)
    return Block(
        starts=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        values=values,
        ids=np.array(ids, dtype=np.int64).T,
        first=first.astype(np.int64),
    )


def _rows(block: Block, series: Whole, lengths: Whole) -> Batch:
    """Cuts each series after its history of `lengths` weeks; weeks before its first and after its last are NaN."""
    rows = len(series)
    starts = block.starts[series][:, None]
    weeks = starts + lengths[:, None] + np.arange(-CONTEXT, HORIZON)  # (R, T + H)
    there = (weeks >= starts) & (weeks < block.starts[series + 1][:, None])
    cut = np.where(there, block.values[:, np.where(there, weeks, starts)], np.nan)  # (4, R, T + H)
    history = np.moveaxis(cut[..., :CONTEXT], 0, 2)  # (R, T, 4)
    observed = np.isfinite(history)
    assert history.shape == (rows, CONTEXT, len(VARIABLES))
    return Batch(
        history=np.where(observed, history, 0).astype(np.float32),
        observed=observed,
        last_week=block.first[series] + WEEK * (lengths - 1),
        static_ids=block.ids[series],
        image_embedding=np.zeros((rows, EMBEDDING), dtype=np.float32),
        has_image=np.zeros(rows, dtype=bool),
        future=cut[0, :, CONTEXT:].astype(np.float32),
    )
