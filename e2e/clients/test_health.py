"""Health over gRPC, as balancers ask it, by gRPC's own library for Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

import grpc
import pytest

if TYPE_CHECKING:
    from conftest import Server

SERVICE = "/grpc.health.v1.Health/"
# HealthCheckRequest {service: 1}, HealthCheckResponse {status: 1}; their classes are in no client here.
SERVING = b"\x08\x01"


def asked(service: str) -> bytes:
    """Return the request's bytes."""
    return b"\x0a" + bytes([len(service)]) + service.encode() if service else b""


@pytest.mark.parametrize("service", ["", "inference.GRPCInferenceService"])
def test_a_ready_server_serves(demo: Server, service: str) -> None:
    with grpc.insecure_channel(f"127.0.0.1:{demo.grpc_port}") as channel:
        assert channel.unary_unary(f"{SERVICE}Check")(asked(service), timeout=20) == SERVING
        watching = channel.unary_stream(f"{SERVICE}Watch")(asked(service), timeout=20)
        assert next(watching) == SERVING
        watching.cancel()


def test_other_services_are_not_found(demo: Server) -> None:
    with (
        grpc.insecure_channel(f"127.0.0.1:{demo.grpc_port}") as channel,
        pytest.raises(grpc.RpcError) as refused,
    ):
        channel.unary_unary(f"{SERVICE}Check")(asked("shop.Carts"), timeout=20)

    assert refused.value.code() is grpc.StatusCode.NOT_FOUND
