"""Model metadata, model readiness, versions."""

from __future__ import annotations

from clause import GRPC, REST, clause, expect
from target import SIZES, Target, expect_error


@clause("model metadata names the model", REST, "Model Metadata Response JSON Object")
def name(target: Target) -> None:
    expect(target.metadata.get("name") == target.model, f"name is {target.metadata.get('name')!r}")


@clause("model metadata has a platform", REST, "Model Metadata Response JSON Object")
def platform(target: Target) -> None:
    expect(isinstance(target.metadata.get("platform"), str), "platform is not a string")


@clause("the platform has the form project_format", GRPC, "Platforms")
def platform_form(target: Target) -> None:
    project, _, form = str(target.metadata.get("platform")).partition("_")
    expect(project != "" and form != "", f"platform is {target.metadata.get('platform')!r}")


@clause("versions are strings", REST, "Model Metadata Response JSON Object")
def versions(target: Target) -> None:
    listed = target.metadata.get("versions", [])
    expect(isinstance(listed, list) and all(isinstance(one, str) for one in listed), f"versions: {listed}")


@clause("inputs and outputs have name, datatype and shape", REST, "Model Metadata Response JSON Object")
def tensors(target: Target) -> None:
    for side in ("inputs", "outputs"):
        specs = target.metadata.get(side)
        expect(isinstance(specs, list) and len(specs) > 0, f"{side} is no array, or empty")
        for spec in specs or []:
            expect({"name", "datatype", "shape"} <= set(spec), f"{side}: {spec}")
            expect(all(isinstance(size, int) and size >= -1 for size in spec["shape"]), f"{side}: {spec['shape']}")


@clause("datatypes are those of the protocol", GRPC, "Tensor Data Types")
def datatypes(target: Target) -> None:
    known = {*SIZES, "BYTES"}
    for spec in target.metadata["inputs"] + target.metadata["outputs"]:
        expect(spec["datatype"] in known, f"{spec['name']} is {spec['datatype']}")


@clause("metadata of a listed version is that of the model", REST, "Model Metadata")
def versioned(target: Target) -> None:
    value = target.request(f"{target.model_path}/versions/{target.version}").object()
    expect(value["inputs"] == target.metadata["inputs"], "other inputs")


@clause("metadata of an unknown model is an error", REST, "Model Metadata Response JSON Error Object")
def unknown(target: Target) -> None:
    expect_error(target.request("/v2/models/no-such-model-here"))


@clause("metadata of an unknown version is an error", REST, "Model Metadata Response JSON Error Object")
def unknown_version(target: Target) -> None:
    _ = target.version
    expect_error(target.request(f"{target.model_path}/versions/987654321"))


@clause("model readiness names the model", REST, "Model Ready Response JSON Object")
def ready(target: Target) -> None:
    value = target.request(f"{target.model_path}/ready").object()
    expect(value.get("name") == target.model, f"name is {value.get('name')!r}")
    expect(value.get("ready") is True, f"ready is {value.get('ready')!r}")


@clause("a version reports its readiness", REST, "Model Ready Response JSON Object")
def version_ready(target: Target) -> None:
    value = target.request(f"{target.model_path}/versions/{target.version}/ready").object()
    expect(value.get("ready") is True, f"ready is {value.get('ready')!r}")


@clause("an unknown model is not ready", REST, "API Definitions")
def unknown_ready(target: Target) -> None:
    expect(target.request("/v2/models/no-such-model-here/ready").status >= 400, "a good status")
