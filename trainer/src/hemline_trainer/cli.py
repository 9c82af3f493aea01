"""The command line: one command a step. Exit codes: 0 done, 1 refused, 2 wrong usage, 130 interrupted."""

import functools
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, ParamSpec

import typer

from hemline_trainer import checkpoint, hermes, m4, manifest
from hemline_trainer.config import load_config
from hemline_trainer.demo import Demo, make_demo
from hemline_trainer.embed import fill_bank
from hemline_trainer.encoder_train import EncoderTraining, load_encoder_training
from hemline_trainer.errors import CheckpointError, ConfigError, DataError, TrainerError
from hemline_trainer.evaluate import Answerer, answerer, costs, format_costs, format_table
from hemline_trainer.export import session
from hemline_trainer.progress import Bars
from hemline_trainer.run import Run, backtests, listed, proof
from hemline_trainer.s3 import S3Objects
from hemline_trainer.s3_store import S3ModelStore
from hemline_trainer.signature import check, sign
from hemline_trainer.store import ModelStore
from hemline_trainer.tracking import tracked
from hemline_trainer.verify import verify

RUNS = Path("runs-output")
DEMO_CONFIG = Path(__file__).parents[2] / "configs" / "demo.toml"
INTERRUPTED = 130
ROWS = 512

app = typer.Typer(
    help="Learns, proves and publishes Hemline's fashion trend forecasters.",
    epilog="From nothing to a live model: train, then publish.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
benchmark = typer.Typer(help="Compares a model with published figures on real series.", no_args_is_help=True)
app.add_typer(benchmark, name="benchmark")

P = ParamSpec("P")

RunOption = Annotated[Path | None, typer.Option("--run", help="Run folder, as `train --out` wrote it.")]
NeededRun = Annotated[Path, typer.Option("--run", help="Run folder, as `train --out` wrote it.")]
ArtifactOption = Annotated[
    Path | None, typer.Option("--artifact", help="Artifact folder (the one with manifest.json).")
]
CheckpointOption = Annotated[
    Path | None, typer.Option("--checkpoint", help="A run folder or checkpoint, asked through PyTorch.")
]
DataOption = Annotated[
    Path | None,
    typer.Option("--data", envvar="HEMLINE_DATA", help="Folder that holds hermes_f1_100/ and m4_weekly/."),
]
ModelOption = Annotated[str, typer.Option("--model", help="Name of the model in the store.")]
TrackingOption = Annotated[
    str | None,
    typer.Option("--tracking", help="MLflow tracking URI, or 'off'. Default: a SQLite file in runs-output/."),
]


def told(command: Callable[P, None]) -> Callable[P, None]:
    """Turns failures that a person can act on into one line and an exit code."""

    @functools.wraps(command)
    def telling(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except TrainerError as error:
            typer.echo(f"hemline-trainer: {error}", err=True)
            raise typer.Exit(1) from error
        except OSError as error:
            typer.echo(f"hemline-trainer: {error.filename or ''}: {error.strerror or error}", err=True)
            raise typer.Exit(1) from error
        except KeyboardInterrupt as interrupt:
            typer.echo("hemline-trainer: interrupted", err=True)
            raise typer.Exit(INTERRUPTED) from interrupt

    return telling


@app.command(epilog="Example: hemline-trainer train --config trainer/configs/demo.toml --out runs-output/demo")
@told
def train(
    config: Annotated[Path, typer.Option("--config", help="Settings, TOML.")] = DEMO_CONFIG,
    out: Annotated[Path | None, typer.Option("--out", help="Run folder. Default: runs-output/<config's name>.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the checkpoint in the run folder.")] = False,
    image_encoder: Annotated[
        Path | None,
        typer.Option("--image-encoder", help="Use this image_encoder.onnx, so that stored embeddings stay valid."),
    ] = None,
    tracking: TrackingOption = None,
) -> None:
    """Trains the image encoder (unless one is given) and the forecaster on synthetic trends.

    Ctrl-C saves a checkpoint; --resume goes on from it to the same weights.
    """
    settings, encoder = load_config(config), load_encoder_training(config)
    folder = out or RUNS / config.stem
    if not resume and (folder / checkpoint.NAME).exists():
        raise CheckpointError(f"{folder} holds a run already: add --resume to go on with it, or name another --out")
    again = f"hemline-trainer train --config {config} --out {folder} --resume"
    try:
        with tracked(tracking, RUNS, "forecaster", folder.name) as tracker, Bars() as bars:
            run = Run(folder, bars)
            bank = run.see(encoder, settings, given=image_encoder)
            trained = run.learn(settings, bank, tracker, resume=resume)
    except KeyboardInterrupt:
        saved = (folder / checkpoint.NAME).exists()
        where = f"checkpoint saved in {folder}; go on with: {again}" if saved else f"nothing saved; start with: {again}"
        typer.echo(f"\ninterrupted, {where}", err=True)
        raise typer.Exit(INTERRUPTED) from None
    typer.echo(f"{trained.path}: step {trained.step}, {listed(trained.metrics)}")


@app.command(epilog="Example: hemline-trainer evaluate --run runs-output/demo")
@told
def evaluate(
    run: RunOption = None,
    artifact: ArtifactOption = None,
    rows: Annotated[int, typer.Option("--rows", min=16, help="Synthetic trends per data set.")] = ROWS,
    data: DataOption = None,
) -> None:
    """Back-tests a run or an artifact beside forecasts that need no training.

    The data are synthetic draws that it never saw, and HERMES-100 where --data holds it.
    A run keeps the figures for its model card.
    """
    folder, is_run = _one_of(run, artifact)
    with Bars() as bars:
        if is_run:
            steps = Run(folder, bars)
            bars.say(proof("forecaster.onnx", steps.write()))
            tests = steps.prove(rows, data)
        else:
            seed = int(verify(folder)["training"]["seed"])
            size = EncoderTraining().bank
            bank = fill_bank(folder / "image_encoder.onnx", seed, size, bars.stage("embedding bank"))
            tests = backtests(folder / "forecaster.onnx", bank, rows, seed, data)
    typer.echo(format_table(tests))


@benchmark.command("hermes", epilog="Example: hemline-trainer benchmark hermes --url http://127.0.0.1:8080 --data DATA")
@told
def benchmark_hermes(
    url: Annotated[
        str | None, typer.Option("--url", help="A running server, asked through POST /v1/forecasts.")
    ] = None,
    artifact: ArtifactOption = None,
    checkpoint_folder: CheckpointOption = None,
    data: DataOption = None,
) -> None:
    """Scores 13 weeks of the 100 public HERMES series, which no model here was trained on."""
    if data is None:
        raise DataError("HERMES-100 is not in this project: name the folder that holds hermes_f1_100/ with --data")
    if sum(source is not None for source in (url, artifact, checkpoint_folder)) != 1:
        raise typer.BadParameter("name one of --url, --artifact, --checkpoint")
    series = hermes.read_series(data)
    if url is not None:
        forecasts = hermes.ask_server(url, series)
    else:
        forecasts = hermes.ask_graph(_answerer(artifact, checkpoint_folder), series)
    typer.echo(hermes.format_report(hermes.score(forecasts, series)))
    _tell_costs(artifact)


@benchmark.command("m4", epilog="Example: hemline-trainer benchmark m4 --artifact store/trend/versions/1 --data DATA")
@told
def benchmark_m4(
    artifact: ArtifactOption = None, checkpoint_folder: CheckpointOption = None, data: DataOption = None
) -> None:
    """Scores the 359 weekly series of the M4 competition, which no model here was trained on."""
    if data is None:
        raise DataError("M4 weekly is not in this project: name the folder that holds m4_weekly/ with --data")
    if (artifact is None) == (checkpoint_folder is None):
        raise typer.BadParameter("name one of --artifact, --checkpoint")
    weekly = m4.read_weekly(data)
    typer.echo(m4.format_scores(m4.score(_answerer(artifact, checkpoint_folder), weekly)))
    _tell_costs(artifact)


def _answerer(artifact: Path | None, checkpoint_folder: Path | None) -> Answerer:
    """The model of an artifact, or else of a run."""
    if artifact is None:
        return answerer(checkpoint.load(checkpoint_folder or Path())[0])
    verify(artifact)
    return answerer(session(artifact / "forecaster.onnx"))


def _tell_costs(artifact: Path | None) -> None:
    """What a row of the artifact costs here, on one thread of ONNX Runtime."""
    if artifact is not None:
        typer.echo(format_costs(costs(session(artifact / "forecaster.onnx"))))


@app.command(epilog="Example: hemline-trainer export --run runs-output/demo")
@told
def export(run: NeededRun) -> None:
    """Writes forecaster.onnx into the run folder and proves it against PyTorch."""
    with Bars() as bars:
        report = Run(run, bars).write()
    typer.echo(proof(str(report.path), report))
    for name, difference in report.differences.items():
        typer.echo(f"  {name:24} relative difference {difference:.1e}")


@app.command(epilog="Example: hemline-trainer package --run runs-output/demo")
@told
def package(run: NeededRun, model: ModelOption = "trend") -> None:
    """Builds the artifact folder of a run: graphs, golden answers, card, manifest."""
    with Bars() as bars:
        steps = _packed(Run(run, bars), model)
    typer.echo(f"{steps.artifact}: digest {manifest.digest(steps.artifact)}")


@app.command(epilog="Example: hemline-trainer publish --run runs-output/demo --store store")
@told
def publish(
    store: Annotated[str, typer.Option("--store", help="The model store: a folder or s3://bucket/prefix.")],
    run: RunOption = None,
    artifact: ArtifactOption = None,
    model: ModelOption = "trend",
    channel: Annotated[str, typer.Option("--channel", help="stable, canary or shadow.")] = "stable",
    promote: Annotated[bool, typer.Option("--promote/--no-promote", help="Point the channel at the version.")] = True,
    sign_key: Annotated[
        Path | None,
        typer.Option(
            "--sign-key", envvar="HEMLINE_SIGN_KEY", help="Sign with this PEM file of an elliptic curve private key."
        ),
    ] = None,
) -> None:
    """Publishes a run or an artifact as the next version and points a channel at it.

    Servers that watch the store go live with it by themselves. The same artifact is published once. S3 is reached as
    AWS_ENDPOINT_URL_S3, AWS_REGION, AWS_PROFILE and the like say. A key pair to sign with:
    `openssl ecparam -name prime256v1 -genkey -noout -out signer-private.pem`,
    `openssl ec -in signer-private.pem -pubout -out signer.pem`.
    """
    folder, is_run = _one_of(run, artifact)
    if is_run:
        with Bars() as bars:
            folder = _packed(Run(folder, bars), model).artifact
    target = _store(store, model)
    before = target.channel(channel)
    with tempfile.TemporaryDirectory(prefix="hemline-") as scratch:
        if sign_key is not None:
            # A copy, since the folder may be a version of another store, which never changes.
            folder = Path(shutil.copytree(folder, Path(scratch) / model))
            sign(folder, sign_key)
        published = target.publish(folder)
        signed = ", signed" if published.new and (folder / manifest.SIGNATURE).exists() else ""
    how = "published" if published.new else "stands already:"
    typer.echo(f"{how} {model} version {published.version}, digest {published.digest}{signed}")
    if not promote:
        return
    target.promote(published.version, channel)
    typer.echo(f"{channel}: {before or 'none'} -> {published.version}")
    at_channel = "" if channel == "stable" else f" --channel {channel}"
    typer.echo(f"roll back with: ./hemline store rollback --store {store} {model}{at_channel}")


@app.command(epilog="Example: hemline-trainer demo --out model-store/demo")
@told
def demo(
    out: Annotated[Path, typer.Option("--out", help="Folder whose content is replaced at the end.")],
    config: Annotated[Path, typer.Option("--config", help="Settings of version 2, TOML.")] = DEMO_CONFIG,
    seed: Annotated[int | None, typer.Option("--seed", help="Instead of the one in the settings.")] = None,
    data: DataOption = None,
) -> None:
    """Makes the demo from a seed: image encoder, two published versions, feature snapshot. All of it is synthetic."""
    settings = load_config(config)
    if seed is not None:
        settings = replace(settings, seed=seed)
    with Bars() as bars:
        published = make_demo(Demo(settings, load_encoder_training(config), data=data), out, bars)
    for each in published:
        typer.echo(f"{out / 'store'}: {each.model} version {each.version}, digest {each.digest}")


@app.command(
    "verify", epilog="Example: hemline-trainer verify --artifact runs-output/demo/artifact --public-key signer.pem"
)
@told
def verify_artifact(
    artifact: Annotated[Path, typer.Option("--artifact", help="Artifact folder (the one with manifest.json).")],
    public_key: Annotated[
        Path | None, typer.Option("--public-key", help="PEM file; the artifact must be signed by its owner.")
    ] = None,
) -> None:
    """Compares an artifact with its manifest, runs the golden answers, and checks who signed it if a key is named."""
    if not artifact.is_dir():
        raise ConfigError(f"{artifact}: there is no such folder")
    verify(artifact)
    if public_key is not None:
        check(artifact, public_key)
    signed = "" if public_key is None else f", signed by {public_key}"
    typer.echo(f"{artifact}: intact, digest {manifest.digest(artifact)}{signed}")


def _store(url: str, model: str) -> ModelStore | S3ModelStore:
    """The store at a place."""
    if url.startswith("s3://"):
        return S3ModelStore(S3Objects.open(url), model)
    return ModelStore(Path(url), model)


def _one_of(run: Path | None, artifact: Path | None) -> tuple[Path, bool]:
    """The folder that was named, and whether it is a run."""
    if (run is None) == (artifact is None):
        raise typer.BadParameter("name one of --run and --artifact")
    folder = run if run is not None else artifact
    if folder is None or not folder.is_dir():
        raise ConfigError(f"{folder}: there is no such folder")
    return folder, run is not None


def _packed(run: Run, model: str) -> Run:
    """Takes a trained run to its artifact."""
    if not run.folder.is_dir():
        raise ConfigError(f"{run.folder}: there is no such folder")
    run.bars.say(proof("forecaster.onnx", run.write()))
    if not run.proven():
        run.prove(ROWS, None)
    run.pack(model)
    return run


def run() -> None:
    """Entry point."""
    sys.exit(app())
