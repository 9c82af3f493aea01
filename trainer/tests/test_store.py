import json
import re
import shutil
import threading
from pathlib import Path

import pytest
from tiny import write_graphs

from hemline_trainer.artifact import manifest
from hemline_trainer.artifact.package import package
from hemline_trainer.artifact.verify import verify
from hemline_trainer.errors import ArtifactRejected, StoreError
from hemline_trainer.store.folder import ModelStore, Published

TRAINING = manifest.Training("", "", "0" * 64, synthetic=True, seed=7)


def artifact(folder: Path, level: float = 1.0) -> Path:
    graphs = write_graphs(folder / "graphs", level)
    package(
        graphs,
        folder / "artifact",
        model="trend",
        created="2026-11-23T07:00:00Z",
        training=TRAINING,
        backtest=[manifest.Backtest("tiny", {"mase": 1.0}, {"naive": {"mase": 1.0}})],
        notes=["A toy."],
    )
    return folder / "artifact"


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return artifact(tmp_path_factory.mktemp("first"), 1.0)


@pytest.fixture(scope="session")
def second(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return artifact(tmp_path_factory.mktemp("second"), 1.5)


def test_an_artifact_lists_its_files_in_order_and_stays_small(first: Path) -> None:
    document = manifest.read(first)

    names = [entry["path"] for entry in document["files"]]
    assert names == ["card.md", "forecaster.onnx", "golden.json", "image_encoder.onnx"]
    assert (first / "golden.json").stat().st_size < 700_000
    assert document["encoder_digest"] == manifest.sha256(first / "image_encoder.onnx")


def test_the_card_says_plainly_that_the_data_is_synthetic(first: Path) -> None:
    card = (first / "card.md").read_text(encoding="utf-8")

    assert "SYNTHETIC" in card
    assert "| naive | 1 |" in card


def test_versions_count_up_and_a_digest_is_published_once(first: Path, second: Path, tmp_path: Path) -> None:
    store = ModelStore(tmp_path)

    results = [store.publish(folder) for folder in (first, second, first)]

    assert [(result.version, result.new) for result in results] == [(1, True), (2, True), (1, False)]
    assert store.versions() == [1, 2]
    assert [path.name for path in store.versions_folder.iterdir() if path.name.startswith(".")] == []


def test_many_publishers_at_once_never_share_a_number(first: Path, tmp_path: Path) -> None:
    folders = []
    for number in range(4):
        folder = tmp_path / f"artifact-{number}"
        folder.mkdir()
        for path in first.iterdir():
            (folder / path.name).write_bytes(path.read_bytes())
        document = manifest.read(first)
        document["created"] = f"2026-11-23T07:00:0{number}Z"
        manifest.write(folder, document)
        folders.append(folder)
    store = ModelStore(tmp_path / "store")
    taken: list[Published] = []

    threads = [threading.Thread(target=lambda f=f: taken.append(store.publish(f))) for f in folders * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert store.versions() == [1, 2, 3, 4]
    assert sorted(each.version for each in taken) == [1, 1, 2, 2, 3, 3, 4, 4]
    assert sum(each.new for each in taken) == 4


def test_a_concurrent_publisher_who_takes_the_number_first_keeps_it(
    first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ModelStore(tmp_path)
    concurrent = store.folder(1)
    rename = Path.rename

    def after_the_concurrent_publisher(staging: Path, target: Path) -> Path:
        if not concurrent.exists():
            concurrent.mkdir()
            (concurrent / "manifest.json").write_text("{}", encoding="utf-8")
        return rename(staging, target)

    monkeypatch.setattr(Path, "rename", after_the_concurrent_publisher)

    assert store.publish(first).version == 2
    assert (concurrent / "manifest.json").read_text(encoding="utf-8") == "{}"


def test_a_channel_is_one_line_and_moves_only_to_an_existing_version(first: Path, second: Path, tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    store.publish(first)
    store.publish(second)

    store.promote(2)
    store.promote(1, "canary")

    assert (tmp_path / "trend" / "channels" / "stable").read_text(encoding="utf-8") == "2\n"
    assert sorted(path.name for path in store.channels_folder.iterdir()) == ["canary", "stable"]
    with pytest.raises(StoreError, match="no version 3"):
        store.promote(3)
    with pytest.raises(StoreError, match="stable, canary, shadow"):
        store.promote(1, "beta")


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda folder: (folder / "card.md").unlink(), "card.md is missing"),
        (lambda folder: (folder / "card.md").write_text("x"), "card.md has 1 bytes"),
        (lambda folder: (folder / "more").write_text("x"), "more is not in the manifest"),
        (lambda folder: (folder / "manifest.json").write_text("{"), "not JSON"),
        (lambda folder: edit(folder, "format_version", 2), "format_version 2"),
        (lambda folder: edit(folder, "horizon", "13"), "/horizon"),
        (lambda folder: edit(folder, "horizon", 12), "quantiles is"),
        (lambda folder: edit(folder, "model", "bags"), "bags"),
        (lambda folder: edit(folder, "files", manifest.read(folder)["files"][::-1]), "not sorted by path"),
        (lambda folder: edit(folder, "extra", 1), "extra"),
        (lambda folder: edit(folder, "batch_sizes", [1, 2]), "request is not of the graph's tensors"),
        (lambda folder: edit(folder, "encoder_digest", "0" * 64), "encoder_digest"),
        (lambda folder: retext(folder, '"mase": 1.0', '"mase": NaN'), "NaN is no JSON number"),
        (lambda folder: retext(folder, '"mase": 1.0', '"mase": 1e999'), "1e999 is larger than any number can be"),
        (lambda folder: retext(folder, '"horizon"', '"model": "trend", "horizon"'), "'model' stands there twice"),
        (
            lambda folder: retext(folder, '"format_version": 1', '"format_version": ' + "[" * 100_000),
            "nested deeper than 64",
        ),
        (lambda folder: (folder / "manifest.json").write_text(" " * (2 << 20)), "over 1048576 bytes"),
        (lambda folder: edit(folder, "created", "2026-02-30T07:00:00Z"), "no day 2026-02-30"),
        (lambda folder: regolden(folder, '("data":.)true', r'\1"x"'), "element 0 is 'x', which is no BOOL"),
        (lambda folder: regolden(folder, '"name":"history"', '"nome":"history"'), "unknown member 'nome'"),
        (lambda folder: regolden(folder, r'(FP32","data":.)[^,]*', r"\g<1>NaN"), "golden.json cannot be read"),
        (lambda folder: regolden(folder, r'(FP32","data":.)[^,]*', r"\g<1>1e39"), "not finite in float32"),
        (lambda folder: regolden(folder, '"request":', '"kind":1,"request":'), "request and response, and nothing"),
        (lambda folder: edit(folder, "tolerance", {"atol": -1, "rtol": 0}), "/tolerance/atol"),
    ],
)
def test_a_broken_format_is_refused_with_a_reason(first: Path, tmp_path: Path, spoil, reason: str) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    folder = tmp_path / "trend" / "versions" / "1"
    folder.mkdir(parents=True)
    for path in first.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())

    spoil(folder)

    with pytest.raises(ArtifactRejected, match=reason):
        ModelStore(tmp_path / "other").publish(folder)


def test_a_refused_version_never_becomes_desired(first: Path, tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    store.publish(first)
    store.promote(1)
    folder = Path(shutil.copytree(store.folder(1), store.folder(2)))
    retext(folder, '"mase": 1.0', '"mase": Infinity')
    store.folder(3).symlink_to(store.folder(1))

    for version in (2, 3):
        with pytest.raises(ArtifactRejected):
            store.promote(version)

    assert store.channel("stable") == 1


def test_the_published_files_are_the_verified_ones(
    first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    artifact = Path(shutil.copytree(first, tmp_path / "artifact"))
    store = ModelStore(tmp_path / "store")

    def then_overwritten(folder: Path, model: str) -> None:
        verify(folder, model)
        (artifact / "forecaster.onnx").write_bytes(b"something else")

    monkeypatch.setattr("hemline_trainer.store.folder.verify", then_overwritten)
    published = store.publish(artifact)

    verify(store.folder(published.version), "trend")


@pytest.mark.parametrize("place", ["versions/999999999", "channels/canary"])
def test_after_the_last_number_nothing_is_published(first: Path, tmp_path: Path, place: str) -> None:
    store = ModelStore(tmp_path)
    if place.startswith("versions"):
        (tmp_path / "trend" / place).mkdir(parents=True)
    else:
        (tmp_path / "trend" / "channels").mkdir(parents=True)
        (tmp_path / "trend" / place).write_text("999999999\n", encoding="utf-8")
    before = store.versions()

    with pytest.raises(StoreError, match="999999999 is taken, and versions end at 999999999"):
        store.publish(first)

    assert store.versions() == before
    assert [path.name for path in store.versions_folder.iterdir() if path.name != "999999999"] == []
    with pytest.raises(StoreError, match="1 to 999999999, not 1000000000"):
        store.promote(1_000_000_000)
    assert store.channel("stable") is None


def test_a_pointer_may_be_a_link_to_a_file_as_a_config_map_is_mounted(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    store.channels_folder.mkdir(parents=True)
    data = store.channels_folder / "..2026_12_01"
    data.mkdir()
    (data / "stable").write_text("7\n", encoding="utf-8")
    (store.channels_folder / "..data").symlink_to(data.name)
    pointer = store.channels_folder / "stable"
    pointer.symlink_to("..data/stable")

    assert store.channel("stable") == 7

    (tmp_path / "secret").write_text("s3cr3t", encoding="utf-8")
    for target, reason in [
        (tmp_path / "none", "link to nothing"),
        (tmp_path / "secret", "link to something else"),
        (Path("/dev/zero"), "not a plain file"),
        (tmp_path, "not a plain file"),
        (pointer, "cannot be read"),
    ]:
        pointer.unlink()
        pointer.symlink_to(target)
        with pytest.raises(StoreError, match=reason) as refused:
            store.channel("stable")
        assert "s3cr3t" not in str(refused.value)


@pytest.mark.parametrize("content", ["7\r\n", "7\n\n", " 7", "07", "1000000000", "7" * 100, ""])
def test_a_pointer_is_read_as_strictly_as_the_server_does(tmp_path: Path, content: str) -> None:
    store = ModelStore(tmp_path)
    store.channels_folder.mkdir(parents=True)
    (store.channels_folder / "stable").write_bytes(content.encode())

    with pytest.raises(StoreError, match="must hold one version number"):
        store.channel("stable")


def test_a_graph_that_no_longer_gives_its_golden_answers_is_refused(first: Path, second: Path, tmp_path: Path) -> None:
    folder = tmp_path / "trend" / "versions" / "1"
    folder.mkdir(parents=True)
    for path in first.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "forecaster.onnx").write_bytes((second / "forecaster.onnx").read_bytes())
    manifest.write(folder, manifest.manifest(folder, "trend", "2026-11-23T07:00:00Z", TRAINING, []))

    verify(folder, "trend", answers=False)
    with pytest.raises(ArtifactRejected, match=r"golden\.json: forecaster pair 0: quantiles differs"):
        verify(folder, "trend")


def retext(folder: Path, old: str, new: str) -> None:
    text = (folder / "manifest.json").read_text(encoding="utf-8")
    assert old in text
    (folder / "manifest.json").write_text(text.replace(old, new, 1), encoding="utf-8")


def regolden(folder: Path, old: str, new: str) -> None:
    """Changes the golden answers and lists them anew, as a faulty packager would."""
    text, count = re.subn(old, new, (folder / "golden.json").read_text(encoding="utf-8"), count=1)
    assert count == 1
    (folder / "golden.json").write_text(text, encoding="utf-8")
    document = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    entry = next(entry for entry in document["files"] if entry["path"] == "golden.json")
    entry |= {"size": (folder / "golden.json").stat().st_size, "sha256": manifest.sha256(folder / "golden.json")}
    manifest.write(folder, document)


def edit(folder: Path, member: str, value: object) -> None:
    document = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    document[member] = value
    (folder / "manifest.json").write_text(json.dumps(document), encoding="utf-8")
