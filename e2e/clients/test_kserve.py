"""KServe's clients for Python, over HTTP and over gRPC."""

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


def question(demo: Server, *, binary: bool) -> InferRequest:
    """Return a request in KServe's own form."""
    inputs = []
    for name, array in arrays(demo).items():
        tensor = InferInput(name, list(array.shape), datatype(array))
        tensor.set_data_from_numpy(array, binary_data=binary)
        inputs.append(tensor)
    wished = RequestedOutput("quantiles", parameters={"binary_data": binary})
    return InferRequest("trend", inputs, request_id="a-1", request_outputs=[wished])


def test_both_find_the_server_and_its_model(demo: Server) -> None:
    async def ask() -> list[bool]:
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

    assert all(asyncio.run(ask()))


@pytest.mark.parametrize("binary", [False, True])
def test_grpc_gets_what_rest_gets(demo: Server, binary: bool) -> None:
    async def ask() -> list[np.ndarray]:
        rest, grpc = InferenceRESTClient(RESTConfig(protocol="v2")), InferenceGRPCClient(f"127.0.0.1:{demo.grpc_port}")
        async with rest, grpc:
            asked = question(demo, binary=binary)
            over_rest = await rest.infer(f"http://127.0.0.1:{demo.port}", asked, model_name="trend")
            over_grpc = await grpc.infer(asked)
            assert over_rest.id == over_grpc.id == "a-1"
            return [answer.outputs[0].as_numpy() for answer in (over_rest, over_grpc)]

    over_rest, over_grpc = asyncio.run(ask())

    assert over_rest.shape == (ROWS, 13, 3)
    np.testing.assert_array_equal(over_rest, over_grpc)
