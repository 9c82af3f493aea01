"""Documents say what is there: lines of 120 columns, links that lead somewhere, commands and tests that exist."""

from __future__ import annotations

import json
import re
import tomllib
from typing import TYPE_CHECKING

import pytest

import settings_page
from commands import faults
from documents import ROOT, anchors, blocks, documents, links, prose, written_by_hand

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = 120
TEST_IN_JAVA = re.compile(r"`([A-Z]\w+Test)(?:\.(\w+))?`")
TEST_IN_PYTHON = re.compile(r"`(?:[\w/]+\.py::)?(test_\w+)`")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("document", written_by_hand(), ids=named)
def test_prose_has_at_most_120_columns(document: Path) -> None:
    long = [f"{named(document)}:{number} has {len(line)}" for number, line in prose(document) if len(line) > COLUMNS]

    assert long == []


@pytest.mark.parametrize("document", documents(), ids=named)
def test_relative_links_and_anchors_lead_somewhere(document: Path) -> None:
    dead = []
    for link in links(document):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            dead.append(link)

    assert dead == []


@pytest.mark.parametrize("document", written_by_hand(), ids=named)
def test_commands_options_settings_and_scripts_exist(document: Path) -> None:
    assert [fault for block in blocks(document) for fault in faults(block)] == []


def test_tests_that_documents_name_exist() -> None:
    java = {path.stem: path for path in ROOT.glob("*/src/test/java/**/*Test.java")}
    tests = (*ROOT.glob("e2e/**/test_*.py"), *ROOT.glob("trainer/tests/**/test_*.py"))
    python = "\n".join(path.read_text(encoding="utf-8") for path in tests)
    gone = []
    for document in written_by_hand():
        text = document.read_text(encoding="utf-8")
        for test, method in TEST_IN_JAVA.findall(text):
            if test not in java or (method and f" {method}(" not in java[test].read_text(encoding="utf-8")):
                gone.append(f"{named(document)}: {test}.{method}")
        gone += [f"{named(document)}: {test}" for test in TEST_IN_PYTHON.findall(text) if f"def {test}" not in python]

    assert gone == []


def test_the_page_of_settings_is_the_one_that_the_settings_make() -> None:
    assert settings_page.PAGE.read_text(encoding="utf-8") == settings_page.text(), "run python3 e2e/settings_page.py"


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs/explanation/adr"
    index = (folder / "README.md").read_text(encoding="utf-8")

    records = sorted(path.name for path in folder.glob("[0-9]*.md"))

    assert [name for name in records if f"]({name})" not in index] == []
    assert [int(name[:4]) for name in records] == list(range(1, len(records) + 1))
    for name in records:
        headings = re.findall(r"^## (.+)$", (folder / name).read_text(encoding="utf-8"), re.MULTILINE)
        assert headings == ["Context", "Decision", "Consequences", "Alternatives"], name


@pytest.mark.parametrize("document", written_by_hand(), ids=named)
def test_examples_in_json_and_toml_can_be_read(document: Path) -> None:
    readers = {"json": json.loads, "toml": tomllib.loads}

    for block in blocks(document):
        if block.language in readers:
            readers[block.language](block.text)


@pytest.mark.parametrize("page", ["README.md", "docs/benchmarks/README.md"])
def test_the_summaries_of_speed_are_those_of_the_last_run_of_the_suite(page: str) -> None:
    table = (ROOT / page).read_text(encoding="utf-8").partition("| cached ")[2].partition("\n\n")[0]
    results = (ROOT / "docs/benchmarks/serving.md").read_text(encoding="utf-8").partition("<!-- bench:serving ends")[0]
    figures = re.compile(r"\d[\d,]*(?:\.\d+)?")

    rows = ["| cached " + table.split("\n")[0], *table.split("\n")[1:]]
    shown = {figure for row in rows for cell in row.split("|")[2:] for figure in figures.findall(cell)}

    assert len(rows) == 5
    assert shown - set(figures.findall(results)) == set()
