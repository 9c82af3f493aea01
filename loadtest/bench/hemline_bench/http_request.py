"""Single HTTP requests of the harness itself; any status but 2xx and 3xx raises."""

import urllib.request

SECONDS = 30


def get(url: str) -> bytes:
    """The body of a GET."""
    with urllib.request.urlopen(url, timeout=SECONDS) as response:
        return bytes(response.read())


def post(url: str, body: str) -> bytes:
    """The body of the response to a POST of JSON."""
    request = urllib.request.Request(url, body.encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=SECONDS) as response:
        return bytes(response.read())
