"""`registry`: mirrors the store in MLflow's model registry."""

from pathlib import Path
from typing import Annotated, Final

import typer

from hemline_trainer.artifact.verify import verify
from hemline_trainer.cli.failures import one_line_failures
from hemline_trainer.cli.options import (
    RUNS,
    ArtifactOption,
    ModelOption,
    RunOption,
    StoreOption,
    TrackingOption,
    one_of,
)
from hemline_trainer.files.strict_json import dumps
from hemline_trainer.ops.registry import Registry, format_comparison, format_versions
from hemline_trainer.store.open import open_store

REGISTER_EPILOG: Final = "Example: hemline-trainer registry register --run runs-output/demo"
LIST_EPILOG: Final = "Example: hemline-trainer registry list --json"
COMPARE_EPILOG: Final = """Example: hemline-trainer registry compare stable canary

Example: hemline-trainer registry compare 3 4 --json"""
SYNC_EPILOG: Final = """Example: hemline-trainer registry sync --store store

Example: hemline-trainer registry sync --store s3://models/fashion --tracking https://mlflow.example.org"""

HELP: Final = """Keeps MLflow's model registry as a mirror of the store.

After `sync` the aliases stable, canary and shadow equal the store's pointers. They never drive them: `publish`,
`./hemline store promote` and `rollback` move the pointers, and `sync` mirrors them.
"""

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]

registry = typer.Typer(help=HELP, no_args_is_help=True)


@registry.command("register", epilog=REGISTER_EPILOG)
@one_line_failures
def register(
    run: RunOption = None,
    artifact: ArtifactOption = None,
    model: ModelOption = "trend",
    tracking: TrackingOption = None,
) -> None:
    """Makes the artifact of a run, or an artifact folder, a version of the registry, figures and all.

    A run must be packaged first. The same artifact is registered once. The version is tied to the tracked training
    where this MLflow knows it.
    """
    folder, is_run = one_of(run, artifact)
    folder = folder / "artifact" if is_run else folder
    verify(folder, model, answers=False)
    version, new = Registry(tracking, RUNS, model).register(folder)
    typer.echo(
        f"{'registered' if new else 'stands already:'} {model} version {version.version}, digest {version.digest}"
    )


@registry.command("list", epilog=LIST_EPILOG)
@one_line_failures
def list_versions(model: ModelOption = "trend", tracking: TrackingOption = None, as_json: JsonOption = False) -> None:
    """Lists the registered versions, the newest first: aliases, number in the store, digest, run."""
    versions = Registry(tracking, RUNS, model).versions()
    typer.echo(dumps([each.as_json() for each in versions], "the list") if as_json else format_versions(versions))


@registry.command("compare", epilog=COMPARE_EPILOG)
@one_line_failures
def compare(
    first: Annotated[str, typer.Argument(help="A number or an alias.")],
    second: Annotated[str, typer.Argument(help="Another one.")],
    model: ModelOption = "trend",
    tracking: TrackingOption = None,
    as_json: JsonOption = False,
) -> None:
    """Shows the back-test figures of two versions side by side; the difference is the second less the first."""
    known = Registry(tracking, RUNS, model)
    pair = known.find(first), known.find(second)
    typer.echo(dumps([each.as_json() for each in pair], "the comparison") if as_json else format_comparison(*pair))


@registry.command("sync", epilog=SYNC_EPILOG)
@one_line_failures
def sync(store: StoreOption, model: ModelOption = "trend", tracking: TrackingOption = None) -> None:
    """Makes the aliases stable, canary and shadow equal to the store's pointers.

    Registers versions that a pointer names, and removes the alias of a pointer that names none. Idempotent: run it
    after publish, promote and rollback, or from a timer.
    """
    target = open_store(store, model)
    where = store if store.startswith("s3://") else str(Path(store).resolve())
    for move in Registry(tracking, RUNS, model).sync(target, where):
        desired = "none" if move.store_version is None else f"store version {move.store_version}"
        how = "stays" if move.before == move.after else f"{move.before or 'none'} ->"
        typer.echo(f"{move.alias}: {desired}; registered version {how} {move.after or 'none'}")
