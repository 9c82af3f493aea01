import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from hemline_trainer.artifact.verify import verify
from hemline_trainer.errors import ArtifactRejected, StoreError
from hemline_trainer.store.folder import ModelStore

MODEL_STORE = Path(__file__).parents[2] / "model-store"
FIXTURES = MODEL_STORE / "fixtures" / "store"
SCHEMA = MODEL_STORE / "schema" / "manifest.schema.json"
OWN_SCHEMA = Path(__file__).parents[1] / "src" / "hemline_trainer" / "manifest.schema.json"


def cases() -> list[Any]:
    found = json.loads((FIXTURES / "cases.json").read_text(encoding="utf-8"))
    return [pytest.param(case, id=f"{case['case']}-{case.get('version', case.get('channel'))}") for case in found]


@pytest.mark.parametrize("case", cases())
def test_each_shared_store_fixture_is_decided_as_agreed(case: dict[str, Any]) -> None:
    store = ModelStore(FIXTURES / case["case"], case["model"])

    if "channel" in case:
        with pytest.raises(StoreError, match=case["names"]):
            store.channel(case["channel"])
        return

    folder = store.folder(case["version"])
    if not case["accepted"]:
        with pytest.raises(ArtifactRejected) as rejected:
            verify(folder, case["model"], answers=False)
        assert case["names"] in str(rejected.value)
        return

    verify(folder, case["model"], answers=False)
    if not case["golden"]:
        with pytest.raises(ArtifactRejected, match=r"golden\.json"):
            verify(folder, case["model"])
        return
    verify(folder, case["model"])


def manifests() -> list[Any]:
    return list(json.loads((MODEL_STORE / "fixtures" / "manifests.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize("case", manifests(), ids=lambda case: f"{case['pointer']} {case['value'][:30]!r}")
def test_each_manifest_value_is_decided_as_by_the_server(case: dict[str, Any], tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FIXTURES / "good" / "trend" / "versions" / "1", tmp_path / "version"))
    document = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    *parents, last = case["pointer"].strip("/").split("/")
    place = document
    for step in parents:
        place = place[int(step) if isinstance(place, list) else step]
    place[int(last) if isinstance(place, list) else last] = "the value"
    text = json.dumps(document).replace('"the value"', case["value"])
    (folder / "manifest.json").write_text(text, encoding="utf-8")

    if case["accepted"]:
        verify(folder, "trend", answers=False)
        return
    with pytest.raises(ArtifactRejected):
        verify(folder, "trend", answers=False)


def test_the_packaged_schema_is_the_stores() -> None:
    assert OWN_SCHEMA.read_bytes() == SCHEMA.read_bytes()
