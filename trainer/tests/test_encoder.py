from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from hemline_trainer.artifact.export import export_encoder
from hemline_trainer.data.embeddings import EmbeddingBank
from hemline_trainer.data.synthetic.renders import Renders, render_many
from hemline_trainer.errors import CheckpointError, ConfigError, DataError, DivergedError
from hemline_trainer.model.encoder import FullVisionTransformer, SmallVisionTransformer
from hemline_trainer.progress import Silent
from hemline_trainer.training.embed import fill_bank, sight
from hemline_trainer.training.encoder import EncoderTraining, load_encoder_training, train_encoder

FEW = EncoderTraining(images=44, bank=22, epochs=1, batch=22)


@pytest.fixture(scope="module")
def renders() -> Renders:
    return render_many(FEW.images, np.random.default_rng(7), Silent())


def test_an_embedding_is_normalised_and_independent_of_its_batch() -> None:
    torch.manual_seed(1)
    model = SmallVisionTransformer().eval()
    images = torch.randint(0, 256, (3, 224, 224, 3), dtype=torch.uint8)

    with torch.no_grad():
        together, alone = model(images), model(images[1:2])

    assert together.shape == (3, 64)
    assert together.dtype == torch.float32
    torch.testing.assert_close(together[1:2], alone, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(together.mean(dim=1), torch.zeros(3), atol=1e-5, rtol=0)


def test_the_small_encoder_fits_the_demo() -> None:
    weights = sum(parameter.numel() for parameter in SmallVisionTransformer().parameters())

    assert 4 * weights < 1_600_000


def test_the_full_size_has_the_same_signature() -> None:
    torch.manual_seed(1)
    model = FullVisionTransformer().eval()

    with torch.no_grad():
        embedding = model(torch.zeros(1, 224, 224, 3, dtype=torch.uint8))

    assert embedding.shape == (1, 64)


def test_the_full_size_rejects_a_file_without_weights(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="no weights"):
        FullVisionTransformer(tmp_path / "weights.safetensors")


def test_a_gradient_that_is_not_finite_ends_the_training(renders: Renders) -> None:
    poisoned = replace(renders, styles=np.full_like(renders.styles, np.nan))

    with pytest.raises(DivergedError, match="image encoder, step 1: its gradient is nan"):
        train_encoder(poisoned, FEW, 7, "cpu", Silent())


def test_training_is_a_function_of_its_seed(renders: Renders) -> None:
    first, second, other = (train_encoder(renders, FEW, seed, "cpu", Silent()).state_dict() for seed in (7, 7, 8))

    assert all(torch.equal(first[name], second[name]) for name in first)
    assert not torch.equal(first["position"], other["position"])


def test_training_learns_the_categories(renders: Renders) -> None:
    losses: list[float] = []

    class Kept:
        def update(self, step: int, total: int, metrics: dict[str, float]) -> None:  # noqa: ARG002
            losses.extend(value for name, value in metrics.items() if name == "loss")

    train_encoder(renders, replace(FEW, epochs=30), 7, "cpu", Kept())

    assert losses[-1] < 0.75 * losses[0]


def test_a_bank_comes_from_the_graph_and_survives_the_disk(tmp_path: Path) -> None:
    graph = tmp_path / "image_encoder.onnx"
    torch.manual_seed(1)
    export_encoder(SmallVisionTransformer().eval(), graph, 64)

    bank = fill_bank(graph, 7, 22, Silent())
    bank.save(tmp_path / "bank.npz")
    kept = EmbeddingBank.load(tmp_path / "bank.npz")

    assert len(kept) == 22
    assert kept.digest == bank.digest
    assert np.array_equal(kept.embeddings, bank.embeddings)
    assert set(sight(bank)) == {"r2_cut", "r2_colour", "r2_pattern", "category_accuracy"}


def test_an_invalid_bank_is_named(tmp_path: Path) -> None:
    (tmp_path / "bank.npz").write_bytes(b"no")

    with pytest.raises(DataError, match=r"bank\.npz: not an embedding bank"):
        EmbeddingBank.load(tmp_path / "bank.npz")
    with pytest.raises(DataError, match="do not fit 3 categories"):
        EmbeddingBank(np.zeros((2, 64), np.float32), np.zeros((3, 3), np.float32), np.ones(3, np.int64), "")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[encoder]\nimagse = 3", "unknown key encoder.imagse"),
        ('[encoder]\nimages = "many"', "encoder.images is 'many'"),
        ('[encoder]\nsize = "huge"', "one of small, full"),
        ('[encoder]\nweights = "vit.pth"', "only the full size"),
        ("[encoder]\nepochs = 0", "too small"),
    ],
)
def test_bad_encoder_settings_stop_the_start(text: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "run.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError, match=reason):
        load_encoder_training(path)
