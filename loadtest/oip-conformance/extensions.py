"""The repository index and statistics extensions."""

from __future__ import annotations

from typing import Any

from clause import REPOSITORY, STATISTICS, clause, expect
from target import Target, expect_error


def index(target: Target, body: bytes) -> list[dict[str, Any]]:
    """Return the index."""
    target.require_extension("model_repository")
    response = target.request("/v2/repository/index", body, Content_Type="application/json")
    expect(response.status == 200, f"status {response.status}")
    value = response.json()
    expect(isinstance(value, list), "the body is no array")
    return list(value)


@clause("index: entries have name, state and reason", REPOSITORY, "Index")
def entries(target: Target) -> None:
    for entry in index(target, b"{}"):
        expect({"name", "state", "reason"} <= set(entry), f"{entry}")


@clause("index: contains the model", REPOSITORY, "Index")
def has_model(target: Target) -> None:
    expect(target.model in {entry["name"] for entry in index(target, b"{}")}, "it is not")


@clause("index: ready filters by readiness", REPOSITORY, "Index")
def ready(target: Target) -> None:
    listed = index(target, b'{"ready": true}')
    expect(listed != [] and all(entry["state"] == "READY" for entry in listed), f"{listed}")


def statistics(target: Target, path: str) -> list[dict[str, Any]]:
    """Return statistics."""
    target.require_extension("statistics")
    return list(target.request(path).object()["model_stats"])


@clause("statistics: of all models, of one, of a version", STATISTICS, "HTTP/REST")
def paths(target: Target) -> None:
    version = f"{target.model_path}/versions/{target.version}/stats"
    for path in ("/v2/models/stats", f"{target.model_path}/stats", version):
        names = {entry["name"] for entry in statistics(target, path)}
        expect(target.model in names, f"{path} has {names}")


@clause("statistics: members are counts and nanoseconds", STATISTICS, "Statistics Response JSON Object")
def members(target: Target) -> None:
    durations = ("success", "fail", "queue", "compute_input", "compute_infer", "compute_output")
    for entry in statistics(target, f"{target.model_path}/stats"):
        for member in ("inference_count", "execution_count", "last_inference"):
            expect(isinstance(entry.get(member), int), f"{member} is {entry.get(member)!r}")
        for name in durations:
            expect(set(entry["inference_stats"][name]) == {"count", "ns"}, f"{name}: {entry['inference_stats'][name]}")
        expect(all("batch_size" in batch for batch in entry["batch_stats"]), "a batch has no batch_size")


@clause("statistics: an inference counts its rows", STATISTICS, "Statistics Response JSON Object")
def counts(target: Target) -> None:
    before = statistics(target, f"{target.model_path}/stats")[0]["inference_count"]
    target.infer({"inputs": target.inputs()}).object()
    after = statistics(target, f"{target.model_path}/stats")[0]["inference_count"]
    expect(after > before, f"{before} before, {after} after")


@clause("statistics: an unknown model is an error", STATISTICS, "Statistics Response JSON Error Object")
def unknown(target: Target) -> None:
    target.require_extension("statistics")
    expect_error(target.request("/v2/models/no-such-model-here/stats"))
