"""The step `see` of a run: an image encoder, trained or given, and the embedding bank that it fills."""

import shutil
from pathlib import Path

import numpy as np
import torch

from hemline_trainer.artifact import manifest
from hemline_trainer.artifact.export import export_encoder
from hemline_trainer.artifact.quantised import is_quantised, quantise_encoder
from hemline_trainer.config import Config
from hemline_trainer.data.embeddings import EmbeddingBank
from hemline_trainer.errors import CheckpointError, DataError
from hemline_trainer.files.durable import beside
from hemline_trainer.progress import Bars
from hemline_trainer.told import listed, proof, told
from hemline_trainer.training import checkpoint
from hemline_trainer.training.embed import fill_bank, sight
from hemline_trainer.training.encoder import EncoderTraining, render_many, train_encoder
from hemline_trainer.training.encoder_origin import EncoderOrigin

ENCODER = "image_encoder.onnx"
BANK = "bank.npz"


def see(folder: Path, training: EncoderTraining, config: Config, given: Path | None, bars: Bars) -> EmbeddingBank:
    """Makes both in a run folder; what stands there and was made from the same is kept.

    A run that has begun to learn from them refuses others.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if given is not None and not given.is_file():
        raise DataError(f"{given}: there is no image encoder")
    encoder, filled = folder / ENCODER, folder / BANK
    before = EncoderOrigin.read(folder, encoder)
    wanted = EncoderOrigin.wanted(training, config.seed, given).keeping(before)
    begun = encoder.is_file() and (folder / checkpoint.NAME).exists()
    if before != wanted and begun:
        _heed_begun(folder, before, given)
    elif before != wanted:
        if before is None or before.encoder != wanted.encoder:
            _make(encoder, training, config, given, bars)
        filled.unlink(missing_ok=True)
        wanted.note(folder, encoder)
    if filled.is_file():
        bank = EmbeddingBank.load(filled)
        if bank.digest == manifest.sha256(encoder) and len(bank) == training.bank:
            return bank
    bank = fill_bank(encoder, config.seed, training.bank, bars.stage("embedding bank"))
    bank.save(filled)
    bars.say(f"a linear reader of the embeddings of unseen renders: {listed(sight(bank))}")
    return bank


def _heed_begun(folder: Path, before: EncoderOrigin | None, given: Path | None) -> None:
    """Refuses another encoder or bank than a run began with; one of which nobody noted the origin goes on."""
    same = given is None or manifest.sha256(given) == manifest.sha256(folder / ENCODER)
    if before is not None or not same:
        raise CheckpointError(
            f"{folder}: its image encoder or embedding bank was made by other [encoder] settings, by another seed or "
            "from another --image-encoder; train into another folder"
        )


def _make(encoder: Path, training: EncoderTraining, config: Config, given: Path | None, bars: Bars) -> None:
    if given is not None:
        with beside(encoder) as part:
            shutil.copyfile(given, part)
    else:
        torch.set_num_threads(config.threads)
        rng = np.random.default_rng((config.seed, 1))
        renders = render_many(training.images, rng, bars.stage("garments"))
        trained = train_encoder(renders, training, config.seed, config.device, bars.stage("image encoder"))
        bars.say(proof(ENCODER, export_encoder(trained, encoder, trained.dim)))
    if training.int8 and not is_quantised(encoder):
        bars.say(told(quantise_encoder(encoder, encoder)))
