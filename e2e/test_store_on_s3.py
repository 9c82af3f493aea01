"""One S3 bucket for both languages: Python signs and publishes, Java lists, verifies, promotes and serves."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from conftest import DEMO_STORE, LAUNCHER, ROOT, TRAINER, Server
from polling import wait_until

sys.path.insert(0, str(ROOT / "trainer" / "tests"))
from s3_server import environment, s3_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

URL = "s3://models/fashion"
SECONDS = 30


@pytest.fixture
def aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with s3_server(tmp_path / "s3") as endpoint:
        for name, value in environment(endpoint).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("HEMLINE_STORE_CACHE_DIR", str(tmp_path / "cache"))
        yield


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    private, public = tmp_path / "signer-private.pem", tmp_path / "signer.pem"
    run("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", private)
    run("openssl", "ec", "-in", private, "-pubout", "-out", public)
    return private, public


@pytest.mark.usefixtures("aws")
@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is missing; it generates the key pair")
def test_what_python_signs_and_publishes_java_verifies_promotes_and_serves(
    start: Callable[..., Server], keys: tuple[Path, Path], tmp_path: Path
) -> None:
    private, public = keys
    trusted = ("--public-key", public, "--require-signature")
    for number, signed in (("1", ("--sign-key", private)), ("2", ())):
        artifact = DEMO_STORE / "trend" / "versions" / number
        run(TRAINER, "publish", "--artifact", artifact, "--store", URL, "--no-promote", *signed)

    assert run(LAUNCHER, "store", "list", "--store", URL).stdout.count("trend") == 2
    verified = run(LAUNCHER, "store", "verify", "--store", URL, *trusted, code=1)
    assert "it is not signed" in verified.stdout
    assert run(LAUNCHER, "store", "promote", "2", "--store", URL, *trusted, code=1).stderr.startswith("version 2")
    run(LAUNCHER, "store", "promote", "1", "--store", URL, *trusted)

    server = start(
        URL, f"store.cache-dir={tmp_path / 'cache'}", "store.require-signature=true", f"store.public-keys={public}"
    )
    assert server.live_version() == "1"

    artifact = DEMO_STORE / "trend" / "versions" / "2"
    again = run(TRAINER, "publish", "--artifact", artifact, "--store", URL)
    assert "stands already: trend version 2" in again.stdout
    wait_for_line(server.log, "it is not signed")
    assert server.live_version() == "1"


def wait_for_line(log: Path, words: str) -> None:
    """Wait until the log has the words."""
    wait_until(lambda: words in log.read_text(), SECONDS, log.read_text)


def run(*command: object, code: int = 0) -> subprocess.CompletedProcess[str]:
    """Run a command and assert its exit code."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    assert done.returncode == code, f"{command}\n{done.stdout}\n{done.stderr}"
    return done
