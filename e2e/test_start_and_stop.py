"""Starting and stopping a server."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from conftest import DEMO_STORE, Server, hemline, own_series
from polling import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CLIENTS = 4
# A busy test machine must not cause shedding.
PATIENT = ["batch.max-wait=1m"]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_drains_current_requests_and_the_exit_code_is_0(
    start: Callable[..., Server], how: signal.Signals
) -> None:
    server = start(DEMO_STORE, *PATIENT)
    items = [own_series(seed=seed)["items"][0] for seed in range(64)]

    with ExitStack() as stack:
        busy = [stack.enter_context(connection(server)) for _ in range(4)]
        for each in busy:
            send(each, "POST", "/v1/forecasts", json.dumps({"items": items}))
        # Answered after the server read the others; then idle, which must not delay the exit.
        idle = stack.enter_context(connection(server))
        send(idle, "GET", "/health/live")
        assert idle.recv(1024).startswith(b"HTTP/1.1 200")
        code = server.stop(how)
        responses = [read_all(each) for each in busy]

    assert code == 0, server.log.read_text()
    for response in responses:
        assert response.startswith(b"HTTP/1.1 200")
        assert response.count(b'"weeks":["') == 64


def test_a_balancer_that_follows_readiness_loses_no_request_at_shutdown(start: Callable[..., Server]) -> None:
    server = start(DEMO_STORE, "http.shutdown-grace=2s", *PATIENT)
    signalled, unready = threading.Event(), threading.Event()
    early: list[int] = []
    late: list[int] = []

    def balance() -> None:
        while not unready.wait(0.05):
            if server.request("/health/ready").status == 503:
                unready.set()

    def send_requests(seed: int) -> None:
        while not unready.is_set():
            status = server.request("/v1/forecasts", own_series(seed=seed)).status
            (late if signalled.is_set() else early).append(status)
            seed += CLIENTS

    with ThreadPoolExecutor(CLIENTS + 1) as pool:
        work = [pool.submit(send_requests, seed) for seed in range(CLIENTS)]
        work.append(pool.submit(balance))
        wait_until(lambda: len(early) >= 50, 60, lambda: early, interval=0.01)
        server.process.send_signal(signal.SIGTERM)
        signalled.set()
        for each in work:
            each.result(timeout=20)
        code = server.process.wait(timeout=30)

    assert code == 0, server.log.read_text()
    assert set(early + late) == {200}
    assert late, "no request completed after the signal"


def test_a_second_signal_exits_at_once(start: Callable[..., Server]) -> None:
    server = start(DEMO_STORE, "http.shutdown-grace=1h")

    server.process.send_signal(signal.SIGTERM)
    server.wait_until_unready(10)
    code = server.stop()

    assert code == 130


def test_a_port_in_use_is_one_line_of_error() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]

        run = hemline("serve", "--set", f"http.port={port}", "--set", "admin.port=0", "--set", "grpc.port=0")

    assert run.returncode == 1
    assert_one_line(run.stderr, str(port), "in use")


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--set", "http.prot=80"], ["http.prot", "no such setting"]),
        (["--set", "http.port=eighty"], ["http.port", "eighty"]),
        (["--set", "http.port=70000"], ["port", "70000", "65535"]),
        (["--config", "/nowhere/hemline.properties"], ["/nowhere/hemline.properties", "no such file"]),
        (["--frobnicate"], ["--frobnicate"]),
    ],
)
def test_an_invalid_setting_stops_the_start_with_one_line_of_error(options: list[str], named: list[str]) -> None:
    run = hemline("serve", *options)

    assert run.returncode == 2
    assert_one_line(run.stderr, *named)


def test_a_server_on_an_empty_store_waits_for_a_model(
    start: Callable[..., Server], store: Path, tmp_path: Path
) -> None:
    server = start(tmp_path / "empty", until="/health/live")

    unready = server.request("/health/ready")
    unanswered = server.request("/v1/forecasts", own_series())
    shutil.copytree(store, tmp_path / "empty")
    server.wait_until_ready(10)

    assert unready.status == 503
    assert unanswered.status == 503
    assert unanswered.headers["Retry-After"]
    assert server.live_version()


def test_a_settings_file_can_set_the_store(start: Callable[..., Server], store: Path, tmp_path: Path) -> None:
    settings = tmp_path / "hemline.properties"
    settings.write_text(f"store.url={store}\n")

    server = start(None, config=settings)

    assert f"store.url={store} " in server.log.read_text()


def test_the_effective_settings_are_printed_once(start: Callable[..., Server]) -> None:
    server = start(DEMO_STORE, "cache.ttl=7m")
    server.live_version()

    code = server.stop()

    lines = [line for line in server.log.read_text().splitlines() if "settings: " in line]
    assert code == 0
    assert len(lines) == 1, server.log.read_text()
    for setting in (f"http.port={server.port} ", f"store.url={DEMO_STORE} ", "cache.ttl=7m "):
        assert lines[0].count(setting) == 1, lines[0]


def test_the_help_lists_every_setting_with_its_default() -> None:
    run = hemline("serve", "--help")

    assert run.returncode == 0
    for setting in ("http.port", "8080", "admin.port", "8081", "store.url", "features.source", "cache.ttl", "5m"):
        assert setting in run.stdout


def connection(server: Server) -> socket.socket:
    """Return a connection to the public listener."""
    return socket.create_connection(("127.0.0.1", server.port), timeout=20)


def send(to: socket.socket, method: str, path: str, body: str = "") -> None:
    """Send one complete request."""
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    to.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())


def read_all(of: socket.socket) -> bytes:
    """Return all bytes until the server closes the connection."""
    return b"".join(iter(lambda: of.recv(65536), b""))


def assert_one_line(text: str, *named: str) -> None:
    """Assert that the text is one line that has all these words."""
    lines = [line for line in text.splitlines() if line.strip()]
    assert len(lines) == 1, text
    for name in named:
        assert name in lines[0]
