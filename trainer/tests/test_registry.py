import json
from pathlib import Path

import pytest
from test_cli import say
from test_store import artifact

from hemline_trainer.artifact import manifest
from hemline_trainer.errors import ConfigError, TrainerError
from hemline_trainer.ops.registry import Moved, Registry
from hemline_trainer.ops.tracking import tracked
from hemline_trainer.store.folder import ModelStore


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return artifact(tmp_path_factory.mktemp("first"), 1.0)


@pytest.fixture(scope="module")
def second(first: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same graphs with other figures: another digest."""
    folder = tmp_path_factory.mktemp("second") / "artifact"
    folder.mkdir()
    for file in first.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    document = manifest.read(folder)
    document["backtest"] = [
        {"dataset": "tiny", "metrics": {"mase": 0.75, "coverage": 0.8}, "baselines": {"naive": {"mase": 1.0}}}
    ]
    manifest.write(folder, document)
    return folder


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_an_artifact_is_registered_once_with_its_figures(first: Path, here: Path) -> None:
    registry = Registry(None, here / "runs", "trend")

    version, new = registry.register(first)
    again = registry.register(first)

    assert (version.version, new, again) == (1, True, (version, False))
    assert (version.digest, version.figures) == (manifest.digest(first), {"tiny/mase": 1.0})
    assert version.source == first.as_uri()
    assert (here / "runs" / "mlflow.db").is_file()


def test_metrics_of_data_sets_of_any_name_are_registered_distinctly(first: Path, here: Path) -> None:
    names = ["HERMES-100 (13 weeks)", "HERMES-100 [13 weeks]", "..", "quần ống rộng", "50 %", "x" * 300]
    document = manifest.read(first)
    document["backtest"] = [
        {"dataset": name, "metrics": {"mase": number / 10}, "baselines": {}} for number, name in enumerate(names)
    ]
    folder = here / "named"
    folder.mkdir()
    manifest.write(folder, document)

    version, _ = Registry(None, here / "runs", "trend").register(folder)
    listed = say("registry", "list", "--json", "--tracking", f"sqlite:///{here / 'runs' / 'mlflow.db'}")

    assert [version.figures[f"{name}/mase"] for name in names[:-1]] == [0.0, 0.1, 0.2, 0.3, 0.4]
    assert len(version.figures) == len(names)
    assert json.loads(listed[1])[0]["metrics"] == version.figures


def test_a_tag_that_is_not_a_number_is_skipped(first: Path, here: Path) -> None:
    registry = Registry(None, here / "runs", "trend")
    registry.register(first)
    for key, value in {"backtest/mine/mase": "good", "backtest/mine/mape": "nan"}.items():
        registry._client.set_model_version_tag("trend", "1", key, value)

    assert registry.versions()[0].figures == {"tiny/mase": 1.0}
    assert say("registry", "list", "--model", "a' or 'b")[0] == 1


def test_a_version_is_tied_to_the_tracked_training_that_this_mlflow_knows(
    first: Path, second: Path, here: Path
) -> None:
    with tracked(None, here / "runs", "forecaster", "demo") as tracker:
        tracker.params({"seed": 7})
    document = manifest.read(second)
    document["training"]["mlflow_run_id"] = tracker.run_id
    known = here / "known"
    known.mkdir()
    manifest.write(known, document)
    registry = Registry(None, here / "runs", "trend")

    tied, _ = registry.register(known)
    loose, _ = registry.register(first)

    assert (tied.run, loose.run) == (tracker.run_id, "")


def test_after_publish_promote_and_rollback_a_sync_makes_the_aliases_equal_to_the_store(
    first: Path, second: Path, here: Path
) -> None:
    store, registry = ModelStore(here / "store"), Registry(None, here / "runs", "trend")
    registry.register(second)  # registered before it was published: its number is not the store's
    store.publish(first)
    store.publish(second)

    store.promote(1)
    published = registry.sync(store, str(here / "store"))
    store.promote(2)
    store.promote(1, "canary")
    promoted = registry.sync(store, str(here / "store"))
    store.promote(1)  # rolled back
    (here / "store" / "trend" / "channels" / "canary").unlink()
    rolled_back = registry.sync(store, str(here / "store"))

    none = Moved("shadow", None, None, None)
    assert published == [Moved("stable", None, 2, 1), Moved("canary", None, None, None), none]
    assert promoted == [Moved("stable", 2, 1, 2), Moved("canary", None, 2, 1), none]
    assert rolled_back == [Moved("stable", 1, 2, 1), Moved("canary", 2, None, None), none]
    assert {each.version: (each.aliases, each.store_version) for each in registry.versions()} == {
        1: ((), "2"),
        2: (("stable",), "1"),
    }
    assert registry.sync(store, str(here / "store"))[0] == Moved("stable", 2, 2, 1)


def test_the_commands_register_sync_list_and_compare(first: Path, second: Path, here: Path) -> None:
    (here / "run").mkdir()
    (here / "run" / "artifact").symlink_to(second)
    ModelStore(here / "store").publish(first)
    ModelStore(here / "store").promote(1, "canary")

    registered = say("registry", "register", "--run", "run")
    again = say("registry", "register", "--artifact", second)
    synced = say("registry", "sync", "--store", "store")
    listed = say("registry", "list")
    compared = say("registry", "compare", "canary", 1)
    as_json = say("registry", "compare", "2", "1", "--json")
    lacking = say("registry", "compare", "stable", "1")

    digest = manifest.digest(second)
    assert registered == (0, f"registered trend version 1, digest {digest}\n")
    assert again == (0, f"stands already: trend version 1, digest {digest}\n")
    assert synced[1].splitlines() == [
        "stable: none; registered version stays none",
        "canary: store version 1; registered version none -> 2",
        "shadow: none; registered version stays none",
    ]
    assert [line.split()[:3] for line in listed[1].splitlines()] == [
        ["VERSION", "ALIASES", "STORE"],
        ["2", "canary", "1"],
        ["1", "-", "-"],
    ]
    assert [line.split() for line in compared[1].splitlines()] == [
        ["data", "set", "metric", "version", "2", "(canary)", "version", "1", "difference"],
        ["tiny", "coverage", "0.8000"],
        ["tiny", "mase", "1.0000", "0.7500", "-0.2500"],
    ]
    assert [each["version"] for each in json.loads(as_json[1])] == [2, 1]
    assert lacking[0] == 1
    assert "trend has no registered version or alias 'stable'" in lacking[1]


def test_an_unreachable_registry_is_named(here: Path) -> None:
    with pytest.raises(ConfigError, match="needs MLflow"):
        Registry("off", here, "trend")
    with pytest.raises(TrainerError, match="the registry at nowhere://here refuses"):
        Registry("nowhere://here", here, "trend")
