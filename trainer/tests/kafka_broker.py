"""A real Kafka broker (KRaft) for tests: the jars that the Java tests start, a process of its own on a free port."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from postgres_server import JARS

LOOKS = 1200
SETTINGS = """process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
controller.listener.names=CONTROLLER
log.dirs={data}
auto.create.topics.enable=false
offsets.topic.replication.factor=1
"""


@contextmanager
def kafka_broker(folder: Path) -> Iterator[str]:
    """Starts one without topics and gives its address; skips the test where it was not fetched."""
    if not (JARS / "whole").exists() or not list(JARS.glob("kafka_*.jar")) or not shutil.which("java"):
        pytest.skip("no Kafka to test with: `make .cache/servers/whole` fetches it")
    folder.mkdir(parents=True, exist_ok=True)
    port, controller = _free_port(), _free_port()
    settings = folder / "server.properties"
    settings.write_text(SETTINGS.format(port=port, controller=controller, data=folder / "data"), encoding="utf-8")
    java = ["java", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx256m", "-cp", f"{JARS}/*"]
    with (folder / "broker.log").open("wb") as log:
        words = ["kafka.tools.StorageTool", "format", "-t", "AAAAAAAAQACAAAAAAAAAAQ", "-c", str(settings)]
        subprocess.run([*java, *words], check=True, stdout=log, stderr=log)  # noqa: S603
        broker = subprocess.Popen([*java, "kafka.Kafka", str(settings)], stdout=log, stderr=log)  # noqa: S603
    try:
        _await(port, broker, folder / "broker.log")
        yield f"127.0.0.1:{port}"
    finally:
        broker.kill()
        broker.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _await(port: int, broker: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(LOOKS):
        if broker.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"no broker: {log.read_text(encoding='utf-8')}")
