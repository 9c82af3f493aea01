"""The binary tensor extension."""

from __future__ import annotations

import json
from typing import Any

from clause import BINARY, Skipped, clause, expect
from target import JSON_LENGTH_HEADER, Response, Target, expect_error

NAME = "binary_tensor_data"


def split(response: Response) -> tuple[dict[str, Any], bytes]:
    """Return the JSON of a response and its binary data."""
    expect(response.status == 200, f"status {response.status}: {response.body[:200]!r}")
    length = response.headers.get(JSON_LENGTH_HEADER)
    expect(length is not None and length.isdigit(), f"{JSON_LENGTH_HEADER} is {length}")
    size = int(length or 0)
    return dict(json.loads(response.body[:size])), response.body[size:]


def in_json(target: Target) -> Any:
    return target.infer({"inputs": target.inputs()}).object()["outputs"]


@clause("binary: binary inputs equal JSON inputs", BINARY, "Binary Tensor Data Extension")
def inputs(target: Target) -> None:
    target.require_extension(NAME)
    tensors, tail = target.binary_inputs()
    answer = target.infer_binary({"inputs": tensors}, tail).object()
    expect(answer["outputs"] == in_json(target), "the answer differs")


@clause("binary: binary and JSON inputs may be mixed", BINARY, "Binary Tensor Data Extension")
def mixed(target: Target) -> None:
    target.require_extension(NAME)
    tensors, tail = target.binary_inputs()
    if len(tensors) == 1:
        msg = "the model has one input"
        raise Skipped(msg)
    first = tensors[0]["parameters"]["binary_data_size"]
    answer = target.infer_binary({"inputs": [tensors[0], *target.inputs()[1:]]}, tail[:first]).object()
    expect(answer["outputs"] == in_json(target), "the answer differs")


@clause("binary: binary_data makes one output binary", BINARY, "Binary Tensor Data Extension")
def one_output(target: Target) -> None:
    target.require_extension(NAME)
    names = [output["name"] for output in target.metadata["outputs"]]
    outputs = [{"name": name, "parameters": {"binary_data": name == names[0]}} for name in names]
    text, tail = split(target.infer({"inputs": target.inputs(), "outputs": outputs}))
    for output in text["outputs"]:
        binary = "binary_data_size" in output.get("parameters", {})
        expect(binary == (output["name"] == names[0]) and binary != ("data" in output), f"{output['name']}: {output}")
    expect(len(tail) == text["outputs"][0]["parameters"]["binary_data_size"], f"{len(tail)} bytes of data")


@clause("binary: binary_data_output makes all outputs binary", BINARY, "Binary Tensor Data Extension")
def all_outputs(target: Target) -> None:
    target.require_extension(NAME)
    text, tail = split(target.infer({"inputs": target.inputs(), "parameters": {"binary_data_output": True}}))
    sizes = [output["parameters"]["binary_data_size"] for output in text["outputs"]]
    expect(sum(sizes) == len(tail), f"the sizes {sizes} differ from the {len(tail)} bytes of data")


@clause("binary: binary_data overrides binary_data_output", BINARY, "Binary Tensor Data Extension")
def overrides(target: Target) -> None:
    target.require_extension(NAME)
    name = target.metadata["outputs"][0]["name"]
    request = {
        "inputs": target.inputs(),
        "parameters": {"binary_data_output": True},
        "outputs": [{"name": name, "parameters": {"binary_data": False}}],
    }
    expect("data" in target.infer(request).object()["outputs"][0], "the output has no data in the JSON")


@clause("binary: wrong sizes are errors", BINARY, "Binary Tensor Data Extension")
def wrong_sizes(target: Target) -> None:
    target.require_extension(NAME)
    tensors, tail = target.binary_inputs()
    expect_error(target.infer_binary({"inputs": tensors}, tail[:-1]))
    first = {**tensors[0], "parameters": {"binary_data_size": tensors[0]["parameters"]["binary_data_size"] + 1}}
    expect_error(target.infer_binary({"inputs": [first, *tensors[1:]]}, tail + b"\0"))
