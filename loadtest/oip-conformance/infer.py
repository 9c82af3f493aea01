"""Inference, in JSON."""

from __future__ import annotations

from typing import Any

from clause import REST, Skipped, clause, expect
from target import Target, expect_error


def infer(target: Target, **members: Any) -> dict[str, Any]:
    """Infer with inputs of zeros and further members; return the response's object."""
    return target.infer({"inputs": target.inputs(), **members}).object()


@clause("inference is answered with 200 and an object", REST, "Inference Response JSON Object")
def infers(target: Target) -> None:
    infer(target)


@clause("the response names the model", REST, "Inference Response JSON Object")
def names_model(target: Target) -> None:
    value = infer(target)
    expect(value.get("model_name") == target.model, f"model_name is {value.get('model_name')!r}")


@clause("the response's version, if any, is a string", REST, "Inference Response JSON Object")
def names_version(target: Target) -> None:
    version = infer(target).get("model_version", "")
    expect(isinstance(version, str), f"model_version is {version!r}")


@clause("the response echoes the id", REST, "Inference Request JSON Object")
def echoes_id(target: Target) -> None:
    value = infer(target, id="ä-42")
    expect(value.get("id") == "ä-42", f"id is {value.get('id')!r}")


@clause("without outputs the response has all of them", REST, "Inference Request JSON Object")
def all_outputs(target: Target) -> None:
    names = {output["name"] for output in infer(target)["outputs"]}
    declared = {output["name"] for output in target.metadata["outputs"]}
    expect(names == declared, f"{names} instead of {declared}")


@clause("the response has only the requested outputs", REST, "Request Output")
def some_outputs(target: Target) -> None:
    last = target.metadata["outputs"][-1]["name"]
    names = [output["name"] for output in infer(target, outputs=[{"name": last}])["outputs"]]
    expect(names == [last], f"{names} instead of {[last]}")


@clause("outputs have the declared datatypes", REST, "Inference Response JSON Object")
def output_datatypes(target: Target) -> None:
    declared = {output["name"]: output["datatype"] for output in target.metadata["outputs"]}
    for output in infer(target)["outputs"]:
        expect(output["datatype"] == declared[output["name"]], f"{output['name']} is {output['datatype']}")


@clause("output shapes fit the declaration and the data", REST, "Inference Response JSON Object")
def output_shapes(target: Target) -> None:
    declared = {output["name"]: output["shape"] for output in target.metadata["outputs"]}
    for output in infer(target)["outputs"]:
        shape, declared_shape = output["shape"], declared[output["name"]]
        fits = len(shape) == len(declared_shape) and all(
            b in {-1, a} for a, b in zip(shape, declared_shape, strict=True)
        )
        expect(fits, f"{output['name']} has shape {shape}, declared is {declared_shape}")
        count = 1
        for size in shape:
            count *= size
        expect(len(flat(output["data"])) == count, f"{output['name']} has {len(flat(output['data']))} elements")


@clause("data may be nested like the shape", REST, "Request Input")
def nested(target: Target) -> None:
    inputs = [{**tensor, "data": nest(tensor["data"], tensor["shape"])} for tensor in target.inputs()]
    value = target.infer({"inputs": inputs}).object()
    expect(value["outputs"] == infer(target)["outputs"], "the answer differs from that to flat data")


@clause("inputs may come in any order", REST, "Inference Request JSON Object")
def any_order(target: Target) -> None:
    if len(target.metadata["inputs"]) == 1:
        msg = "the model has one input"
        raise Skipped(msg)
    value = target.infer({"inputs": target.inputs()[::-1]}).object()
    expect(value["outputs"] == infer(target)["outputs"], "the answer differs")


@clause("a batch is one tensor of all rows", REST, "Request Input")
def batch(target: Target) -> None:
    if target.metadata["inputs"][0]["shape"][:1] != [-1]:
        msg = "the model takes no batches"
        raise Skipped(msg)
    value = target.infer({"inputs": target.inputs(rows=3)}).object()
    expect(value["outputs"][0]["shape"][0] == 3, f"shape {value['outputs'][0]['shape']} for 3 rows")


@clause("parameters are accepted: text, number, boolean", REST, "Inference Request JSON Object")
def parameters(target: Target) -> None:
    several = {"text": "a", "number": 1.5, "boolean": True}
    inputs = [{**tensor, "parameters": several} for tensor in target.inputs()]
    target.infer({"inputs": inputs, "parameters": several}).object()


@clause("a version can be selected", REST, "HTTP/REST")
def by_version(target: Target) -> None:
    value = target.infer({"inputs": target.inputs()}, f"/versions/{target.version}").object()
    expect(value.get("model_version") == target.version, f"model_version is {value.get('model_version')!r}")


@clause("an unknown model is an error", REST, "Inference Response JSON Error Object")
def unknown_model(target: Target) -> None:
    expect_error(target.post("/v2/models/no-such-model-here/infer", {"inputs": target.inputs()}))


@clause("an unknown version is an error", REST, "Inference Response JSON Error Object")
def unknown_version(target: Target) -> None:
    _ = target.version
    expect_error(target.infer({"inputs": target.inputs()}, "/versions/987654321"))


@clause("invalid JSON is an error", REST, "Inference Response JSON Error Object")
def not_json(target: Target) -> None:
    expect_error(target.request(f"{target.model_path}/infer", b"{", Content_Type="application/json"))


@clause("missing inputs are an error", REST, "Inference Request JSON Object")
def no_inputs(target: Target) -> None:
    expect_error(target.infer({}))
    expect_error(target.infer({"inputs": target.inputs()[1:]}))


@clause("an unknown input is an error", REST, "Request Input")
def unknown_input(target: Target) -> None:
    extra = {"name": "no_such_input", "shape": [1], "datatype": "FP32", "data": [0]}
    expect_error(target.infer({"inputs": [*target.inputs(), extra]}))


@clause("an unknown output is an error", REST, "Request Output")
def unknown_output(target: Target) -> None:
    expect_error(target.infer({"inputs": target.inputs(), "outputs": [{"name": "no_such_output"}]}))


@clause("another datatype than the declared one is an error", REST, "Request Input")
def wrong_datatype(target: Target) -> None:
    first, *rest = target.inputs()
    other = "INT64" if first["datatype"] != "INT64" else "FP64"
    expect_error(target.infer({"inputs": [{**first, "datatype": other}, *rest]}))


@clause("too few and too many elements are errors", REST, "Request Input")
def wrong_count(target: Target) -> None:
    first, *rest = target.inputs()
    for data in (first["data"][1:], [*first["data"], first["data"][0]]):
        expect_error(target.infer({"inputs": [{**first, "data": data}, *rest]}))


def flat(data: Any) -> list[Any]:
    """Return the elements of data, nested or not."""
    return [element for part in data for element in flat(part)] if isinstance(data, list) else [data]


def nest(data: list[Any], shape: list[int]) -> list[Any]:
    """Return flat data nested like the shape."""
    if len(shape) <= 1:
        return data
    size = len(data) // shape[0]
    return [nest(data[at : at + size], shape[1:]) for at in range(0, len(data), size)]
