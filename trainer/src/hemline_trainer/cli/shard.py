"""`shard`: own weekly series become Parquet shards that `train` learns from."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from hemline_trainer.data.own.shard_write import write_shards

EPILOG: Final = """Example: hemline-trainer shard --csv sales.csv --out shards

Then name the folder in the settings of `train`:  [data] shards = "shards", share = 0.3"""


class Gaps(StrEnum):
    """What to do with missing weeks."""

    REFUSE = "refuse"
    KEEP = "keep"


def shard(
    csv: Annotated[list[Path], typer.Option("--csv", help="A file of series; may be given several times.")],
    out: Annotated[Path, typer.Option("--out", help="Folder of the shards; replaced as a whole.")],
    size: Annotated[int, typer.Option("--size", min=1, help="Series of a shard.")] = 4096,
    gaps: Annotated[
        Gaps, typer.Option("--gaps", help="Missing weeks: an error, or kept as not observed.")
    ] = Gaps.REFUSE,
) -> None:
    """Writes own weekly series as shards, which training streams without ever holding all of them.

    Columns: trend, market, week (the date of its Monday) and value; if there are any also gender, category,
    influencer_share, sentiment, engagement. The rows of a series stand together, its weeks in order, the series in any
    order. An empty cell is not observed. What is wrong is told by file, row and column, and nothing is written then.
    The last 13 weeks of a series are never learned from.
    """
    written = write_shards(csv, out, size=size, keep_gaps=gaps is Gaps.KEEP)
    typer.echo(f"{out}: {written.series:,} series of {written.weeks:,} weeks in {written.shards} shards")
    if written.short:
        typer.echo(f"left out: {written.short:,} series with too few observed weeks to learn from")
    for word, count in written.unknown.items():
        typer.echo(f"not in the vocabulary, so it counts as unknown: {word} ({count:,} series)")
