"""Live, ready, server metadata."""

from __future__ import annotations

from clause import REST, clause, expect
from target import Target


@clause("live is answered with 200", REST, "API Definitions")
def live(target: Target) -> None:
    expect(target.request("/v2/health/live").status == 200, "another status")


@clause("live has a boolean", REST, "Server Live Response JSON Object")
def live_body(target: Target) -> None:
    expect(target.request("/v2/health/live").object().get("live") is True, "live is not true")


@clause("ready is answered with 200", REST, "API Definitions")
def ready(target: Target) -> None:
    expect(target.request("/v2/health/ready").status == 200, "another status")


@clause("ready has a boolean", REST, "Server Ready Response JSON Object")
def ready_body(target: Target) -> None:
    value = target.request("/v2/health/ready").object()
    expect(value.get("live") is True or value.get("ready") is True, f"neither live nor ready is true: {value}")


@clause("server metadata has a name and a version", REST, "Server Metadata Response JSON Object")
def metadata(target: Target) -> None:
    value = target.request("/v2").object()
    for member in ("name", "version"):
        expect(isinstance(value.get(member), str) and value[member] != "", f"{member} is not a string: {value}")


@clause("server metadata lists extensions", REST, "Server Metadata Response JSON Object")
def extensions(target: Target) -> None:
    listed = target.request("/v2").object().get("extensions")
    expect(isinstance(listed, list) and all(isinstance(one, str) for one in listed), f"extensions: {listed}")


@clause("server metadata is JSON by its media type", REST, "HTTP/REST")
def media_type(target: Target) -> None:
    kind = target.request("/v2").headers.get_content_type()
    expect(kind == "application/json", f"Content-Type is {kind}")
