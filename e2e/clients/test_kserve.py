"""KServe's Python clients over HTTP and gRPC."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import numpy as np
import pytest
from kserve import InferenceGRPCClient, InferenceRESTClient, InferInput, InferRequest
from kserve.inference_client import RESTConfig
from kserve.protocol.infer_type import RequestedOutput

from tensors import ROWS, arrays, datatype

if TYPE_CHECKING:
    from conftest import Server


def infer_request(demo: Server, *, binary: bool) -> InferRequest:
    """Return a request in KServe's form."""
    inputs = []
    for name, array in arrays(demo).items():
        tensor = InferInput(name, list(array.shape), datatype(array))
        tensor.set_data_from_numpy(array, binary_data=binary)
        inputs.append(tensor)
    output = RequestedOutput("quantiles", parameters={"binary_data": binary})
    return InferRequest("trend", inputs, request_id="a-1", request_outputs=[output])


def test_both_protocols_report_the_server_and_its_model(demo: Server) -> None:
    async def probe() -> list[bool]:
        url = f"http://127.0.0.1:{demo.port}"
        rest, grpc = InferenceRESTClient(RESTConfig(protocol="v2")), InferenceGRPCClient(f"127.0.0.1:{demo.grpc_port}")
        async with rest, grpc:
            return [
                await rest.is_server_live(url),
                await rest.is_server_ready(url),
                await rest.is_model_ready(url, "trend"),
                await grpc.is_server_live(),
                await grpc.is_server_ready(),
                await grpc.is_model_ready("trend"),
                not await grpc.is_model_ready("nothing"),
            ]

    assert all(asyncio.run(probe()))


@pytest.mark.parametrize("binary", [False, True])
def test_grpc_and_rest_get_equal_answers(demo: Server, binary: bool) -> None:
    async def infer() -> list[np.ndarray]:
        rest, grpc = InferenceRESTClient(RESTConfig(protocol="v2")), InferenceGRPCClient(f"127.0.0.1:{demo.grpc_port}")
        async with rest, grpc:
            request = infer_request(demo, binary=binary)
            over_rest = await rest.infer(f"http://127.0.0.1:{demo.port}", request, model_name="trend")
            over_grpc = await grpc.infer(request)
            assert over_rest.id == over_grpc.id == "a-1"
            return [answer.outputs[0].as_numpy() for answer in (over_rest, over_grpc)]

    over_rest, over_grpc = asyncio.run(infer())

    assert over_rest.shape == (ROWS, 13, 3)
    np.testing.assert_array_equal(over_rest, over_grpc)
