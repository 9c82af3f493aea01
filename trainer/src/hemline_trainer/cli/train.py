"""`train`: trains a forecaster in a run folder."""

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Final

import typer

from hemline_trainer.artifact.signature_check import check_image_encoder
from hemline_trainer.cli.failures import INTERRUPTED
from hemline_trainer.cli.options import DEMO_CONFIG, RUNS, TrackingOption
from hemline_trainer.config import load_config
from hemline_trainer.data.dataset import Dataset
from hemline_trainer.data.embeddings import EmbeddingBank
from hemline_trainer.errors import CheckpointError
from hemline_trainer.ops.tracking import tracked
from hemline_trainer.pipeline import Pipeline
from hemline_trainer.progress import Bars, format_figures
from hemline_trainer.training import checkpoint
from hemline_trainer.training.distributed import distributed_context
from hemline_trainer.training.encoder import load_encoder_training

EPILOG: Final = "Example: hemline-trainer train --config trainer/configs/demo.toml --out runs-output/demo"


def train(
    config: Annotated[Path, typer.Option("--config", help="Settings, TOML.")] = DEMO_CONFIG,
    out: Annotated[Path | None, typer.Option("--out", help="Run folder. Default: runs-output/<config's name>.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Resume from the checkpoint in the run folder.")] = False,
    image_encoder: Annotated[
        Path | None,
        typer.Option("--image-encoder", help="Use this image_encoder.onnx, which keeps stored embeddings valid."),
    ] = None,
    tracking: TrackingOption = None,
) -> None:
    """Trains the image encoder (unless one is given) and the forecaster on synthetic trends.

    Ctrl-C saves a checkpoint; --resume continues to the same weights. Several processes share the work under
    `torchrun --no-python --nproc-per-node 2 hemline-trainer train …`; trainer/SCALE.md describes scale and own series.
    `int8 = true` under [encoder] publishes the image encoder, trained or given, with 8-bit weights: a graph of another
    encoder_digest, whose embeddings fill the bank; embeddings of the float32 graph then count as missing.
    Its golden answers may fail on another version of ONNX Runtime or another processor than the trainer's.
    """
    settings, encoder = load_config(config), load_encoder_training(config)
    if image_encoder is not None:
        check_image_encoder(image_encoder)
    folder = out or RUNS / config.stem
    again = f"hemline-trainer train --config {config} --out {folder} --resume"
    again += f" --image-encoder {image_encoder}" if image_encoder is not None else ""
    try:
        with distributed_context(settings.device) as distributed:
            if not resume and (folder / checkpoint.NAME).exists():
                raise CheckpointError(
                    f"{folder} holds a run already: add --resume to go on with it, or name another --out"
                )
            distributed.barrier()
            with ExitStack() as opened:
                bars = opened.enter_context(Bars(quiet=not distributed.is_main))
                pipeline = Pipeline(folder, bars)
                # A finished run has nothing to track.
                tracking = "off" if not distributed.is_main or (resume and pipeline.run.finished()) else tracking
                tracker = opened.enter_context(tracked(tracking, RUNS, "forecaster", folder.name))
                if distributed.is_main:
                    dataset = pipeline.dataset(settings, encoder, given=image_encoder)
                    distributed.barrier()
                else:
                    distributed.barrier()
                    dataset = Dataset(settings, EmbeddingBank.load(pipeline.run.bank))
                trained = pipeline.train(dataset, tracker, resume=resume, distributed=distributed)
    except KeyboardInterrupt:
        saved = (folder / checkpoint.NAME).exists()
        where = f"checkpoint saved in {folder}; go on with: {again}" if saved else f"nothing saved; start with: {again}"
        typer.echo(f"\ninterrupted, {where}", err=True)
        raise typer.Exit(INTERRUPTED) from None
    if distributed.is_main:
        typer.echo(f"{trained.path}: step {trained.step}, {format_figures(trained.metrics)}")
