"""`tune`: searches settings for two objectives, accuracy and cost."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer

from hemline_trainer.artifact.signature_check import check_image_encoder
from hemline_trainer.cli.failures import INTERRUPTED
from hemline_trainer.cli.options import DEMO_CONFIG, RUNS, TrackingOption, finite
from hemline_trainer.config import load_config
from hemline_trainer.ops.pareto import CompletedTrial, best, draw, format_front, pareto_front, write_json
from hemline_trainer.ops.search_space import Space, applied
from hemline_trainer.ops.sqlite_url import sqlite_url
from hemline_trainer.pipeline import Pipeline
from hemline_trainer.progress import Bar, Bars
from hemline_trainer.settings_file import as_toml
from hemline_trainer.training.encoder import EncoderTraining, load_encoder_training

EPILOG: Final = """Example: hemline-trainer tune --config trainer/configs/demo.toml --study spring --trials 40

Example: hemline-trainer tune --study spring --storage postgresql+psycopg://user:password@host/database

Example: hemline-trainer train --config runs-output/tune/spring/best.toml --out runs-output/spring"""


def tune(
    config: Annotated[
        Path, typer.Option("--config", help="Settings to vary, TOML; its [tune] section narrows the bounds.")
    ] = DEMO_CONFIG,
    study: Annotated[str, typer.Option("--study", help="Name of the study in the storage.")] = "hemline",
    storage: Annotated[
        str | None,
        typer.Option(
            "--storage", envvar="HEMLINE_TUNE_STORAGE", help="Database URL. Default: a SQLite file in the out folder."
        ),
    ] = None,
    trials: Annotated[int, typer.Option("--trials", min=1, help="Number of completed trials of the study.")] = 30,
    out: Annotated[Path | None, typer.Option("--out", help="Folder. Default: runs-output/tune/<study>.")] = None,
    max_cost: Annotated[
        float | None,
        typer.Option(
            "--max-us-per-row",
            min=0.0,
            callback=finite,
            help="best.toml is the most accurate trial that costs no more.",
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, help="Seed of the sampler. Default: a new one for every process.")
    ] = None,
    image_encoder: Annotated[
        Path | None,
        typer.Option("--image-encoder", help="Use this image_encoder.onnx instead of training one for the search."),
    ] = None,
    tracking: TrackingOption = None,
) -> None:
    """Searches widths, dropout, rates and data mix by Optuna for two objectives: accuracy and cost.

    Accuracy is MASE on validation rows, which neither training nor back-tests use; cost is microseconds per row of
    the graph on one thread. No single trial is best at both, so the result is the Pareto front: a table here,
    pareto.json and pareto.png in the out folder, every trial on it as front/trial-<n>.toml, and one of them, the most
    accurate (within --max-us-per-row), as best.toml, for `train --config`.

    A trial is trained for training.steps of the settings: search with few, then raise them in best.toml. After each
    quarter of its steps it is pruned when its MASE is above the median of the trials that cost no more at that step.

    The study stays in the storage: the same command again resumes it, after Ctrl-C (exit code 130) with the
    interrupted trial, until --trials are complete. Started several times at once on one study, the processes share the
    work; use PostgreSQL when they are more than a few or run on several machines (those need the same --image-encoder,
    and equal processors, since each shape's cost is measured once).
    """
    folder = out or RUNS / "tune" / study
    settings, encoder, space = load_config(config), load_encoder_training(config), Space.read(config)
    if image_encoder is not None:
        check_image_encoder(image_encoder)
    folder.mkdir(parents=True, exist_ok=True)
    with Bars() as bars, _exclusive(folder):
        bank = Pipeline(folder, bars).dataset(settings, encoder, given=image_encoder).bank
    # Imported here: Optuna takes a second, and the other commands never search.
    from hemline_trainer.ops.study import Search  # noqa: PLC0415
    from hemline_trainer.ops.tune import found, search  # noqa: PLC0415

    search_request = Search(
        study=study,
        storage=storage or sqlite_url(folder / "study.db"),
        config=settings,
        space=space,
        bank=bank,
        folder=folder,
        trials=trials,
        seed=seed,
        tracking=tracking,
        runs=RUNS,
    )
    try:
        with Bars() as bars:
            ended = search(search_request, _Report(bars))
    except KeyboardInterrupt:
        ended = found(search_request)
        _report(search_request.study, folder, ended, max_cost)
        _write_settings(config, encoder, folder, ended, max_cost)
        typer.echo(f"\ninterrupted, study {study} is kept; the same command goes on with it", err=True)
        raise typer.Exit(INTERRUPTED) from None
    _report(search_request.study, folder, ended, max_cost)
    _write_settings(config, encoder, folder, ended, max_cost)


class _Report:
    """Prints a line for each completed trial and a bar for each running one."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._shown: dict[int, Bar] = {}

    def trial(self, completed: CompletedTrial, ended: int, wanted: int) -> None:
        """A trial is complete."""
        said = f"stopped at step {completed.stopped_at}" if completed.mase is None else f"MASE {completed.mase:.4f}"
        self._bars.say(f"trial {completed.number}: {said}, {completed.cost:.1f} us/row ({ended} of {wanted})")

    def step(self, number: int, step: int, total: int) -> None:
        """A trial made progress."""
        if number not in self._shown:
            self._shown[number] = self._bars.stage(f"trial {number}")
        self._shown[number].update(step, total, {})


def _report(study: str, folder: Path, found: list[CompletedTrial], max_cost: float | None) -> None:
    chosen = best(found, max_cost)
    typer.echo(format_front(found, chosen))
    write_json(folder / "pareto.json", study, found, chosen)
    if pareto_front(found):
        draw(folder / "pareto.png", study, found, chosen)
    typer.echo(f"{folder}: pareto.json" + (", pareto.png" if pareto_front(found) else ""))


def _write_settings(
    config: Path, encoder: EncoderTraining, folder: Path, found: list[CompletedTrial], max_cost: float | None
) -> None:
    """Writes the settings of each trial on the Pareto front, and of the chosen one."""
    settings = load_config(config)
    (folder / "front").mkdir(exist_ok=True)
    for stale in (folder / "front").glob("trial-*.toml"):
        stale.unlink()
    chosen = best(found, max_cost)
    for each in pareto_front(found):
        said = f"Trial {each.number}: MASE {each.mase:.4f} on validation rows, {each.cost:.1f} us per row."
        text = as_toml(
            applied(settings, each.params), encoder, [said, f"Found by `hemline-trainer tune` from {config}."]
        )
        (folder / "front" / f"trial-{each.number}.toml").write_text(text, encoding="utf-8")
        if each is chosen:
            (folder / "best.toml").write_text(text, encoding="utf-8")
    if chosen is None:
        (folder / "best.toml").unlink(missing_ok=True)
        typer.echo("no trial came to its end" + ("" if max_cost is None else f" within {max_cost:g} us/row") + " yet")
        return
    typer.echo(f"train with it: hemline-trainer train --config {folder / 'best.toml'} --out runs-output/NAME")


@contextmanager
def _exclusive(folder: Path) -> Iterator[None]:
    """Lets one process at a time prepare a folder."""
    with (folder / ".prepare.lock").open("w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
