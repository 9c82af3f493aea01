"""Import arrows between the packages, and the modules that may import a heavy or external library."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import hemline_trainer

ROOT = Path(hemline_trainer.__file__).parent
PACKAGE = "hemline_trainer"

ALLOWED = {
    "files": set[str](),
    "data": {"files"},
    "model": {"data"},
    "training": {"artifact", "data", "evaluation", "files", "model", "ops"},
    "evaluation": {"artifact", "data", "files", "model", "ops", "training"},
    "artifact": {"data", "files", "model"},
    "store": {"artifact", "files"},
    "ops": {"artifact", "data", "evaluation", "files", "model", "store", "training"},
    "steps": {"artifact", "data", "evaluation", "files", "ops", "store", "training"},
    "cli": {"artifact", "data", "evaluation", "files", "ops", "steps", "store", "training"},
}
"""Packages that each package may import."""

LIBRARIES = {
    "boto3": {"store/s3.py"},
    "botocore": {"store/s3.py"},
    "confluent_kafka": {"ops/retraining.py"},
    "mlflow": {"ops/registry.py", "ops/tracking.py"},
    "model_signing": {"artifact/signing.py"},
    "optuna": {"ops/study.py", "ops/tune.py"},
    "scipy": {"evaluation/intervals.py"},
    "statsforecast": {"evaluation/competitors/statistical.py"},
    "timm": {"model/encoder.py"},
    "typer": {"cli/"},
}
"""Modules, or folders, that may import each library."""


def imports(file: Path) -> Iterator[str]:
    """Full names of the imported modules."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_every_package_has_a_row_in_the_table() -> None:
    assert {path.parent.name for path in ROOT.glob("*/__init__.py")} == set(ALLOWED)


@pytest.mark.parametrize("package", ALLOWED)
def test_a_package_imports_only_the_packages_of_its_row(package: str) -> None:
    found = {
        f"{file.relative_to(ROOT)}: {name}"
        for file in (ROOT / package).rglob("*.py")
        for name in imports(file)
        if name.startswith(f"{PACKAGE}.") and name.split(".")[1] in ALLOWED.keys() - ALLOWED[package] - {package}
    }

    assert not found


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_library_is_imported_only_by_its_modules(library: str) -> None:
    found = {
        str(file.relative_to(ROOT))
        for file in ROOT.rglob("*.py")
        if any(name.split(".")[0] == library for name in imports(file))
    }

    assert {file for file in found if not any(file.startswith(allowed) for allowed in LIBRARIES[library])} == set()
