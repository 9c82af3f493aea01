import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from s3_server import environment, s3_server
from test_store import artifact
from typer.testing import CliRunner

from hemline_trainer.artifact import manifest
from hemline_trainer.artifact.verify import verify
from hemline_trainer.cli.app import app
from hemline_trainer.errors import ArtifactRejected, StoreError
from hemline_trainer.store.folder import Published
from hemline_trainer.store.s3 import Content, S3Objects
from hemline_trainer.store.s3_store import S3ModelStore

URL = "s3://models/fashion"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return artifact(tmp_path_factory.mktemp("first"), 1.0)


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return artifact(tmp_path_factory.mktemp("second"), 1.5)


@pytest.fixture
def endpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with s3_server(tmp_path / "s3") as endpoint:
        for name, value in environment(endpoint).items():
            monkeypatch.setenv(name, value)
        yield endpoint


@pytest.fixture
def objects(endpoint: str) -> S3Objects:
    assert endpoint
    return S3Objects.open(URL)


@pytest.fixture
def store(objects: S3Objects) -> S3ModelStore:
    return S3ModelStore(objects)


class Killed(BaseException):
    """The publisher's process ends here."""


class DyingObjects(S3Objects):
    """Dies instead of writing the object of that name."""

    name = ""

    def create(self, path: str, content: bytes | Path) -> bool:
        if path.endswith(self.name):
            raise Killed
        return super().create(path, content)


def test_versions_count_up_and_a_digest_is_published_once(
    store: S3ModelStore, objects: S3Objects, first: Path, second: Path
) -> None:
    results = [store.publish(folder) for folder in (first, second, first)]

    assert [(result.version, result.new) for result in results] == [(1, True), (2, True), (1, False)]
    assert store.versions() == [1, 2]
    assert sorted(objects.names("trend/versions/1/")) == sorted(path.name for path in first.iterdir())


@pytest.mark.parametrize("last", ["claims/1", "card.md", "image_encoder.onnx", "manifest.json"])
def test_a_killed_publisher_leaves_nothing_visible_and_the_next_completes_its_version(
    endpoint: str, store: S3ModelStore, first: Path, last: str
) -> None:
    assert endpoint
    dying = DyingObjects.open(URL)
    dying.name = last
    with pytest.raises(Killed):
        S3ModelStore(dying).publish(first)

    assert store.versions() == []
    assert store.publish(first) == Published("trend", 1, manifest.digest(first), new=True)
    store.promote(1)


def test_another_artifact_does_not_write_into_what_a_killed_publisher_claimed(
    endpoint: str, store: S3ModelStore, first: Path, second: Path
) -> None:
    assert endpoint
    dying = DyingObjects.open(URL)
    dying.name = "manifest.json"
    with pytest.raises(Killed):
        S3ModelStore(dying).publish(first)

    assert store.publish(second).version == 2
    assert store.publish(first).version == 1
    store.promote(1, "canary")
    store.promote(2)


def test_publishers_at_once_never_share_a_number(endpoint: str, first: Path, second: Path) -> None:
    assert endpoint
    taken: list[Published] = []
    stores = [(S3ModelStore(S3Objects.open(URL)), folder) for folder in (first, second) * 2]

    threads = [threading.Thread(target=lambda s=s, f=f: taken.append(s.publish(f))) for s, f in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(each.version for each in taken) == [1, 1, 2, 2]
    assert sum(each.new for each in taken) == 2
    store = stores[0][0]
    assert store.versions() == [1, 2]
    store.promote(1)
    store.promote(2)


class InterruptedObjects(S3Objects):
    """Lets a concurrent publisher finish before the first listing or reading of a path."""

    before = ""
    concurrent: Callable[[], None] = staticmethod(lambda: None)

    def names(self, folder: str) -> list[str]:
        self._interrupt(folder)
        return super().names(folder)

    def read(self, path: str) -> Content | None:
        self._interrupt(path)
        return super().read(path)

    def _interrupt(self, path: str) -> None:
        if path == self.before:
            self.before = ""
            self.concurrent()


@pytest.mark.parametrize("before", ["versions/", "claims/", "channels/stable", "channels/shadow"])
def test_a_concurrent_publisher_of_the_same_artifact_gets_the_same_number(
    endpoint: str, store: S3ModelStore, first: Path, before: str
) -> None:
    assert endpoint

    def concurrent() -> None:
        assert store.publish(first).new
        store.promote(1)

    interrupted = InterruptedObjects.open(URL)
    interrupted.before = f"trend/{before}"
    interrupted.concurrent = concurrent

    assert S3ModelStore(interrupted).publish(first) == Published("trend", 1, manifest.digest(first), new=False)
    assert store.versions() == [1]


def test_of_two_concurrent_promotions_one_is_refused(store: S3ModelStore, objects: S3Objects, first: Path) -> None:
    store.publish(first)
    store.promote(1)
    seen = objects.read("trend/channels/stable")
    assert seen is not None

    assert objects.replace("trend/channels/stable", b"9\n", seen.tag)
    assert not objects.replace("trend/channels/stable", b"8\n", seen.tag)
    assert store.channel("stable") == 9


def test_the_second_of_two_promotions_is_refused_and_changes_nothing(
    store: S3ModelStore, objects: S3Objects, first: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.publish(first)
    store.promote(1)
    verified = store._verify

    def while_another_moves(version: int) -> None:
        verified(version)
        seen = objects.read("trend/channels/stable")
        assert seen is not None
        objects.replace("trend/channels/stable", b"7\n", seen.tag)

    monkeypatch.setattr(store, "_verify", while_another_moves)

    with pytest.raises(StoreError, match="moved by another at the same time, to version 7"):
        store.promote(1)
    assert store.channel("stable") == 7


def test_a_channel_moves_only_to_an_existing_verified_version(
    store: S3ModelStore, objects: S3Objects, first: Path
) -> None:
    store.publish(first)
    objects.create("trend/versions/1/notes.txt", b"left behind")

    with pytest.raises(StoreError, match="no version 3"):
        store.promote(3)
    with pytest.raises(ArtifactRejected, match=r"notes\.txt is not in the manifest"):
        store.promote(1)
    assert store.channel("stable") is None


def test_wrong_credentials_are_reported_without_the_secret(
    endpoint: str, first: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment(endpoint, "not-the-secret").items():
        monkeypatch.setenv(name, value)

    result = CliRunner().invoke(app, ["publish", "--artifact", str(first), "--store", URL])

    assert result.exit_code == 1
    assert "403" in result.stderr
    assert "check the credentials" in result.stderr
    assert "not-the-secret" not in result.output


@pytest.mark.parametrize(
    ("url", "reason"),
    [("s3://Bucket", "is not of the form"), ("s3://elsewhere/x", "there is no bucket elsewhere")],
)
def test_an_invalid_url_is_refused_in_one_line(endpoint: str, first: Path, url: str, reason: str) -> None:
    assert endpoint

    result = CliRunner().invoke(app, ["publish", "--artifact", str(first), "--store", url])

    assert result.exit_code == 1
    assert reason in result.stderr


def test_an_unreachable_s3_is_reported_in_one_line(first: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment("http://127.0.0.1:9").items():
        monkeypatch.setenv(name, value)

    result = CliRunner().invoke(app, ["publish", "--artifact", str(first), "--store", URL])

    assert result.exit_code == 1
    assert "S3 cannot be reached for s3://models/fashion" in result.stderr


@pytest.mark.parametrize("place", ["versions/999999999/manifest.json", "claims/999999999", "channels/canary"])
def test_after_the_last_number_nothing_is_published(
    store: S3ModelStore, objects: S3Objects, first: Path, place: str
) -> None:
    objects.create(f"trend/{place}", b"999999999\n")
    before = objects.names("trend/")

    with pytest.raises(StoreError, match="999999999 is taken, and versions end at 999999999"):
        store.publish(first)

    assert objects.names("trend/") == before
    with pytest.raises(StoreError, match="1 to 999999999, not 1000000000"):
        store.promote(1_000_000_000)


def test_the_published_files_are_the_verified_ones(
    store: S3ModelStore, first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(shutil.copytree(first, tmp_path / "artifact"))

    def then_overwritten(copy: Path, model: str, *, answers: bool = True) -> None:
        verify(copy, model, answers=answers)
        (folder / "forecaster.onnx").write_bytes(b"something else")

    monkeypatch.setattr("hemline_trainer.store.s3_store.verify", then_overwritten)
    published = store.publish(folder)

    store.promote(published.version)
    assert store.channel("stable") == published.version
