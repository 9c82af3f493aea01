"""Runs the shell blocks of all documents as a reader would type them, in a copy of the checkout."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from conftest import clean_environment, free_port
from documents import ROOT, Block, blocks, documents

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Why a block is not run here, and what runs its commands instead; test_documents.py checks that they exist.
NOT_RUN = {
    "cloudflare": "needs an account; the Worker itself runs in e2e/test_edge_chain.py",
    "git": "publishes a tag",
    "issuer": "needs an issuer of tokens; AccessTest has one",
    "kafka": "needs a broker; the server's Kafka tests have one",
    "minutes": "trains, measures or tests for minutes; test_publish_goes_live.py trains and publishes",
    "nginx": "needs nginx and several servers; e2e/test_edge_*.py run them",
    "node": "needs Node; make check-worker runs the Worker",
    "postgres": "needs PostgreSQL and 600 MB of Feast; make check-feast has both",
    "prometheus": "needs Prometheus; e2e/test_edge_alerts.py runs promtool",
    "s3": "needs a bucket; e2e/test_store_on_s3.py has one",
    "signed": "needs a signed version; trainer/tests/test_signing.py and StoreCommandTest have one",
    "toolchain": "gets the sources; e2e/fresh_clone.sh does",
    "trainer": "needs a trained run; the tests of the trainer's command line have one",
}
PLAIN = "make serve"
SERVE = re.compile(r"^(make serve|\./hemline serve(?! --help))\b.*$", re.MULTILINE)
PORTS = {"8080": "HTTP", "8081": "ADMIN", "8082": "GRPC"}
# Servers are started in the background and asked when they are ready; any answer but 2xx ends the script.
PRELUDE = """\
set -euo pipefail
server=
stop() { if [ -n "$server" ]; then kill "$server"; wait "$server" || true; server=; fi; }
trap stop EXIT
curl() { command curl --silent --show-error --fail-with-body "$@"; echo; }
serve() {
  stop
  "$@" >server.log 2>&1 & server=$!
  until command curl -skf -o /dev/null "http://127.0.0.1:$PORT/health/ready" ||
        command curl -skf -o /dev/null "https://127.0.0.1:$PORT/health/ready"; do
    kill -0 "$server" || { cat server.log >&2; exit 1; }
    sleep 0.1
  done
}
"""


def runnable() -> dict[str, list[Block]]:
    """Return the blocks that are run, by document."""
    by_name = {
        str(path.relative_to(ROOT)): [each for each in blocks(path) if each.language == "sh" and not each.marker]
        for path in documents()
    }
    return {name: found for name, found in by_name.items() if found}


class Checkout:
    """A folder of links to the checkout and a store of its own, with ports for one server."""

    def __init__(self, folder: Path) -> None:
        """Make the links."""
        self.folder = folder
        self.ports = {documented: free_port() for documented in PORTS}
        for entry in ROOT.iterdir():
            if entry.name not in {".git", "store"}:
                (folder / entry.name).symlink_to(entry)
        shutil.copytree(ROOT / "model-store/demo/store", folder / ".store")

    def script(self, text: str) -> str:
        """Return the text with this checkout's ports, its servers started in the background."""
        text = SERVE.sub(lambda found: f"serve {found[0].split(' #')[0]}", text)
        for documented, own in self.ports.items():
            text = re.sub(rf"(?<=127\.0\.0\.1:){documented}\b", str(own), text)
        return PRELUDE + text

    def environment(self) -> dict[str, str]:
        """Return an environment in which servers take this checkout's ports and store."""
        own = {f"HEMLINE_{name}_PORT": str(self.ports[documented]) for documented, name in PORTS.items()}
        store = {"HEMLINE_STORE_URL": str(self.folder / ".store"), "PORT": str(self.ports["8080"])}
        quick = {"HEMLINE_WARM_UP_BUDGET": "0s", "HEMLINE_BATCH_CALIBRATION": "100ms"}
        return {**clean_environment(), **own, **store, **quick}

    def run(self, text: str) -> subprocess.CompletedProcess[str]:
        """Run the text as a script."""
        return subprocess.run(
            ["bash", "-c", self.script(text)],  # noqa: S607
            cwd=self.folder,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    """Return a checkout in which `make serve` runs, for the documents that want nothing else of a server."""
    checkout = Checkout(tmp_path_factory.mktemp("served"))
    environment = checkout.environment()
    with (checkout.folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            PLAIN.split(), cwd=checkout.folder, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        deadline = time.monotonic() + 60
        while checkout.run(f"curl http://127.0.0.1:{checkout.ports['8080']}/health/ready").returncode != 0:
            assert process.poll() is None, (checkout.folder / "server.log").read_text()
            assert time.monotonic() < deadline, (checkout.folder / "server.log").read_text()
        yield checkout
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


@pytest.mark.parametrize("document", sorted(runnable()))
def test_commands_do_what_their_document_says(document: str, served: Checkout, tmp_path: Path) -> None:
    text = "\n".join(block.text for block in runnable()[document])
    starts = [found[0].split(" #")[0].strip() for found in SERVE.finditer(text)]
    plain = all(start == PLAIN for start in starts)

    done = served.run(SERVE.sub("", text)) if plain else Checkout(tmp_path).run(text)

    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


def test_blocks_that_are_not_run_say_why() -> None:
    marked = [block for path in documents() for block in blocks(path) if block.marker]

    assert [str(block) for block in marked if block.marker.removeprefix("not-run=") not in NOT_RUN] == []
    assert set(NOT_RUN) == {block.marker.removeprefix("not-run=") for block in marked}


def test_the_page_of_metrics_names_what_a_server_counts_and_nothing_else(served: Checkout) -> None:
    page = (ROOT / "docs/reference/metrics.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `([a-z_]+)` \|", page, re.MULTILINE))
    sources = "\n".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "inference-server/src/main").glob("**/*.java")
    )
    scrape = served.run("curl http://127.0.0.1:8081/metrics").stdout

    counted = set(re.findall(r"^# TYPE (\w+) ", scrape, re.MULTILINE))

    assert {name for name in counted if not name.endswith("_max")} - listed == set()
    unknown = {name for name in listed - counted if f'"{dotted(name)}"' not in sources}
    assert unknown == set()


def dotted(name: str) -> str:
    """Return the metric's name in the sources."""
    return re.sub(r"_(total|seconds)$", "", name).replace("_", ".")
