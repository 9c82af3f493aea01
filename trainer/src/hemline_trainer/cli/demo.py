"""`demo`: two published versions and a feature snapshot from one seed."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final

import typer

from hemline_trainer.cli.options import DEMO_CONFIG, DataOption
from hemline_trainer.config import load_config
from hemline_trainer.demo import Demo, make_demo
from hemline_trainer.progress import Bars
from hemline_trainer.training.encoder import load_encoder_training

EPILOG: Final = "Example: hemline-trainer demo --out model-store/demo"


def demo(
    out: Annotated[Path, typer.Option("--out", help="Folder whose content is replaced at the end.")],
    config: Annotated[Path, typer.Option("--config", help="Settings of version 2, TOML.")] = DEMO_CONFIG,
    seed: Annotated[int | None, typer.Option("--seed", help="Instead of the seed in the settings.")] = None,
    data: DataOption = None,
) -> None:
    """Makes the demo from a seed: image encoder, two published versions, feature snapshot. All data are synthetic."""
    settings = load_config(config)
    if seed is not None:
        settings = replace(settings, seed=seed)
    with Bars() as bars:
        published = make_demo(Demo(settings, load_encoder_training(config), data=data), out, bars)
    for each in published:
        typer.echo(f"{out / 'store'}: {each.model} version {each.version}, digest {each.digest}")
