from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from tiny import write_graphs

from hemline_trainer.artifact import manifest
from hemline_trainer.artifact.equivalence import session
from hemline_trainer.artifact.export import export_encoder
from hemline_trainer.artifact.package import package
from hemline_trainer.artifact.quantised import LEAST_COSINE, cosine, is_quantised, jump, quantise_encoder
from hemline_trainer.artifact.verify import verify
from hemline_trainer.config import load_config
from hemline_trainer.contract import IR_VERSION, NEWEST_OPSET
from hemline_trainer.errors import ExportError
from hemline_trainer.model.encoder import Block, SmallVisionTransformer
from hemline_trainer.pipeline import Pipeline
from hemline_trainer.progress import Bars
from hemline_trainer.training.encoder import EncoderTraining, load_encoder_training

SMOKE = Path(__file__).parents[1] / "configs" / "smoke.toml"


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exported(encoder(), tmp_path_factory.mktemp("plain"))


@pytest.fixture(scope="module")
def small(plain: Path) -> Path:
    return quantise_encoder(plain, plain.with_name("int8.onnx")).path


def encoder() -> SmallVisionTransformer:
    torch.manual_seed(1)
    return SmallVisionTransformer().eval()


def exported(model: SmallVisionTransformer, folder: Path) -> Path:
    return export_encoder(model, folder / "image_encoder.onnx", model.dim).path


def test_a_quarter_of_the_bytes_gives_nearly_the_same_embeddings(plain: Path, tmp_path: Path) -> None:
    made = quantise_encoder(plain, tmp_path / "int8.onnx")

    assert made.cosine >= 0.999
    assert made.cosine == cosine(plain, made.path)
    assert made.products == 15
    assert jump(plain) < 1e-3
    assert jump(plain) < made.jump == jump(made.path) < 0.1
    assert made.size == made.path.stat().st_size < 0.35 * made.size_before
    assert (is_quantised(plain), is_quantised(made.path)) == (False, True)


def test_quantising_in_place_is_deterministic(plain: Path, small: Path, tmp_path: Path) -> None:
    here = tmp_path / "image_encoder.onnx"
    here.write_bytes(plain.read_bytes())

    quantise_encoder(here, here)

    assert here.read_bytes() == small.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == [here.name]


def test_the_server_can_load_it(small: Path) -> None:
    graph = onnx.load(small)

    assert graph.ir_version <= IR_VERSION
    assert [(entry.domain, entry.version <= NEWEST_OPSET) for entry in graph.opset_import] == [("", True)]
    assert (graph.producer_name, len(graph.metadata_props), len(graph.graph.value_info)) == ("hemline-trainer", 0, 0)
    images = np.zeros((3, 224, 224, 3), np.uint8)
    assert session(small).run(["embedding"], {"image": images})[0].shape == (3, 64)


def test_an_encoder_that_loses_too_much_is_refused_with_its_cosine(tmp_path: Path) -> None:
    model = encoder()
    block = model.blocks[0]
    assert isinstance(block, Block)
    with torch.no_grad():  # one unused feature so large that 8 bits lose the others
        block.attention_norm.bias[0] = 1e4
        block.query_key_value.weight[:, 0] = 0
        block.query_key_value.weight[:, 1:] *= 20
    graph = exported(model, tmp_path)
    before = graph.read_bytes()

    with pytest.raises(ExportError, match=rf"cosine -?0\.\d+ .* less than {LEAST_COSINE}"):
        quantise_encoder(graph, graph)

    assert graph.read_bytes() == before


def test_a_graph_without_products_of_float_weights_is_named(small: Path, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"int8\.onnx: .* no matrix product"):
        quantise_encoder(small, tmp_path / "again.onnx")

    assert not list(tmp_path.iterdir())


def test_an_artifact_takes_it(small: Path, tmp_path: Path) -> None:
    graphs = write_graphs(tmp_path / "graphs")
    (graphs / "image_encoder.onnx").write_bytes(small.read_bytes())

    package(
        graphs,
        tmp_path / "artifact",
        model="trend",
        created="2026-11-26T07:00:00Z",
        training=manifest.Training("", "", "", synthetic=True, seed=7),
        backtest=[],
        notes=[],
    )

    assert verify(tmp_path / "artifact")["encoder_digest"] == manifest.sha256(small)


def test_the_bank_is_filled_by_the_graph_that_is_published(plain: Path, small: Path, tmp_path: Path) -> None:
    config, training = load_config(SMOKE), EncoderTraining(bank=22, int8=True)
    first, second = (Pipeline(tmp_path / name, Bars(quiet=True)) for name in ("first", "second"))

    bank = first.dataset(config, training, given=plain).bank
    again = first.dataset(config, training).bank
    other = second.dataset(config, replace(training, int8=False), given=plain).bank

    assert first.run.image_encoder.read_bytes() == small.read_bytes()
    assert bank.digest == again.digest == manifest.sha256(small)
    assert other.digest == manifest.sha256(plain)


def test_settings_ask_for_it(tmp_path: Path) -> None:
    path = tmp_path / "run.toml"
    path.write_text("[encoder]\nint8 = true\n", encoding="utf-8")

    assert load_encoder_training(path) == EncoderTraining(int8=True)
