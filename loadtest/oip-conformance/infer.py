"""Inference, in JSON."""

from __future__ import annotations

from typing import Any

from clause import REST, Skipped, clause, expect
from target import Target, expect_error


def answer(target: Target, **members: Any) -> dict[str, Any]:
    """Ask with zeros and further members, and return the answer."""
    return target.infer({"inputs": target.inputs(), **members}).object()


@clause("inference is answered with 200 and an object", REST, "Inference Response JSON Object")
def infers(target: Target) -> None:
    answer(target)


@clause("the answer names the model", REST, "Inference Response JSON Object")
def names_model(target: Target) -> None:
    value = answer(target)
    expect(value.get("model_name") == target.model, f"model_name is {value.get('model_name')!r}")


@clause("the answer's version, if any, is a text", REST, "Inference Response JSON Object")
def names_version(target: Target) -> None:
    version = answer(target).get("model_version", "")
    expect(isinstance(version, str), f"model_version is {version!r}")


@clause("the id comes back", REST, "Inference Request JSON Object")
def echoes_id(target: Target) -> None:
    value = answer(target, id="ä-42")
    expect(value.get("id") == "ä-42", f"id is {value.get('id')!r}")


@clause("without outputs all of them come", REST, "Inference Request JSON Object")
def all_outputs(target: Target) -> None:
    told = {output["name"] for output in answer(target)["outputs"]}
    declared = {output["name"] for output in target.metadata["outputs"]}
    expect(told == declared, f"{told} instead of {declared}")


@clause("only the outputs come that are asked for", REST, "Request Output")
def some_outputs(target: Target) -> None:
    last = target.metadata["outputs"][-1]["name"]
    told = [output["name"] for output in answer(target, outputs=[{"name": last}])["outputs"]]
    expect(told == [last], f"{told} instead of {[last]}")


@clause("outputs have the declared datatypes", REST, "Inference Response JSON Object")
def output_datatypes(target: Target) -> None:
    declared = {output["name"]: output["datatype"] for output in target.metadata["outputs"]}
    for output in answer(target)["outputs"]:
        expect(output["datatype"] == declared[output["name"]], f"{output['name']} is {output['datatype']}")


@clause("output shapes fit the declaration and the data", REST, "Inference Response JSON Object")
def output_shapes(target: Target) -> None:
    declared = {output["name"]: output["shape"] for output in target.metadata["outputs"]}
    for output in answer(target)["outputs"]:
        shape, wished = output["shape"], declared[output["name"]]
        fits = len(shape) == len(wished) and all(b in {-1, a} for a, b in zip(shape, wished, strict=True))
        expect(fits, f"{output['name']} has shape {shape}, declared is {wished}")
        count = 1
        for size in shape:
            count *= size
        expect(len(flat(output["data"])) == count, f"{output['name']} has {len(flat(output['data']))} elements")


@clause("data may be nested as the shape", REST, "Request Input")
def nested(target: Target) -> None:
    inputs = [{**tensor, "data": nest(tensor["data"], tensor["shape"])} for tensor in target.inputs()]
    told = target.infer({"inputs": inputs}).object()
    expect(told["outputs"] == answer(target)["outputs"], "another answer than to flat data")


@clause("inputs may come in any order", REST, "Inference Request JSON Object")
def any_order(target: Target) -> None:
    if len(target.metadata["inputs"]) == 1:
        msg = "the model has one input"
        raise Skipped(msg)
    told = target.infer({"inputs": target.inputs()[::-1]}).object()
    expect(told["outputs"] == answer(target)["outputs"], "another answer")


@clause("a batch is one tensor with all its rows", REST, "Request Input")
def batch(target: Target) -> None:
    if target.metadata["inputs"][0]["shape"][:1] != [-1]:
        msg = "the model takes no batches"
        raise Skipped(msg)
    told = target.infer({"inputs": target.inputs(rows=3)}).object()
    expect(told["outputs"][0]["shape"][0] == 3, f"shape {told['outputs'][0]['shape']} for 3 rows")


@clause("parameters are accepted: text, number, boolean", REST, "Inference Request JSON Object")
def parameters(target: Target) -> None:
    several = {"text": "a", "number": 1.5, "boolean": True}
    inputs = [{**tensor, "parameters": several} for tensor in target.inputs()]
    target.infer({"inputs": inputs, "parameters": several}).object()


@clause("a version can be asked for by name", REST, "HTTP/REST")
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


@clause("what is not JSON is an error", REST, "Inference Response JSON Error Object")
def not_json(target: Target) -> None:
    expect_error(target.ask(f"{target.model_path}/infer", b"{", Content_Type="application/json"))


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


@clause("fewer and more elements than the shape says are errors", REST, "Request Input")
def wrong_count(target: Target) -> None:
    first, *rest = target.inputs()
    for data in (first["data"][1:], [*first["data"], first["data"][0]]):
        expect_error(target.infer({"inputs": [{**first, "data": data}, *rest]}))


def flat(data: Any) -> list[Any]:
    """Return the elements of data, nested or not."""
    return [element for part in data for element in flat(part)] if isinstance(data, list) else [data]


def nest(data: list[Any], shape: list[int]) -> list[Any]:
    """Return flat data nested as the shape."""
    if len(shape) <= 1:
        return data
    size = len(data) // shape[0]
    return [nest(data[at : at + size], shape[1:]) for at in range(0, len(data), size)]
