"""How a server begins and ends."""

from __future__ import annotations

import shutil
import signal
import socket
import threading
from typing import TYPE_CHECKING

import pytest

from conftest import Reply, Server, hemline, own_series

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_running_requests_finish_before_it_exits_with_0(start: Callable[..., Server], how: signal.Signals) -> None:
    server = start()
    replies: list[Reply] = []
    body = {"items": [own_series(seed=seed)["items"][0] for seed in range(64)]}
    asking = [
        threading.Thread(target=lambda: replies.append(server.ask("/v1/forecasts", body))) for _ in range(4)
    ]
    # An idle keep-alive connection must not hold the exit up.
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert connection.recv(1024).startswith(b"HTTP/1.1 200")
        for thread in asking:
            thread.start()
        threading.Event().wait(0.05)

        code = server.stop(how)

    for thread in asking:
        thread.join(timeout=30)
    assert code == 0, server.log.read_text()
    assert [reply.status for reply in replies] == [200] * 4


def test_a_port_in_use_ends_in_one_clear_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        run = hemline("serve", "--set", f"http.port={port}", "--set", "admin.port=0")

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


def test_the_help_lists_every_setting_with_its_default() -> None:
    run = hemline("serve", "--help")

    assert run.returncode == 0
    for setting in ("http.port", "8080", "admin.port", "8081", "store.url", "features.source", "cache.ttl", "5m"):
        assert setting in run.stdout


def assert_one_clear_line(text: str, *named: str) -> None:
    """Hold the text to one line that names everything asked for."""
    lines = [line for line in text.splitlines() if line.strip()]
    assert len(lines) == 1, text
    for name in named:
        assert name in lines[0]
