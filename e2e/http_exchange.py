"""One HTTP exchange on a connection of its own: no redirects, no decompression, no change of the path."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from http.client import HTTPConnection, HTTPMessage


@dataclass(frozen=True)
class Response:
    """Status, headers (case-insensitive) and body of a response."""

    status: int
    headers: HTTPMessage
    body: bytes

    def json(self) -> Any:
        """Return the parsed body."""
        return json.loads(self.body)


def exchange(
    connection: HTTPConnection,
    path: str,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
    *,
    method: str | None = None,
) -> Response:
    """Send one request (by default GET, with a body POST of JSON), return its response and close the connection."""
    try:
        content_type = {} if body is None else {"Content-Type": "application/json"}
        connection.request(method or ("GET" if body is None else "POST"), path, body, content_type | (headers or {}))
        response = connection.getresponse()
        return Response(response.status, response.headers, response.read())
    finally:
        connection.close()
