"""Every command that reads files gets malformed ones: one line each time, never a traceback."""

import shutil
from collections.abc import Callable
from pathlib import Path

import mlflow.store.db.utils
import pytest
from drift_data import event, write_actuals, write_events
from malformed_files import FAULTS
from test_cli import say
from tiny import write_graphs

from hemline_trainer.artifact import signature_check

SHELF = Path(__file__).parents[2] / "model-store" / "demo" / "store" / "trend" / "versions" / "1"


SETTINGS = FAULTS.keys() - {"empty", "blank lines", "a byte order mark alone"}
"""Empty settings are valid: a whole training would follow."""
DATABASES = {"a folder", "a loop of links", "below a file", "not UTF-8", "binary", "a zip", "a huge line"}
"""SQLite fills a file that is empty or nearly so."""
CHECKPOINTS = FAULTS.keys() - {"missing", "a folder", "a loop of links", "below a file", "a folder without permission"}
"""A run without a checkpoint starts."""
NO_POINTER = {"missing", "a loop of links", "below a file", "a number"}
"""A channel without a pointer is no fault, and 7 is a version."""

Words = list[object]


def dataset(at: Path, bad: Path) -> Words:
    return ["dataset", "--csv", bad, "--out", at / "out"]


def drift_served(at: Path, bad: Path) -> Words:
    actual = write_actuals(at / "actual.csv", {"trend1": [15.0] * 13})
    return ["drift", "--served", bad, "--actual", actual]


def drift_actual(at: Path, bad: Path) -> Words:
    return ["drift", "--served", write_events(at / "served.jsonl", [event(1)]), "--actual", bad]


def drift_reference(at: Path, bad: Path) -> Words:
    return [*drift_served(at, write_events(at / "served.jsonl", [event(1)])), "--reference", bad]


def train_config(at: Path, bad: Path) -> Words:
    return ["train", "--config", bad, "--out", at / "run", "--tracking", "off"]


def tune_config(at: Path, bad: Path) -> Words:
    return ["tune", "--config", bad, "--out", at / "out"]


def demo_config(at: Path, bad: Path) -> Words:
    return ["demo", "--config", bad, "--out", at / "out"]


def train_encoder(at: Path, bad: Path) -> Words:
    return ["train", "--out", at / "run", "--tracking", "off", "--image-encoder", bad]


def tune_encoder(at: Path, bad: Path) -> Words:
    return ["tune", "--out", at / "run", "--tracking", "off", "--image-encoder", bad]


def train_shards(at: Path, bad: Path) -> Words:
    return train_with(at, f'[data]\nshare = 0.5\nshards = "{bad.parent}"\n')


def train_begin_from(at: Path, bad: Path) -> Words:
    return train_with(at, f'[training]\nbegin_from = "{bad}"\n')


def train_resume(at: Path, bad: Path) -> Words:
    assert bad.name == "forecaster.pt"
    return [*train_with(at, ""), "--out", bad.parent, "--resume"]


def train_with(at: Path, settings: str) -> Words:
    write_graphs(at / "graphs")
    config = at / "settings.toml"
    config.write_text(f"threads = 1\n{settings}[encoder]\nbank = 22\n", encoding="utf-8")
    encoder = at / "graphs" / "image_encoder.onnx"
    return ["train", "--config", config, "--out", at / "run", "--tracking", "off", "--image-encoder", encoder]


def export_run(_: Path, bad: Path) -> Words:
    return ["export", "--run", bad.parent]


def package_run(_: Path, bad: Path) -> Words:
    return ["package", "--run", bad.parent]


def evaluate_run(_: Path, bad: Path) -> Words:
    return ["evaluate", "--run", bad.parent, "--rows", 16]


def publish_run(at: Path, bad: Path) -> Words:
    return ["publish", "--run", bad.parent, "--store", at / "store"]


def checkpoint_of_m4(at: Path, bad: Path) -> Words:
    return ["benchmark", "m4", "--checkpoint", bad, "--data", m4_data(at)]


def fine_tuned(at: Path, bad: Path) -> Words:
    return ["benchmark", "fine-tuned", "--run", bad.parent, "--data", at]


def package_onnx(at: Path, bad: Path) -> Words:
    return foreign(at, bad, "image_encoder.onnx")


def package_encoder(at: Path, bad: Path) -> Words:
    return foreign(at, at / "graphs" / "forecaster.onnx", str(bad))


def foreign(at: Path, graph: Path, encoder: str) -> Words:
    write_graphs(at / "graphs")
    description = at / "graphs" / "mine.toml"
    description.write_text(f'image_encoder = "{encoder}"\nsynthetic = true\ndata_fingerprint = "x"\n', encoding="utf-8")
    return ["package", "--onnx", graph, "--manifest", description, "--out", at / "out", "--rows", 16]


def package_manifest(at: Path, bad: Path) -> Words:
    graph = write_graphs(at / "graphs") / "forecaster.onnx"
    return ["package", "--onnx", graph, "--manifest", bad, "--out", at / "out"]


def artifact(command: str, *words: str) -> Callable[[Path, Path], Words]:
    """A command on the folder that the bad file lies in."""
    return lambda at, bad: [*command.split(), "--artifact", bad.parent, *(word.format(at=at) for word in words)]


def sign_key(at: Path, bad: Path) -> Words:
    return ["publish", "--artifact", SHELF, "--store", standing(at), "--sign-key", bad]


def public_key(_: Path, bad: Path) -> Words:
    return ["verify", "--artifact", SHELF, "--public-key", bad]


def standing(at: Path) -> Path:
    """A store in which the artifact stands, so that no gate judges it."""
    return Path(shutil.copytree(SHELF.parents[2], at / "store"))


def pointer(*words: object) -> Callable[[Path, Path], Words]:
    def with_pointer(at: Path, bad: Path) -> Words:
        channel = standing(at) / "trend" / "channels" / "stable"
        channel.unlink()
        if bad.is_symlink() or bad.exists():
            bad.rename(channel)
        return [*words, "--store", at / "store"]

    return with_pointer


def registry_file(_: Path, bad: Path) -> Words:
    return ["registry", "list", "--tracking", f"sqlite:///{bad}"]


def tune_study(at: Path, bad: Path) -> Words:
    words = train_with(at, "")
    return ["tune", *words[1:3], "--out", at / "tune", *words[5:], "--storage", f"sqlite:///{bad}", "--trials", 1]


def hermes_data(at: Path, bad: Path) -> Words:
    (at / "hermes_f1_100").mkdir()
    for name in ("main", "fashion_forward"):
        if bad.is_file():
            shutil.copyfile(bad, at / "hermes_f1_100" / f"f1_{name}_100_sequences.csv")
    return ["benchmark", "hermes", "--artifact", SHELF, "--data", at]


def m4_files(at: Path, bad: Path) -> Words:
    (at / "m4_weekly").mkdir()
    for name in ("train", "test"):
        if bad.is_file():
            shutil.copyfile(bad, at / "m4_weekly" / f"Weekly-{name}.csv")
    return ["benchmark", "m4", "--artifact", SHELF, "--data", at]


def m4_data(at: Path) -> Path:
    (at / "m4_weekly").mkdir(exist_ok=True)
    (at / "m4_weekly" / "Weekly-train.csv").write_text(
        "V1,V2\nW1," + ",".join("12345678" * 10) + "\n", encoding="utf-8"
    )
    (at / "m4_weekly" / "Weekly-test.csv").write_text("V1,V2\nW1," + ",".join("1234567891234") + "\n", encoding="utf-8")
    return at


READERS: dict[str, tuple[str, Callable[[Path, Path], Words]]] = {
    "dataset": ("bad.csv", dataset),
    "drift --served": ("bad.jsonl", drift_served),
    "drift --actual": ("bad.csv", drift_actual),
    "drift --reference": ("bad.jsonl", drift_reference),
    "train --config": ("bad.toml", train_config),
    "tune --config": ("bad.toml", tune_config),
    "demo --config": ("bad.toml", demo_config),
    "train --image-encoder": ("bad.onnx", train_encoder),
    "tune --image-encoder": ("bad.onnx", tune_encoder),
    "train with shards": ("index.json", train_shards),
    "train begin_from": ("bad.pt", train_begin_from),
    "train --resume": ("forecaster.pt", train_resume),
    "export --run": ("forecaster.pt", export_run),
    "package --run": ("forecaster.pt", package_run),
    "evaluate --run": ("forecaster.pt", evaluate_run),
    "publish --run": ("forecaster.pt", publish_run),
    "benchmark m4 --checkpoint": ("bad.pt", checkpoint_of_m4),
    "benchmark fine-tuned": ("bank.npz", fine_tuned),
    "package --onnx": ("bad.onnx", package_onnx),
    "package --onnx, its encoder": ("bad.onnx", package_encoder),
    "package --manifest": ("bad.toml", package_manifest),
    "verify": ("manifest.json", artifact("verify")),
    "evaluate --artifact": ("manifest.json", artifact("evaluate")),
    "gate": ("manifest.json", artifact("gate", "--store", "{at}/store")),
    "publish": ("manifest.json", artifact("publish", "--store", "{at}/store")),
    "benchmark hermes --artifact": ("manifest.json", artifact("benchmark hermes", "--data", "{at}")),
    "registry register": ("manifest.json", artifact("registry register")),
    "publish --sign-key": ("bad.pem", sign_key),
    "verify --public-key": ("bad.pem", public_key),
    "publish, the pointer": ("stable", pointer("publish", "--artifact", SHELF)),
    "registry list --tracking": ("bad.db", registry_file),
    "tune --storage": ("bad.db", tune_study),
    "benchmark hermes --data": ("bad.csv", hermes_data),
    "benchmark m4 --data": ("bad.csv", m4_files),
}


CHOSEN = {
    "train --config": SETTINGS,
    "tune --config": SETTINGS,
    "demo --config": SETTINGS,
    "registry list --tracking": DATABASES,
    "tune --storage": DATABASES,
    "train --resume": CHECKPOINTS,
}


NOTHING = {"empty", "blank lines", "a byte order mark alone"}
WITHOUT_FORECASTS = {"drift --served": 3, "drift --reference": 0}
"""A file without forecasts is valid: nothing is compared, or nothing with the reference."""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a command writes by default lies in the test's own folder; graphs get no image probes, which take long."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(signature_check, "image_probes", list)
    monkeypatch.setattr(mlflow.store.db.utils, "MAX_RETRY_COUNT", 1)


@pytest.mark.parametrize("reader", READERS)
def test_no_file_ends_in_a_traceback(reader: str, tmp_path: Path) -> None:
    name, words = READERS[reader]
    for fault, spoil in FAULTS.items():
        if fault not in CHOSEN.get(reader, FAULTS):
            continue
        at = tmp_path / fault.replace(" ", "-")
        (at / "bad").mkdir(parents=True)
        bad = at / "bad" / name
        spoil(bad)

        code, output = say(*words(at, bad))

        context = f"{reader}, {fault}: {output}"
        expected = (
            {0, 1}
            if fault in NO_POINTER and "pointer" in reader
            else {WITHOUT_FORECASTS.get(reader, 1) if fault in NOTHING else 1}
        )
        assert code in expected, context
        assert [line.startswith("hemline-trainer: ") for line in output.strip().splitlines()][-1:] == [code != 0], (
            context
        )
        assert output.count("hemline-trainer: ") == (code != 0), context
