"""Triton's Python clients over HTTP and gRPC."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from tritonclient import grpc as triton_grpc
from tritonclient import http as triton_http
from tritonclient.utils import InferenceServerException

from conftest import ROOT
from tensors import ROWS, arrays, datatype

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Server

QUANTILES = (ROWS, 13, 3)
ENCODER = "trend-image-encoder"
FIXTURES = ROOT / "model-store" / "fixtures" / "images"


@pytest.fixture
def http(demo: Server) -> Iterator[triton_http.InferenceServerClient]:
    """Return an HTTP client."""
    with triton_http.InferenceServerClient(f"127.0.0.1:{demo.port}", network_timeout=20) as client:
        yield client


@pytest.fixture
def grpc(demo: Server) -> Iterator[triton_grpc.InferenceServerClient]:
    """Return a gRPC client."""
    with triton_grpc.InferenceServerClient(f"127.0.0.1:{demo.grpc_port}") as client:
        yield client


def inputs(library: Any, demo: Server, **options: bool) -> list[Any]:
    """Return the inputs in the library's form."""
    made = []
    for name, array in arrays(demo).items():
        tensor = library.InferInput(name, list(array.shape), datatype(array))
        tensor.set_data_from_numpy(array, **options)
        made.append(tensor)
    return made


def images(library: Any, files: list[bytes], shape: list[int], **options: bool) -> Any:
    """Return image files as the encoder's input in the library's form."""
    tensor = library.InferInput("image", shape, "BYTES")
    tensor.set_data_from_numpy(np.array(files, dtype=np.object_).reshape(shape), **options)
    return tensor


def test_both_protocols_report_the_server_and_its_models(
    http: triton_http.InferenceServerClient, grpc: triton_grpc.InferenceServerClient
) -> None:
    index = {entry["name"]: entry for entry in http.get_model_repository_index()}

    for client in (http, grpc):
        assert client.is_server_live()
        assert client.is_server_ready()
        assert client.is_model_ready("trend")
        assert client.is_model_ready("trend", index["trend"]["version"])
        assert not client.is_model_ready("trend", "987")
        assert not client.is_model_ready("nothing")
    assert index["trend"]["state"] == "READY"
    assert http.get_server_metadata()["name"] == grpc.get_server_metadata().name == "hemline"
    assert http.get_model_metadata("trend")["platform"] == grpc.get_model_metadata("trend").platform
    assert {entry.name for entry in grpc.get_model_repository_index().models} == set(index)


@pytest.mark.parametrize("binary", [True, False])
@pytest.mark.parametrize("request_compression", [None, "gzip", "deflate"])
@pytest.mark.parametrize("response_compression", [None, "gzip", "deflate"])
def test_encoding_and_compression_do_not_change_the_answer_over_http(
    http: triton_http.InferenceServerClient,
    demo: Server,
    binary: bool,
    request_compression: str | None,
    response_compression: str | None,
) -> None:
    plain = http.infer("trend", inputs(triton_http, demo), request_id="a-1")
    outputs = [
        triton_http.InferRequestedOutput("quantiles", binary_data=binary),
        triton_http.InferRequestedOutput("trend_class", binary_data=not binary),
    ]

    encoded = http.infer(
        "trend",
        inputs(triton_http, demo, binary_data=binary),
        outputs=outputs,
        request_compression_algorithm=request_compression,
        response_compression_algorithm=response_compression,
    )

    assert plain.get_response()["id"] == "a-1"
    assert plain.as_numpy("quantiles").shape == QUANTILES
    np.testing.assert_array_equal(encoded.as_numpy("quantiles"), plain.as_numpy("quantiles"))
    np.testing.assert_array_equal(encoded.as_numpy("trend_class"), plain.as_numpy("trend_class"))
    assert encoded.as_numpy("week_weights") is None


def test_grpc_and_http_get_equal_answers(
    http: triton_http.InferenceServerClient, grpc: triton_grpc.InferenceServerClient, demo: Server
) -> None:
    over_http = http.infer("trend", inputs(triton_http, demo))

    for compression in (None, "gzip"):
        over_grpc = grpc.infer("trend", inputs(triton_grpc, demo), request_id="a-1", compression_algorithm=compression)

        assert over_grpc.get_response().id == "a-1"
        for name in ("quantiles", "trend_class", "variable_weights", "week_weights"):
            np.testing.assert_array_equal(over_grpc.as_numpy(name), over_http.as_numpy(name))


@pytest.mark.parametrize("shape", [[2], [2, 1]])
def test_both_protocols_accept_image_files_as_bytes(
    http: triton_http.InferenceServerClient, grpc: triton_grpc.InferenceServerClient, shape: list[int]
) -> None:
    files = [(FIXTURES / name).read_bytes() for name in ("plain.jpg", "wide.webp")]

    over_http = http.infer(ENCODER, [images(triton_http, files, shape)]).as_numpy("embedding")
    over_grpc = grpc.infer(ENCODER, [images(triton_grpc, files, shape)]).as_numpy("embedding")
    as_text = http.infer(
        ENCODER, [images(triton_http, [base64.b64encode(file) for file in files], shape, binary_data=False)]
    ).as_numpy("embedding")

    assert over_http.shape[0] == 2
    assert not np.array_equal(over_http[0], over_http[1])
    np.testing.assert_array_equal(over_grpc, over_http)
    np.testing.assert_array_equal(as_text, over_http)


def test_both_protocols_name_the_element_that_is_no_image(
    http: triton_http.InferenceServerClient, grpc: triton_grpc.InferenceServerClient
) -> None:
    files = [(FIXTURES / "plain.jpg").read_bytes(), b"GIF89a"]

    with pytest.raises(InferenceServerException, match=r"\[400\] tensor \"image\": element 1 must be a JPEG"):
        http.infer(ENCODER, [images(triton_http, files, [2])])
    with pytest.raises(
        InferenceServerException, match=r"INVALID_ARGUMENT\] tensor \"image\": element 1 must be a JPEG"
    ):
        grpc.infer(ENCODER, [images(triton_grpc, files, [2])])
    with pytest.raises(InferenceServerException, match=r"\[400\] tensor \"image\": element 0 must be .* base64"):
        http.infer(ENCODER, [images(triton_http, [b"no base64"], [1], binary_data=False)])


def test_both_protocols_list_the_supported_datatypes(
    http: triton_http.InferenceServerClient, grpc: triton_grpc.InferenceServerClient, demo: Server
) -> None:
    for client, library in ((http, triton_http), (grpc, triton_grpc)):
        tensors = inputs(library, demo)
        halves = arrays(demo)["history"].astype(np.float16)
        tensors[0] = library.InferInput("history", list(halves.shape), "FP16")
        tensors[0].set_data_from_numpy(halves)

        with pytest.raises(InferenceServerException, match=r"one of \[FP32, INT64, BOOL, UINT8, BYTES\], not FP16"):
            client.infer("trend", tensors)


def test_concurrent_calls_get_their_own_answers(
    http: triton_http.InferenceServerClient, grpc: triton_grpc.InferenceServerClient, demo: Server
) -> None:
    alone = http.infer("trend", inputs(triton_http, demo)).as_numpy("quantiles")
    answers: list[Any] = []

    for number in range(20):
        grpc.async_infer(
            "trend",
            inputs(triton_grpc, demo),
            lambda result, error: answers.append((result, error)),
            request_id=str(number),
            client_timeout=20,
        )
    deferred = [http.async_infer("trend", inputs(triton_http, demo), request_id=str(n)) for n in range(20)]
    results = [pending.get_result() for pending in deferred]
    grpc.close()

    assert [result.get_response()["id"] for result in results] == [str(n) for n in range(20)]
    for result in results:
        np.testing.assert_allclose(result.as_numpy("quantiles"), alone, rtol=1e-4)
    assert all(error is None for _, error in answers)


def test_statistics_count_the_inferred_rows(http: triton_http.InferenceServerClient, demo: Server) -> None:
    before = http.get_inference_statistics("trend")["model_stats"][0]

    http.infer("trend", inputs(triton_http, demo))

    after = http.get_inference_statistics("trend")["model_stats"][0]
    assert after["inference_count"] - before["inference_count"] == ROWS
    assert after["inference_stats"]["success"]["count"] - before["inference_stats"]["success"]["count"] == 1


def test_both_protocols_report_errors(
    http: triton_http.InferenceServerClient, grpc: triton_grpc.InferenceServerClient, demo: Server
) -> None:
    with pytest.raises(InferenceServerException, match=r"\[400\] Input \"history\" is missing"):
        http.infer("trend", inputs(triton_http, demo)[1:])
    with pytest.raises(InferenceServerException, match=r"INVALID_ARGUMENT\] Input \"history\" is missing"):
        grpc.infer("trend", inputs(triton_grpc, demo)[1:])
    with pytest.raises(InferenceServerException, match=r"\[404\] There is no model"):
        http.infer("nothing", inputs(triton_http, demo))
    with pytest.raises(InferenceServerException, match=r"NOT_FOUND\] Version 987"):
        grpc.infer("trend", inputs(triton_grpc, demo), model_version="987")
    with pytest.raises(InferenceServerException, match="404"):
        http.unload_model("trend")
    with pytest.raises(InferenceServerException, match="UNIMPLEMENTED"):
        grpc.unload_model("trend")
    with pytest.raises(InferenceServerException, match=r"DEADLINE_EXCEEDED|Deadline Exceeded"):
        grpc.infer("trend", inputs(triton_grpc, demo), client_timeout=1e-9)
