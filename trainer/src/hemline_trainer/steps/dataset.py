"""Step `dataset`: an image encoder, trained or given, its embedding bank, and the own series that the settings name."""

import shutil
from pathlib import Path

import numpy as np
import torch

from hemline_trainer.artifact.export import export_encoder
from hemline_trainer.artifact.quantised import Quantised, is_quantised, quantise_encoder
from hemline_trainer.config import Config
from hemline_trainer.contract import ATOL
from hemline_trainer.data.dataset import Dataset
from hemline_trainer.data.embeddings import EmbeddingBank
from hemline_trainer.data.synthetic.renders import render_many
from hemline_trainer.errors import CheckpointError, DataError
from hemline_trainer.files.digest import sha256
from hemline_trainer.files.durable import beside
from hemline_trainer.progress import Bars, format_figures
from hemline_trainer.steps.export import summary
from hemline_trainer.steps.run_folder import ENCODER, RunFolder
from hemline_trainer.training import checkpoint
from hemline_trainer.training.embed import fill_bank, sight
from hemline_trainer.training.encoder import EncoderTraining, train_encoder
from hemline_trainer.training.encoder_origin import EncoderOrigin


def make_dataset(run: RunFolder, config: Config, training: EncoderTraining, given: Path | None, bars: Bars) -> Dataset:
    """Makes encoder and bank in the run folder; those that were made from the same inputs are kept.

    A run whose training has begun refuses others.
    """
    run.path.mkdir(parents=True, exist_ok=True)
    if given is not None and not given.is_file():
        raise DataError(f"{given}: there is no image encoder")
    encoder = run.image_encoder
    recorded = EncoderOrigin.read(run.path, encoder)
    wanted = EncoderOrigin.expected(training, config.seed, given).keep_given(recorded)
    begun = encoder.is_file() and run.checkpoint.exists()
    if recorded != wanted and begun:
        _refuse_others(run, recorded, given)
    elif recorded != wanted:
        if recorded is None or recorded.encoder != wanted.encoder:
            _make_encoder(encoder, training, config, given, bars)
        run.bank.unlink(missing_ok=True)
        wanted.note(run.path, encoder)
    return Dataset(config, _bank(run, config.seed, training.bank, bars))


def trained_dataset(run: RunFolder, shards: Path | None = None) -> Dataset:
    """The data set that a run was trained on.

    Args:
        run: with a checkpoint.
        shards: folder of the own series, where they moved since.
    """
    saved = checkpoint.read(run.path)
    dataset = Dataset(saved.config, EmbeddingBank.load(run.bank))
    return dataset if dataset.synthetic else dataset.at(shards or Path(saved.config.data.shards), saved.shards)


def _bank(run: RunFolder, seed: int, size: int, bars: Bars) -> EmbeddingBank:
    if run.bank.is_file():
        bank = EmbeddingBank.load(run.bank)
        if bank.digest == sha256(run.image_encoder) and len(bank) == size:
            return bank
    bank = fill_bank(run.image_encoder, seed, size, bars.stage("embedding bank"))
    bank.save(run.bank)
    bars.say(f"linear probe of the embeddings, on unseen renders: {format_figures(sight(bank))}")
    return bank


def _refuse_others(run: RunFolder, recorded: EncoderOrigin | None, given: Path | None) -> None:
    """Refuses another encoder or bank than training began with; a run without a record of them goes on."""
    same = given is None or sha256(given) == sha256(run.image_encoder)
    if recorded is not None or not same:
        raise CheckpointError(
            f"{run.path}: its image encoder or embedding bank was made by other [encoder] settings, by another seed or "
            "from another --image-encoder; train into another folder"
        )


def _make_encoder(encoder: Path, training: EncoderTraining, config: Config, given: Path | None, bars: Bars) -> None:
    if given is not None:
        with beside(encoder) as part:
            shutil.copyfile(given, part)
    else:
        torch.set_num_threads(config.threads)
        rng = np.random.default_rng((config.seed, 1))
        renders = render_many(training.images, rng, bars.stage("garments"))
        trained = train_encoder(renders, training, config.seed, config.device, bars.stage("image encoder"))
        bars.say(summary(ENCODER, export_encoder(trained, encoder, trained.dim)))
    if training.int8 and not is_quantised(encoder):
        bars.say(_quantised(quantise_encoder(encoder, encoder)))


def _quantised(made: Quantised) -> str:
    return (
        f"{made.path.name}: {made.products} products in 8 bits, {made.size_before:,} to {made.size:,} bytes, "
        f"cosine at least {made.cosine:.4f} to the embeddings in float32; one grey level moves one by {made.jump:.1e}, "
        f"golden answers allow {ATOL:g}: a server of another ONNX Runtime or processor may refuse it"
    )
