"""Wrong lengths and shapes: a prompt error, after which the server still infers."""

from __future__ import annotations

from clause import BINARY, REST, clause, expect
from target import Target, expect_error


def first_with(target: Target, **members: object) -> dict[str, object]:
    """Return a request whose first input has these members."""
    first, *rest = target.inputs()
    return {"inputs": [{**first, **members}, *rest]}


def expect_alive(target: Target) -> None:
    """Expect that the server still infers."""
    target.infer({"inputs": target.inputs()}).object()


@clause("limits: negative dimensions are an error", REST, "Request Input")
def negative(target: Target) -> None:
    expect_error(target.infer(first_with(target, shape=[-1, *target.inputs()[0]["shape"][1:]])))
    expect_alive(target)


@clause("limits: shapes that overflow are an error", REST, "Request Input")
def overflowing(target: Target) -> None:
    for shape in ([2**31, 2**31], [2**62, 4], [2**64, 1], [10**30]):
        expect_error(target.infer(first_with(target, shape=shape)))
    expect_alive(target)


@clause("limits: excessive nesting is an error", REST, "Request Input")
def nesting(target: Target) -> None:
    text = b'{"inputs": ' + b"[" * 100_000
    expect_error(target.request(f"{target.model_path}/infer", text, Content_Type="application/json"))
    expect_alive(target)


@clause("limits: a duplicate input is an error", REST, "Request Input")
def doubled(target: Target) -> None:
    expect_error(target.infer({"inputs": [*target.inputs(), target.inputs()[0]]}))


@clause("limits: a JSON length beyond the body is an error", BINARY, "Binary Tensor Data Extension")
def long_text(target: Target) -> None:
    target.require_extension("binary_tensor_data")
    tensors, tail = target.binary_inputs()
    for length in ("99999999999", str(2**64), "-1", "many"):
        expect_error(target.infer_binary({"inputs": tensors}, tail, length))
    expect_alive(target)


@clause("limits: a tensor size beyond the data is an error", BINARY, "Binary Tensor Data Extension")
def long_tensor(target: Target) -> None:
    target.require_extension("binary_tensor_data")
    tensors, tail = target.binary_inputs()
    for size in (2**31, 2**62, 2**64, -1):
        first = {**tensors[0], "parameters": {"binary_data_size": size}}
        expect_error(target.infer_binary({"inputs": [first, *tensors[1:]]}, tail))
    expect_alive(target)


@clause("limits: the server is live afterwards", REST, "Server Live")
def still_live(target: Target) -> None:
    expect(target.request("/v2/health/live").status == 200, "it is not")
