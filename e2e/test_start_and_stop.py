"""How a server begins and ends."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from conftest import DEMO_STORE, Server, hemline, own_series

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ASKERS = 4
# However busy the machine of the tests is, nobody is refused for it.
PATIENT = ["batch.max-wait=1m"]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_running_requests_finish_before_it_exits_with_0(start: Callable[..., Server], how: signal.Signals) -> None:
    server = start(DEMO_STORE, *PATIENT)
    items = [own_series(seed=seed)["items"][0] for seed in range(64)]

    with ExitStack() as stack:
        asked = [stack.enter_context(connection(server)) for _ in range(4)]
        for each in asked:
            send(each, "POST", "/v1/forecasts", json.dumps({"items": items}))
        # Answered after the others were read, and then an idle connection that must not hold the exit up.
        idle = stack.enter_context(connection(server))
        send(idle, "GET", "/health/live")
        assert idle.recv(1024).startswith(b"HTTP/1.1 200")
        code = server.stop(how)
        replies = [read_to_the_end(each) for each in asked]

    assert code == 0, server.log.read_text()
    for reply in replies:
        assert reply.startswith(b"HTTP/1.1 200")
        assert reply.count(b'"weeks":["') == 64


def test_nobody_who_heeds_ready_loses_a_request_when_it_is_told_to_stop(start: Callable[..., Server]) -> None:
    server = start(DEMO_STORE, "http.shutdown-grace=2s", *PATIENT)
    told, unready = threading.Event(), threading.Event()
    answers: list[int] = []
    late: list[int] = []

    def balance() -> None:
        while not unready.wait(0.05):
            if server.ask("/health/ready").status == 503:
                unready.set()

    def ask(seed: int) -> None:
        while not unready.is_set():
            status = server.ask("/v1/forecasts", own_series(seed=seed)).status
            (late if told.is_set() else answers).append(status)
            seed += ASKERS

    with ThreadPoolExecutor(ASKERS + 1) as pool:
        work = [pool.submit(ask, seed) for seed in range(ASKERS)]
        work.append(pool.submit(balance))
        while len(answers) < 50:
            time.sleep(0.01)
        server.process.send_signal(signal.SIGTERM)
        told.set()
        for each in work:
            each.result(timeout=20)
        code = server.process.wait(timeout=30)

    assert code == 0, server.log.read_text()
    assert set(answers + late) == {200}
    assert late, "requests were answered after the signal"


def test_a_second_signal_ends_it_at_once(start: Callable[..., Server]) -> None:
    server = start(DEMO_STORE, "http.shutdown-grace=1h")

    server.process.send_signal(signal.SIGTERM)
    server.wait_until_unready(10)
    code = server.stop()

    assert code == 130


def test_a_port_in_use_ends_in_one_clear_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        run = hemline("serve", "--set", f"http.port={port}", "--set", "admin.port=0", "--set", "grpc.port=0")

    assert run.returncode == 1
    assert_one_clear_line(run.stderr, str(port), "in use")


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
def test_a_bad_setting_stops_the_start_with_one_clear_line(options: list[str], named: list[str]) -> None:
    run = hemline("serve", *options)

    assert run.returncode == 2
    assert_one_clear_line(run.stderr, *named)


def test_an_empty_store_is_waited_for(start: Callable[..., Server], store: Path, tmp_path: Path) -> None:
    server = start(tmp_path / "empty", until="/health/live")

    unready = server.ask("/health/ready")
    unanswered = server.ask("/v1/forecasts", own_series())
    shutil.copytree(store, tmp_path / "empty")
    server.wait_until_ready(10)

    assert unready.status == 503
    assert unanswered.status == 503
    assert unanswered.headers["Retry-After"]
    assert server.live_version()


def test_a_settings_file_names_the_store(start: Callable[..., Server], store: Path, tmp_path: Path) -> None:
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
    """Return a connection to the door."""
    return socket.create_connection(("127.0.0.1", server.port), timeout=20)


def send(to: socket.socket, method: str, path: str, body: str = "") -> None:
    """Send one whole request."""
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    to.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())


def read_to_the_end(of: socket.socket) -> bytes:
    """Return all bytes until the server closes the connection."""
    return b"".join(iter(lambda: of.recv(65536), b""))


def assert_one_clear_line(text: str, *named: str) -> None:
    """Hold the text to one line that names everything asked for."""
    lines = [line for line in text.splitlines() if line.strip()]
    assert len(lines) == 1, text
    for name in named:
        assert name in lines[0]
