from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper
from test_cli import say
from tiny import write_graphs

from hemline_trainer.artifact import manifest
from hemline_trainer.artifact.signature_check import check_forecaster
from hemline_trainer.artifact.verify import verify
from hemline_trainer.errors import ExportError

TOML = """
image_encoder = "image_encoder.onnx"
synthetic = false
data_fingerprint = "posts of 2025"
created = "2026-11-23T07:00:00Z"
notes = ["Written by hand, node by node."]
[[backtest]]
dataset = "mine"
metrics = { mase = 0.5 }
baselines = { last = { mase = 0.9 } }
"""


def written(folder: Path, text: str = TOML) -> tuple[Path, Path]:
    """A graph that our trainer did not make, and its description."""
    write_graphs(folder)
    (folder / "mine.toml").write_text(text, encoding="utf-8")
    return folder / "forecaster.onnx", folder / "mine.toml"


def test_a_graph_from_elsewhere_becomes_a_publishable_artifact(tmp_path: Path) -> None:
    graph, description = written(tmp_path / "mine")
    out = tmp_path / "artifact"

    packed = say("package", "--onnx", graph, "--manifest", description, "--out", out, "--rows", 16)
    published = say("publish", "--artifact", out, "--store", tmp_path / "store", "--force", "a toy of a test")

    assert packed[0] == published[0] == 0, (packed, published)
    document = verify(out)
    assert document["training"]["synthetic"] is False
    assert [each["dataset"] for each in document["backtest"]][:3] == ["mine", "synthetic-series", "synthetic-market"]
    assert "Written by hand, node by node." in (out / "card.md").read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["artifact", "mine", "store"]


def test_packaging_again_gives_the_same_digest(tmp_path: Path) -> None:
    graph, description = written(tmp_path)
    words = ("package", "--onnx", graph, "--manifest", description, "--rows", 16, "--out")

    for name in ("a", "b"):
        say(*words, tmp_path / name)

    assert manifest.digest(tmp_path / "a") == manifest.digest(tmp_path / "b")


@pytest.mark.parametrize("newest", [True, False])
def test_a_graph_whose_weights_stand_among_its_inputs_is_accepted(tmp_path: Path, newest: bool) -> None:
    graph, description = written(tmp_path)
    for path in (graph, tmp_path / "image_encoder.onnx"):
        model = onnx.load(path)
        for constant in model.graph.initializer:
            entry = helper.make_tensor_value_info(constant.name, constant.data_type, list(constant.dims))
            model.graph.input.insert(len(model.graph.input) if newest else 0, entry)
        onnx.save(model, path)

    code, output = say(
        "package", "--onnx", graph, "--manifest", description, "--out", tmp_path / "artifact", "--rows", 16
    )

    assert code == 0, output
    inputs = [each["name"] for each in verify(tmp_path / "artifact")["graphs"]["forecaster"]["inputs"]]
    assert inputs == ["history", "observed", "last_week", "static_ids", "image_embedding", "has_image"]


def value(graph: onnx.GraphProto, name: str) -> onnx.ValueInfoProto:
    values: list[onnx.ValueInfoProto] = [*graph.input, *graph.output]
    return next(each for each in values if each.name == name)


def dropped(model: onnx.ModelProto) -> None:
    model.graph.output.remove(value(model.graph, "week_weights"))


def renamed(model: onnx.ModelProto) -> None:
    model.graph.input.append(helper.make_tensor_value_info("weather", TensorProto.FLOAT, ["B"]))


def of_doubles(model: onnx.ModelProto) -> None:
    value(model.graph, "last_week").type.tensor_type.elem_type = TensorProto.INT32


def with_fixed_batch(model: onnx.ModelProto) -> None:
    value(model.graph, "has_image").type.tensor_type.shape.dim[0].dim_value = 4


def of_52_weeks(model: onnx.ModelProto) -> None:
    value(model.graph, "history").type.tensor_type.shape.dim[1].dim_value = 52


def too_new(model: onnx.ModelProto) -> None:
    model.opset_import[0].version = 24


def with_foreign_operators(model: onnx.ModelProto) -> None:
    model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    model.graph.node[0].domain = "com.microsoft"


def crossed(model: onnx.ModelProto) -> None:
    spread = next(each for each in model.graph.initializer if each.name == "spread")
    flipped = onnx.numpy_helper.to_array(spread)[..., ::-1].copy()
    spread.CopyFrom(onnx.numpy_helper.from_array(flipped, "spread"))


def with_uneven_weights(model: onnx.ModelProto) -> None:
    even = next(each for each in model.graph.initializer if each.name == "even")
    even.CopyFrom(onnx.numpy_helper.from_array(2 * onnx.numpy_helper.to_array(even), "even"))


def not_finite(model: onnx.ModelProto) -> None:
    level = next(each for each in model.graph.initializer if each.name == "level")
    level.CopyFrom(onnx.numpy_helper.from_array(np.nan * onnx.numpy_helper.to_array(level), "level"))


def that_looks_at_neighbours(model: onnx.ModelProto) -> None:
    model.graph.node[0].output[0] = "own"
    model.graph.node.insert(1, helper.make_node("ReduceMean", ["own"], ["shared"], keepdims=1))
    model.graph.node.insert(2, helper.make_node("Add", ["own", "shared"], ["last"]))


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (dropped, "output week_weights is missing; it has quantiles, trend_class, variable_weights"),
        (renamed, "input weather is too many"),
        (of_doubles, "input last_week is int32, must be int64"),
        (with_fixed_batch, "input has_image has a fixed batch of 4"),
        (of_52_weeks, r"input history has shape \[B, 52, 4\], must be \['B', 208, 4\]"),
        (too_new, "opset 24, the server takes at most 22"),
        (with_foreign_operators, "operators of com.microsoft"),
        (crossed, "quantiles cross"),
        (with_uneven_weights, "variable_weights are no shares, they sum to 2"),
        (not_finite, "quantiles is not finite"),
        (that_looks_at_neighbours, "quantiles of a row changes with the rows beside it"),
    ],
)
def test_a_graph_that_breaks_the_contract_is_refused_by_name(tmp_path: Path, spoil: Callable[[onnx.ModelProto], None], reason: str) -> None:  # fmt: skip  # noqa: E501
    graph, _ = written(tmp_path)
    model = onnx.load(graph)
    spoil(model)
    onnx.save(model, graph)

    with pytest.raises(ExportError, match=reason):
        check_forecaster(graph)


@pytest.mark.parametrize(
    ("content", "reason"), [(b"", "not a whole ONNX model"), (b"no graph at all", "not a whole ONNX model")]
)
def test_a_file_that_is_no_graph_is_refused_in_one_line(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "x.onnx").write_bytes(content)

    with pytest.raises(ExportError, match=reason) as refused:
        check_forecaster(tmp_path / "x.onnx")

    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (TOML.replace("synthetic = false\n", ""), "synthetic is missing"),
        (TOML.replace("synthetic = false", 'synthetic = "no"'), "synthetic is 'no'; it must be a bool"),
        ("colour = 1\n" + TOML, "unknown key colour"),
        (TOML.replace("image_encoder.onnx", "absent.onnx"), "image_encoder: there is no file"),
        (TOML.replace("mase = 0.5", 'mase = "good"'), "backtest[0]: metrics must be numbers"),
        (TOML.replace("2026-11-23T07:00:00Z", "yesterday"), "created is 'yesterday'"),
        (TOML.replace("2026-11-23T07:00:00Z", "2026-02-30T07:00:00Z"), "created is '2026-02-30T07:00:00Z'"),
        (TOML.replace("2026-11-23T07:00:00Z", "2026-11-23T24:00:00Z"), "created is '2026-11-23T24:00:00Z'"),
        (TOML.replace("2026-11-23T07:00:00Z", "2026-11-23T23:59:60Z"), "created is '2026-11-23T23:59:60Z'"),
        (TOML.replace("2026-11-23T07:00:00Z", "\u0662026-11-23T07:00:00Z"), "created is "),
        (TOML.replace("mase = 0.5", "mase = nan"), "backtest[0]: metrics must be finite numbers; mase is nan"),
        (TOML.replace("mase = 0.5", "mase = -inf"), "backtest[0]: metrics must be finite numbers; mase is -inf"),
        (TOML.replace("mase = 0.5", "mase = 1" + "0" * 400), "backtest[0]: metrics must be finite numbers; mase is 1"),
        (TOML.replace("mase = 0.9", "mase = nan"), "backtest[0]: last must be finite numbers; mase is nan"),
        (TOML.replace("mase = 0.9", "mase = true"), "backtest[0]: last must be numbers; mase is True"),
        (TOML.replace("{ last = { mase = 0.9 } }", "3"), "backtest[0]: baselines is 3"),
        (TOML.replace('"mine"', "3"), "backtest[0]: dataset is 3"),
        (TOML.replace('"mine"', '""'), "backtest[0]: dataset is ''"),
        (TOML.replace('"mine"', '"a\\nb"'), "backtest[0]: dataset is 'a\\nb'"),
        (TOML.replace('"mine"', f'"{"x" * 81}"'), "backtest[0]: dataset is 'xxx"),
        (TOML.replace("{ mase = 0.5 }", '{ "a/b" = 0.5 }'), "backtest[0]: metrics: 'a/b' holds a slash"),
        ("seed = -1\n" + TOML, "seed is -1; it must be within 0..9223372036854775807"),
        ("seed = 9223372036854775808\n" + TOML, "seed is 9223372036854775808"),
        ("seed = ", "mine.toml"),
    ],
)
def test_an_invalid_description_is_refused_by_key_and_nothing_is_written(
    tmp_path: Path, text: str, reason: str
) -> None:
    graph, description = written(tmp_path, text)

    code, output = say("package", "--onnx", graph, "--manifest", description, "--out", tmp_path / "artifact")

    assert (code, len(output.splitlines())) == (1, 1)
    assert reason in output
    assert not (tmp_path / "artifact").exists()
