"""`evaluate`: back-tests a run or an artifact beside baselines."""

from typing import Annotated, Final

import typer

from hemline_trainer.artifact.verify import verify
from hemline_trainer.cli.options import ArtifactOption, DataOption, RunOption, ShardsOption, hold_outs, one_of
from hemline_trainer.evaluation.backtest import format_table
from hemline_trainer.pipeline import Pipeline
from hemline_trainer.progress import Bars
from hemline_trainer.steps.evaluate import ROWS, Evaluation, backtests
from hemline_trainer.steps.export import summary
from hemline_trainer.training.embed import fill_bank
from hemline_trainer.training.encoder import EncoderTraining

EPILOG: Final = "Example: hemline-trainer evaluate --run runs-output/demo"


def evaluate(
    run: RunOption = None,
    artifact: ArtifactOption = None,
    rows: Annotated[int, typer.Option("--rows", min=16, help="Synthetic trends per data set.")] = ROWS,
    data: DataOption = None,
    shards: ShardsOption = None,
) -> None:
    """Back-tests a run or an artifact beside baselines, forecasts that need no training.

    The data are the last 13 weeks of own series if it was trained on any, synthetic draws that it never saw, and
    HERMES-100 where --data holds it. A run keeps the figures for its model card. wql is the weighted quantile loss of
    Amazon Forecast and GluonTS: the mean over the quantiles of twice the pinball loss / |volume|, each summed over all
    trends.
    """
    folder, is_run = one_of(run, artifact)
    with Bars() as bars:
        if is_run:
            pipeline = Pipeline(folder, bars)
            bars.say(summary("forecaster.onnx", pipeline.export()))
            tests = pipeline.evaluate(Evaluation(rows, data, shards))
        else:
            seed = abs(int(verify(folder)["training"]["seed"]))  # the format knows negative ones, NumPy does not
            size = EncoderTraining().bank
            bank = fill_bank(folder / "image_encoder.onnx", seed, size, bars.stage("embedding bank"))
            kept = hold_outs(None, folder, shards, rows)
            tests = backtests(folder / "forecaster.onnx", bank, rows, seed, data, kept)
    typer.echo(format_table(tests))
