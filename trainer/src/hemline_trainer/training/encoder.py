"""Trains the image encoder to predict category and style of rendered garments.

All renders are kept in memory; the two linear heads on the embedding are discarded after training.
"""

import math
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from hemline_trainer.contract import CATEGORIES
from hemline_trainer.data.synthetic.renders import Progress, Renders
from hemline_trainer.errors import ConfigError, DivergedError
from hemline_trainer.files.toml_file import read_toml, section
from hemline_trainer.model.encoder import Encoder, FullVisionTransformer, SmallVisionTransformer


@dataclass(frozen=True)
class EncoderTraining:
    """How the image encoder is trained; the [encoder] section of a run's TOML file. Immutable.

    Attributes:
        size: "small", or "full" for vit_base_patch16_224.
        weights: local file with initial weights, full size only; empty for none.
        images: training renders.
        bank: renders of the embedding bank, disjoint from the training renders.
        epochs: passes over the training renders.
        batch: rows per step.
        learning_rate: peak of the one-cycle schedule.
        style_weight: weight of the style's squared error beside the category's cross-entropy.
        int8: publish the graph with 8-bit weights and fill the embedding bank with it; its digest differs from float32.
    """

    size: str = "small"
    weights: str = ""
    images: int = 5500
    bank: int = 2200
    epochs: int = 16
    batch: int = 50
    learning_rate: float = 1.5e-3
    style_weight: float = 8.0
    int8: bool = False

    def __post_init__(self) -> None:
        """Refuses invalid settings."""
        if self.size not in SIZES:
            raise ConfigError(f"encoder.size is {self.size!r}; it must be one of {', '.join(SIZES)}")
        if self.weights and self.size != "full":
            raise ConfigError("encoder.weights fits only the full size")
        if min(self.batch, self.epochs) < 1 or self.images < self.batch or self.bank < 2 * len(CATEGORIES):
            raise ConfigError("encoder: images, bank, epochs or batch is too small")


SIZES = ("small", "full")
_LARGEST = 1e9


def load_encoder_training(path: Path) -> EncoderTraining:
    """Reads the [encoder] section of a TOML file; missing keys keep their defaults."""
    settings = section(read_toml(path), "encoder", path)
    defaults = asdict(EncoderTraining())
    for key, value in settings.items():
        if key not in defaults:
            raise ConfigError(f"{path}: unknown key encoder.{key}")
        kind = type(defaults[key])
        if type(value) not in ({float, int} if kind is float else {kind}):
            raise ConfigError(f"{path}: encoder.{key} is {value!r}; it must be a {kind.__name__}")
        if kind is not str and not abs(value) < _LARGEST:
            raise ConfigError(f"{path}: encoder.{key} is {value!r}; it must be a finite number below {_LARGEST:g}")
    return EncoderTraining(**{**defaults, **settings})


def train_encoder(renders: Renders, training: EncoderTraining, seed: int, device: str, progress: Progress) -> Encoder:
    """Trains an encoder on rendered garments; the same seed gives the same weights on one machine."""
    count = len(renders.categories)
    shuffles = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model: Encoder = SmallVisionTransformer()
        if training.size == "full":
            model = FullVisionTransformer(Path(training.weights) if training.weights else None)
        heads = nn.Linear(model.dim, len(CATEGORIES) + 3)
    model, heads = model.to(device), heads.to(device)
    images, styles = torch.from_numpy(renders.images), torch.from_numpy(renders.styles)
    categories = torch.from_numpy(renders.categories) - 1
    parameters = [*model.parameters(), *heads.parameters()]
    optimiser = torch.optim.AdamW(parameters, lr=training.learning_rate, weight_decay=0.02)
    batches = count // training.batch
    total = batches * training.epochs
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, training.learning_rate, total_steps=total, pct_start=0.15)
    step = 0
    for _ in range(training.epochs):
        for rows in torch.randperm(count, generator=shuffles)[: batches * training.batch].chunk(batches):
            batch = _augmented(images[rows], shuffles).to(device)
            outputs = heads(model(batch))
            loss = _loss(outputs, categories[rows].to(device), styles[rows].to(device), training.style_weight)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            norm = float(nn.utils.clip_grad_norm_(parameters, 1.0))
            if not math.isfinite(norm):
                raise DivergedError(
                    f"image encoder, step {step + 1}: its gradient is {norm:g}; lower encoder.learning_rate"
                )
            optimiser.step()
            schedule.step()
            step += 1
            if step % 10 == 0 or step == total:
                progress.update(step, total, {"loss": float(loss.detach()), "rows": float(training.batch)})
    return model.cpu().eval()


def _augmented(images: Tensor, generator: torch.Generator) -> Tensor:
    """Augments a batch by one common mirroring and shift of a few pixels."""
    down, right, mirrored = (int(torch.randint(low, high, (1,), generator=generator)) for low, high in _SHIFTS)
    shifted = images.roll((down, right), dims=(1, 2))
    return shifted.flip(2) if mirrored else shifted


_SHIFTS = ((-8, 9), (-8, 9), (0, 2))


def _loss(heads: Tensor, categories: Tensor, styles: Tensor, style_weight: float) -> Tensor:
    """Cross-entropy of the category plus the weighted squared error of the style."""
    count = len(CATEGORIES)
    return F.cross_entropy(heads[:, :count], categories) + style_weight * F.mse_loss(heads[:, count:], styles)
