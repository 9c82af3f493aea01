"""The server under test, and valid requests to one of its models, derived from the metadata."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlsplit

from clause import Skipped, expect

SECONDS = 15
SIZES = {
    "BOOL": 1, "UINT8": 1, "INT8": 1, "UINT16": 2, "INT16": 2, "FP16": 2, "BF16": 2, "UINT32": 4, "INT32": 4,
    "FP32": 4, "UINT64": 8, "INT64": 8, "FP64": 8,
}  # fmt: skip
JSON_LENGTH_HEADER = "Inference-Header-Content-Length"


@dataclass(frozen=True)
class Response:
    """An HTTP response."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self) -> Any:
        """Return the parsed body, or fail the clause."""
        try:
            return json.loads(self.body)
        except ValueError as error:
            msg = f"status {self.status}, and the body is not JSON: {self.body[:80]!r}"
            raise AssertionError(msg) from error

    def object(self, status: int = 200) -> dict[str, Any]:
        """Return the body as a JSON object of a response with this status, or fail the clause."""
        expect(self.status == status, f"status {self.status} instead of {status}: {self.body[:200]!r}")
        value = self.json()
        expect(isinstance(value, dict), f"the body is no object: {self.body[:80]!r}")
        return dict(value)


class Target:
    """A server at a base URL, and one of its models."""

    def __init__(self, url: str, model: str | None) -> None:
        """Parse the URL; sends no request."""
        parts = urlsplit(url if "//" in url else f"//{url}", scheme="http")
        self.secure = parts.scheme == "https"
        self.host = parts.hostname or "127.0.0.1"
        self.port = parts.port or (443 if self.secure else 80)
        self.prefix = parts.path.rstrip("/")
        self._model = model

    def request(self, path: str, body: bytes | None = None, method: str | None = None, **headers: str) -> Response:
        """GET the path, or POST the body; header names have underscores for hyphens."""
        kind = http.client.HTTPSConnection if self.secure else http.client.HTTPConnection
        connection = kind(self.host, self.port, timeout=SECONDS)
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method or ("GET" if body is None else "POST"), self.prefix + path, body, fields)
            response = connection.getresponse()
            return Response(response.status, response.headers, response.read())
        except TimeoutError as error:
            msg = f"no answer within {SECONDS} s"
            raise AssertionError(msg) from error
        finally:
            connection.close()

    def post(self, path: str, value: Any) -> Response:
        """POST a value as JSON."""
        return self.request(path, json.dumps(value).encode(), Content_Type="application/json")

    @cached_property
    def extensions(self) -> list[str]:
        """Return the extensions that the server claims."""
        return list(self.request("/v2").object().get("extensions", []))

    def require_extension(self, name: str) -> None:
        """Skip the clause unless the server claims the extension."""
        if name not in self.extensions:
            msg = f"the server does not claim {name}"
            raise Skipped(msg)

    @cached_property
    def model(self) -> str:
        """Return the named model, else the first ready one."""
        if self._model is not None:
            return self._model
        for entry in self.request("/v2/repository/index", b'{"ready": true}', Content_Type="application/json").json():
            return str(entry["name"])
        msg = "no model is ready"
        raise AssertionError(msg)

    @property
    def model_path(self) -> str:
        """Return the model's path."""
        return "/v2/models/" + quote(self.model, safe="")

    @cached_property
    def metadata(self) -> dict[str, Any]:
        """Return the model's metadata."""
        return self.request(self.model_path).object()

    @cached_property
    def version(self) -> str:
        """Return the first listed version."""
        versions = self.metadata.get("versions")
        if not versions:
            msg = "the model has no versions"
            raise Skipped(msg)
        return str(versions[0])

    def inputs(self, rows: int = 1) -> list[dict[str, Any]]:
        """Return inputs of zeros that fit the metadata, data flat."""
        return [zeros(spec, rows) for spec in self.metadata["inputs"]]

    def infer(self, value: Any, path: str = "") -> Response:
        """POST an infer request."""
        return self.post(f"{self.model_path}{path}/infer", value)

    def infer_binary(self, value: Any, tail: bytes, length: str | None = None) -> Response:
        """POST an infer request with binary data after its JSON."""
        text = json.dumps(value).encode()
        return self.request(
            f"{self.model_path}/infer",
            text + tail,
            Content_Type="application/octet-stream",
            Inference_Header_Content_Length=length if length is not None else str(len(text)),
        )

    def binary_inputs(self) -> tuple[list[dict[str, Any]], bytes]:
        """Return inputs with binary data, and the data."""
        tensors, tail = [], b""
        for tensor in self.inputs():
            width = SIZES.get(tensor["datatype"])
            if width is None:
                msg = f"this runner packs no {tensor['datatype']}"
                raise Skipped(msg)
            data = bytes(width * len(tensor.pop("data")))
            tensors.append({**tensor, "parameters": {"binary_data_size": len(data)}})
            tail += data
        return tensors, tail


def zeros(spec: dict[str, Any], rows: int) -> dict[str, Any]:
    """Return a tensor of zeros; a variable dimension has the size of the rows."""
    shape = [rows if size == -1 else size for size in spec["shape"]]
    count = 1
    for size in shape:
        count *= size
    zero: Any = {"BOOL": False, "BYTES": ""}.get(spec["datatype"], 0)
    return {"name": spec["name"], "shape": shape, "datatype": spec["datatype"], "data": [zero] * count}


def expect_error(response: Response) -> None:
    """Expect an error status and the protocol's error object."""
    expect(
        400 <= response.status < 500, f"status {response.status} instead of one of 400 to 499: {response.body[:120]!r}"
    )
    value = response.json()
    error = value.get("error") if isinstance(value, dict) else None
    expect(isinstance(error, str) and error != "", f"the body has no error message: {response.body[:120]!r}")
