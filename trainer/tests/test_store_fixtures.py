import json
from pathlib import Path
from typing import Any

import pytest

from hemline_trainer.errors import ArtifactRejected, StoreError
from hemline_trainer.store import ModelStore
from hemline_trainer.verify import verify

MODEL_STORE = Path(__file__).parents[2] / "model-store"
FIXTURES = MODEL_STORE / "fixtures" / "store"
SCHEMA = MODEL_STORE / "schema" / "manifest.schema.json"
OWN_SCHEMA = Path(__file__).parents[1] / "src" / "hemline_trainer" / "manifest.schema.json"


def cases() -> list[Any]:
    found = json.loads((FIXTURES / "cases.json").read_text(encoding="utf-8"))
    return [pytest.param(case, id=f"{case['case']}-{case.get('version', case.get('channel'))}") for case in found]


@pytest.mark.parametrize("case", cases())
def test_judges_each_shared_store_as_it_was_agreed(case: dict[str, Any]) -> None:
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


def test_the_packaged_schema_is_the_stores() -> None:
    assert OWN_SCHEMA.read_bytes() == SCHEMA.read_bytes()
