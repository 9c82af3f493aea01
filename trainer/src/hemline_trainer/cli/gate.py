"""`gate`: what `publish` would say of a candidate, without publishing it."""

from typing import Annotated, Final

import typer

from hemline_trainer.artifact.verify import verify
from hemline_trainer.cli.failures import REFUSED
from hemline_trainer.cli.options import (
    ArtifactOption,
    DataOption,
    ModelOption,
    RunOption,
    ShardsOption,
    StoreOption,
    WorseOption,
    hold_outs,
    one_of,
    packaged,
)
from hemline_trainer.evaluation.gate import format_checks
from hemline_trainer.evaluation.gate_report import Limits
from hemline_trainer.files.strict_json import dumps
from hemline_trainer.pipeline import Pipeline
from hemline_trainer.progress import Bars
from hemline_trainer.steps import gate as step
from hemline_trainer.store.open import open_store

EPILOG: Final = """Example: hemline-trainer gate --run runs-output/demo --store store

Example: hemline-trainer gate --artifact mine/artifact --store s3://models/fashion --channel canary --json"""


def gate(
    store: StoreOption,
    run: RunOption = None,
    artifact: ArtifactOption = None,
    model: ModelOption = "trend",
    channel: Annotated[str, typer.Option("--channel", help="The candidate is compared with its version.")] = "stable",
    data: DataOption = None,
    shards: ShardsOption = None,
    worse: WorseOption = 0.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the checks as JSON.")] = False,
) -> None:
    """Makes the checks of `publish`: exit code 0 when a candidate may be published, 1 with a table of failed checks.

    Accuracy: on rows that no training step has seen (the last 13 weeks of own series if it was trained on any, two
    synthetic data sets, HERMES-100 where --data holds it) its MASE must be below that of every baseline, by the upper
    end of a paired bootstrap's 95 % interval; it must not be shown worse than the live version on any of them, and must
    beat it in the mean over the data sets, each of the same weight. --worse-than-live 0.01 lets a routine retraining be
    at most 1 % worse in that mean instead.
    Calls: the 95 % interval of their precision reaches 0.9, and they are at least a third as many as the candidate's
    own forecasts support at 0.9, so a model that calls every trend stable does not pass.
    Coverage: within 0.10 of the nominal coverage of the band. Latency: at most 1.25 times the live version's
    microseconds per row, both measured in turn. Drift: on the live version's golden questions the 13-week mean moves by
    at most 25 % in the median, and at most one call in ten changes its sign.
    """
    target = open_store(store, model)
    folder, is_run = one_of(run, artifact)
    with Bars() as bars:
        pipeline = packaged(Pipeline(folder, bars), model, shards) if is_run else None
        folder = pipeline.run.artifact if pipeline is not None else folder
        verify(folder, model)
        limits = Limits(worse_than_live=worse)
        report = step.gate(
            folder,
            target,
            channel,
            limits=limits,
            progress=bars.stage("gate"),
            data=data,
            hold_outs=hold_outs(pipeline, folder, shards, limits.rows),
        )
    typer.echo(dumps(report.as_json(), "the checks", indent=2) if as_json else format_checks(report))
    if not report.passed:
        raise typer.Exit(REFUSED)
