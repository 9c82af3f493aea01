from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from torch import Tensor, nn

from hemline_trainer.artifact.equivalence import GraphReport, session
from hemline_trainer.artifact.export import export_encoder, export_forecaster
from hemline_trainer.errors import ExportError
from hemline_trainer.evaluation.backtest import costs
from hemline_trainer.model.forecaster import Forecaster, Shape


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> GraphReport:
    with torch.random.fork_rng():
        torch.manual_seed(8)
        model = Forecaster(Shape(trunk=16, token=8))
    return export_forecaster(model, tmp_path_factory.mktemp("export") / "forecaster.onnx")


def test_the_graph_agrees_with_pytorch(report: GraphReport) -> None:
    assert report.max_abs_difference < 1e-5
    tried = set(report.differences)
    assert {"batch of 1", "batch of 8", "1 weeks", "208 weeks", "volume alone", "scale 1e+30"} <= tried


def test_the_graph_has_the_contracts_names_types_and_shapes(report: GraphReport) -> None:
    assert [(each.name, each.dtype, each.shape) for each in report.signature.tensors.values()] == [
        ("history", "float32", ("B", 208, 4)),
        ("observed", "bool", ("B", 208, 4)),
        ("last_week", "int64", ("B",)),
        ("static_ids", "int64", ("B", 3)),
        ("image_embedding", "float32", ("B", 64)),
        ("has_image", "bool", ("B",)),
        ("quantiles", "float32", ("B", 13, 3)),
        ("trend_class", "int64", ("B",)),
        ("variable_weights", "float32", ("B", 9)),
        ("week_weights", "float32", ("B", 208)),
    ]


def test_the_graph_has_a_version_that_the_server_loads(report: GraphReport) -> None:
    assert report.ir_version <= 10
    assert report.opset <= 22


def test_the_graph_holds_no_metadata_of_its_builder(report: GraphReport) -> None:
    proto = onnx.load(report.path)

    assert not proto.metadata_props
    assert not any(node.metadata_props or node.doc_string for node in proto.graph.node)
    assert b"site-packages" not in report.path.read_bytes()
    assert str(Path(__file__).parents[1]).encode() not in report.path.read_bytes()


def test_equal_weights_give_equal_bytes(report: GraphReport, tmp_path: Path) -> None:
    with torch.random.fork_rng():
        torch.manual_seed(8)
        model = Forecaster(Shape(trunk=16, token=8))

    again = export_forecaster(model, tmp_path / "forecaster.onnx")

    assert again.path.read_bytes() == report.path.read_bytes()


def test_the_cost_of_a_row_is_measured(report: GraphReport) -> None:
    found = costs(session(report.path), batches=(1, 3), runs=2)

    assert [each.batch for each in found] == [1, 3]
    assert all(0 < each.best <= each.median for each in found)


class Colours(nn.Module):
    """Mean colours of an image."""

    def forward(self, image: Tensor) -> Tensor:
        return image.float().mean((1, 2)) / 255


class Endless(nn.Module):
    """A graph that gives infinity."""

    def forward(self, image: Tensor) -> Tensor:
        return image.float().mean((1, 2)) / 0.0


def test_an_encoder_is_exported_and_verified(tmp_path: Path) -> None:
    report = export_encoder(Colours(), tmp_path / "image_encoder.onnx", 3)

    image = np.full((2, 224, 224, 3), 51, dtype=np.uint8)
    (embedding,) = session(report.path).run(None, {"image": image})
    assert embedding == pytest.approx(np.full((2, 3), 0.2), abs=1e-5)


def test_an_encoder_of_another_width_or_without_finite_answers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="embedding has shape"):
        export_encoder(Colours(), tmp_path / "narrow.onnx", 64)
    with pytest.raises(ExportError, match="not finite"):
        export_encoder(Endless(), tmp_path / "endless.onnx", 3)
