"""`dataset`: own series as shards, and the image encoder with its embedding bank of a run."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from hemline_trainer.artifact.signature_check import check_image_encoder
from hemline_trainer.config import load_config
from hemline_trainer.data.own.shard_write import write_shards
from hemline_trainer.pipeline import Pipeline
from hemline_trainer.progress import Bars
from hemline_trainer.training.encoder import load_encoder_training

EPILOG: Final = """Example: hemline-trainer dataset --csv sales.csv --out shards

Then name the folder in the settings of `train`:  [data] shards = "shards", share = 0.3

Example: hemline-trainer dataset --config trainer/configs/demo.toml --out runs-output/demo"""


class Gaps(StrEnum):
    """What to do with missing weeks."""

    REFUSE = "refuse"
    KEEP = "keep"


def dataset(
    out: Annotated[Path, typer.Option("--out", help="Folder of the shards, replaced as a whole; or the run folder.")],
    csv: Annotated[
        list[Path] | None, typer.Option("--csv", help="A file of own series; may be given several times.")
    ] = None,
    size: Annotated[int, typer.Option("--size", min=1, help="Series of a shard.")] = 4096,
    gaps: Annotated[
        Gaps, typer.Option("--gaps", help="Missing weeks: an error, or kept as not observed.")
    ] = Gaps.REFUSE,
    config: Annotated[
        Path | None,
        typer.Option("--config", help="Settings, TOML: make their image encoder and embedding bank instead."),
    ] = None,
    image_encoder: Annotated[
        Path | None, typer.Option("--image-encoder", help="Use this image_encoder.onnx, with --config.")
    ] = None,
) -> None:
    """Prepares what `train` learns from: own weekly series (--csv), or the image encoder of a run (--config).

    Own series are written as shards, which training streams without ever holding all of them. Columns: trend, market,
    week (the date of its Monday) and value; if there are any also gender, category, influencer_share, sentiment,
    engagement. The rows of a series stand together, its weeks in order, the series in any order. An empty cell is not
    observed. A fault is reported with file, row and column, and nothing is written then.
    The last 13 weeks of a series are its hold-out: training never reads them, evaluation and gate score them.

    With --config, the image encoder is trained and the embedding bank filled, as `train` does where they are missing.
    """
    if (not csv) == (config is None):
        raise typer.BadParameter("name one of --csv and --config")
    if config is not None:
        settings, encoder = load_config(config), load_encoder_training(config)
        if image_encoder is not None:
            check_image_encoder(image_encoder)
        with Bars() as bars:
            made = Pipeline(out, bars).dataset(settings, encoder, given=image_encoder)
        typer.echo(f"{out}: image encoder {made.bank.digest}, {len(made.bank):,} embeddings")
        return
    written = write_shards(csv or [], out, size=size, keep_gaps=gaps is Gaps.KEEP)
    typer.echo(f"{out}: {written.series:,} series of {written.weeks:,} weeks in {written.shards} shards")
    if written.short:
        typer.echo(f"left out: {written.short:,} series with too few observed weeks to learn from")
    for word, count in written.unknown.items():
        typer.echo(f"not in the vocabulary, so it counts as unknown: {word} ({count:,} series)")
