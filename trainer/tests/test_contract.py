"""The tensors of the contract are those of the committed demo's manifest and graphs, and of the store's description."""

import onnx
from test_cli import DEMO

from hemline_trainer.artifact import manifest
from hemline_trainer.artifact.equivalence import DTYPES
from hemline_trainer.contract import ATOL, BATCH_SIZES, FORECASTER, IMAGE_ENCODER, RTOL, Tensor


def described(tensors: tuple[Tensor, ...]) -> list[dict[str, object]]:
    return [
        {
            "name": each.name,
            "dtype": each.dtype,
            "shape": list(each.shape),
            "meaning": each.meaning,
            "unit": each.unit,
        }
        for each in tensors
    ]


def test_the_manifest_of_the_committed_demo_describes_the_tensors_of_the_contract() -> None:
    document = manifest.read(DEMO / "2")

    for name, signature in (("forecaster", FORECASTER), ("image_encoder", IMAGE_ENCODER)):
        assert document["graphs"][name]["inputs"] == described(signature.inputs)
        assert document["graphs"][name]["outputs"] == described(signature.outputs)
    assert document["batch_sizes"] == list(BATCH_SIZES)
    assert document["tolerance"] == {"atol": ATOL, "rtol": RTOL}


def test_the_committed_graphs_hold_the_tensors_of_the_contract_in_its_order() -> None:
    for name, signature in (("forecaster", FORECASTER), ("image_encoder", IMAGE_ENCODER)):
        graph = onnx.load(DEMO / "2" / f"{name}.onnx").graph
        found = [(value.name, DTYPES[value.type.tensor_type.elem_type]) for value in [*graph.input, *graph.output]]
        assert found == [(each.name, each.dtype) for each in signature.tensors.values()]
