"""`benchmark`: a model compared with published figures on real series that no model here was trained on."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import numpy as np
import torch
import typer

from hemline_trainer.artifact.equivalence import session
from hemline_trainer.artifact.verify import verify
from hemline_trainer.cli.failures import one_line_failures
from hemline_trainer.cli.options import ArtifactOption, DataOption, NeededRun, finite
from hemline_trainer.contract import HORIZON, QUANTILES
from hemline_trainer.data.embeddings import EmbeddingBank
from hemline_trainer.errors import DataError
from hemline_trainer.evaluation import rolling
from hemline_trainer.evaluation.backtest import Answerer, answerer, costs, format_costs
from hemline_trainer.evaluation.baselines import BASELINES
from hemline_trainer.evaluation.benchmarks import hermes, m4, server
from hemline_trainer.evaluation.benchmarks.finetuned import Tuning, compared
from hemline_trainer.evaluation.competitors import comparison, training
from hemline_trainer.evaluation.competitors.published import HERMES_YEAR, M4_WEEKLY, format_published
from hemline_trainer.progress import Bars
from hemline_trainer.steps.run_folder import RunFolder
from hemline_trainer.training import checkpoint

HERMES_EPILOG: Final = "Example: hemline-trainer benchmark hermes --url http://127.0.0.1:8080 --data DATA"
TUNED_EPILOG: Final = "Example: hemline-trainer benchmark fine-tuned --run runs-output/demo --data DATA"
ROLLING_EPILOG: Final = "Example: hemline-trainer benchmark rolling --artifact store/trend/versions/1 --data DATA"
RIVALS_EPILOG: Final = "Example: hemline-trainer benchmark rivals --out runs-output/rivals"
M4_EPILOG: Final = "Example: hemline-trainer benchmark m4 --artifact store/trend/versions/1 --data DATA"

CheckpointOption = Annotated[
    Path | None, typer.Option("--checkpoint", help="A run folder or checkpoint, run in PyTorch.")
]
AloneOption = Annotated[bool, typer.Option("--without-influencers", help="Leave out the influencer shares of HERMES.")]
RivalsOption = Annotated[
    Path | None,
    typer.Option("--rivals", help="Folder of `benchmark rivals`; statistical forecasts are kept there too."),
]
EveryOption = Annotated[
    int, typer.Option("--arima-every", min=1, help="Run AutoARIMA, which is slow, on every n-th series only.")
]


class Net(StrEnum):
    """A network of the literature."""

    PLAIN_TFT = "plain-tft"
    PATCH_TST = "patch-tst"


benchmark = typer.Typer(help="Compares a model with published figures on real series.", no_args_is_help=True)


@benchmark.command("hermes", epilog=HERMES_EPILOG)
@one_line_failures
def benchmark_hermes(
    url: Annotated[
        str | None, typer.Option("--url", help="A running server, called through POST /v1/forecasts.")
    ] = None,
    artifact: ArtifactOption = None,
    checkpoint_folder: CheckpointOption = None,
    data: DataOption = None,
    alone: AloneOption = False,
    rivals: RivalsOption = None,
    arima_every: EveryOption = 1,
) -> None:
    """Scores 13 weeks of the 100 public HERMES series, which no model here was trained on."""
    if data is None:
        raise DataError("HERMES-100 is not part of this project: name the folder that holds hermes_f1_100/ with --data")
    if sum(source is not None for source in (url, artifact, checkpoint_folder)) != 1:
        raise typer.BadParameter("name one of --url, --artifact, --checkpoint")
    series = _series(data, alone)
    if url is not None:
        forecasts = server.ask_server(url, series)
    else:
        forecasts = hermes.ask_graph(_answerer(artifact, checkpoint_folder), series)
    typer.echo(hermes.format_report(hermes.score(forecasts, series)))
    if rivals is not None:
        rows = hermes.as_batch(series)
        said = comparison.competitor_forecasts(rivals, "hermes", series.training, rows, arima_every)
        said |= {name: line(series.training, HORIZON) for name, line in BASELINES.items()}
        ours = hermes.mase(forecasts.quantiles[..., QUANTILES.index(0.5)], series)
        theirs = {name: hermes.mase(each, series) for name, each in said.items()}
        typer.echo(comparison.format_nets(rivals))
        typer.echo(comparison.format_compared(comparison.compare(ours, theirs)))
    typer.echo(format_published("another horizon: 52 weeks, MASE", HERMES_YEAR))
    _print_costs(artifact)


@benchmark.command("m4", epilog=M4_EPILOG)
@one_line_failures
def benchmark_m4(
    artifact: ArtifactOption = None,
    checkpoint_folder: CheckpointOption = None,
    data: DataOption = None,
    rivals: RivalsOption = None,
    arima_every: EveryOption = 1,
) -> None:
    """Scores the 359 weekly series of the M4 competition, which no model here was trained on."""
    if data is None:
        raise DataError("M4 weekly is not part of this project: name the folder that holds m4_weekly/ with --data")
    if (artifact is None) == (checkpoint_folder is None):
        raise typer.BadParameter("name one of --artifact, --checkpoint")
    weekly = m4.read_weekly(data)
    ask = _answerer(artifact, checkpoint_folder)
    typer.echo(m4.format_scores(m4.score(ask, weekly)))
    if rivals is not None:
        rows, ordinary = m4.as_batch(weekly)
        said = comparison.competitor_forecasts(rivals, "m4", weekly.recent(), rows, arima_every)
        said |= {name: line(weekly.recent(), HORIZON) for name, line in BASELINES.items()}
        middle = ask(rows.inputs())["quantiles"][..., QUANTILES.index(0.5)].astype(np.float64)
        ours = np.abs(middle - weekly.test).mean(1) / ordinary
        theirs = {name: np.abs(each - weekly.test).mean(1) / ordinary for name, each in said.items()}
        typer.echo(comparison.format_nets(rivals))
        typer.echo(comparison.format_compared(comparison.compare(ours, theirs)))
    typer.echo(format_published("the same series and weeks, MASE", M4_WEEKLY))
    _print_costs(artifact)


@benchmark.command("rivals", epilog=RIVALS_EPILOG)
@one_line_failures
def benchmark_rivals(
    out: Annotated[Path, typer.Option("--out", help="Folder of the nets.")],
    steps: Annotated[int, typer.Option("--steps", min=1)] = 2000,
    batch: Annotated[int, typer.Option("--batch", min=2)] = 256,
    seed: Annotated[int, typer.Option("--seed")] = 7,
    nets: Annotated[
        list[Net] | None, typer.Option("--net", help="Train only this one; may be given several times.")
    ] = None,
) -> None:
    """Trains a plain TFT and a PatchTST on the forecaster's synthetic batches, for --rivals."""
    torch.set_num_threads(1)

    def report(step: int, loss: float) -> None:
        if step % 100 == 0:
            typer.echo(f"  step {step} of {steps}, loss {loss:.4f}")

    for name in nets or Net:
        typer.echo(name)
        training.save(training.train_competitor(name, steps, batch, seed, report), out / f"{name}.pt")


@benchmark.command("rolling", epilog=ROLLING_EPILOG)
@one_line_failures
def benchmark_rolling(
    artifact: ArtifactOption = None,
    checkpoint_folder: CheckpointOption = None,
    data: DataOption = None,
    alone: AloneOption = False,
) -> None:
    """Scores both data sets at several origins and with short histories; HERMES also 52 weeks ahead."""
    if data is None:
        raise DataError(
            "the series are not part of this project: name the folder of hermes_f1_100/ and m4_weekly/ with --data"
        )
    if (artifact is None) == (checkpoint_folder is None):
        raise typer.BadParameter("name one of --artifact, --checkpoint")
    ask = _answerer(artifact, checkpoint_folder)
    series = _series(data, alone)
    typer.echo(rolling.format_table(rolling.ask_all(ask, rolling.questions(series, m4.read_weekly(data)))))
    year, naive = (
        hermes.mase(rolling.rolled(ask, series), series).mean(),
        hermes.check_scorer(series)[hermes.TEST_WEEKS],
    )
    typer.echo(f"HERMES-100, 52 weeks by rolling four times 13: MASE {year:.4f} (seasonal naive {naive:.4f})")


@benchmark.command("fine-tuned", epilog=TUNED_EPILOG)
@one_line_failures
def benchmark_fine_tuned(
    run: NeededRun,
    steps: Annotated[int, typer.Option("--steps", min=1, help="Optimiser steps of each tuning.")] = 500,
    learning_rate: Annotated[
        float, typer.Option("--learning-rate", min=1e-6, callback=finite, help="Peak of the cosine.")
    ] = 3e-4,
    share: Annotated[
        float,
        typer.Option(
            "--share",
            min=0.05,
            max=1.0,
            callback=finite,
            help="Share of the benchmark in a batch; 0.95 for short histories.",
        ),
    ] = 0.9,
    mix: Annotated[
        float,
        typer.Option(
            "--mix",
            min=0.0,
            max=1.0,
            callback=finite,
            help="Share of these with mixup; 0.95 for short histories.",
        ),
    ] = 0.6,
    seed: Annotated[int, typer.Option("--seed", help="Of batches and dropout.")] = 7,
    data: DataOption = None,
) -> None:
    """Fine-tunes a run on the training weeks of each benchmark and scores it; the tuned weights are discarded.

    HERMES-100 and M4 weekly at 13 weeks, and HERMES with 26, 13 and 8 weeks of history. For these short histories a
    network scores only series that it was not tuned on; tuning takes three times the steps at three times the rate,
    with few synthetic rows and mostly mixup of histories under a year.
    """
    if data is None:
        raise DataError(
            "the series are not part of this project: name the folder of hermes_f1_100/ and m4_weekly/ with --data"
        )
    with Bars() as bars:
        tuning = Tuning(run, EmbeddingBank.load(RunFolder(run).bank), steps, learning_rate, share, seed, mix)
        for line in compared(tuning, data, bars.stage):
            bars.say(line)


def _series(data: Path, alone: bool) -> hermes.Series:
    series = hermes.read_series(data)
    return series.alone() if alone else series


def _answerer(artifact: Path | None, checkpoint_folder: Path | None) -> Answerer:
    """The model of an artifact or of a run."""
    if artifact is None:
        return answerer(checkpoint.load(checkpoint_folder or Path())[0])
    verify(artifact)
    return answerer(session(artifact / "forecaster.onnx"))


def _print_costs(artifact: Path | None) -> None:
    """Prints the time per row of the artifact, on one thread of ONNX Runtime."""
    if artifact is not None:
        typer.echo(format_costs(costs(session(artifact / "forecaster.onnx"))))
