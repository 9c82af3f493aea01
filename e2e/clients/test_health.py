"""The gRPC health service, by gRPC's Python library."""

from __future__ import annotations

from typing import TYPE_CHECKING

import grpc
import pytest

if TYPE_CHECKING:
    from conftest import Server

SERVICE = "/grpc.health.v1.Health/"
# The encoded HealthCheckResponse {status: 1}; no installed package has the generated classes.
SERVING = b"\x08\x01"


def encoded(service: str) -> bytes:
    """Return the encoded HealthCheckRequest {service: 1}."""
    return b"\x0a" + bytes([len(service)]) + service.encode() if service else b""


@pytest.mark.parametrize("service", ["", "inference.GRPCInferenceService"])
def test_a_ready_server_reports_serving(demo: Server, service: str) -> None:
    with grpc.insecure_channel(f"127.0.0.1:{demo.grpc_port}") as channel:
        assert channel.unary_unary(f"{SERVICE}Check")(encoded(service), timeout=20) == SERVING
        watching = channel.unary_stream(f"{SERVICE}Watch")(encoded(service), timeout=20)
        assert next(watching) == SERVING
        watching.cancel()


def test_an_unknown_service_is_not_found(demo: Server) -> None:
    with (
        grpc.insecure_channel(f"127.0.0.1:{demo.grpc_port}") as channel,
        pytest.raises(grpc.RpcError) as refused,
    ):
        channel.unary_unary(f"{SERVICE}Check")(encoded("shop.Carts"), timeout=20)

    assert refused.value.code() is grpc.StatusCode.NOT_FOUND
