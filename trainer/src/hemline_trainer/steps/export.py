"""Step `export`: the checkpoint becomes an ONNX graph that was compared with PyTorch."""

from dataclasses import asdict, replace
from typing import Final

import onnx
import torch

from hemline_trainer.artifact.equivalence import GraphReport
from hemline_trainer.artifact.export import export_forecaster
from hemline_trainer.contract import FORECASTER, OPSET
from hemline_trainer.files.digest import sha256
from hemline_trainer.files.durable import sync, workshop
from hemline_trainer.steps.run_folder import Inputs, RunFolder
from hemline_trainer.training import checkpoint

VERSION: Final = 1
"""Raised when equal inputs give another graph."""


def export(run: RunFolder) -> GraphReport:
    """Writes forecaster.onnx; figures of another graph are dropped. A graph of the same checkpoint is kept."""
    model, _ = checkpoint.load(run.path)
    inputs: Inputs = {
        "version": VERSION,
        "checkpoint": sha256(run.checkpoint),
        "opset": OPSET,
        "torch": str(torch.__version__),
        "onnx": onnx.__version__,
    }
    record = run.current("export", inputs)
    if record is not None:
        return GraphReport(run.forecaster, FORECASTER, **record.result)
    before = sha256(run.forecaster) if run.forecaster.is_file() else ""
    with workshop(run.path, ".export-") as made:
        report = export_forecaster(model, made / run.forecaster.name)
        if sha256(report.path) != before:
            run.backtest.unlink(missing_ok=True)  # first, lest a killed export leaves figures of another graph
        report.path.replace(run.forecaster)
    sync(run.path)
    figures = asdict(replace(report, differences=dict(report.differences)))
    del figures["path"], figures["signature"]
    run.record("export", inputs, [run.forecaster], figures)
    return replace(report, path=run.forecaster)


def summary(name: str, report: GraphReport) -> str:
    """One line on an exported graph and its distance from PyTorch."""
    return (
        f"{name}: {report.nodes} nodes, {report.size:,} bytes, IR {report.ir_version}, opset {report.opset}, "
        f"at most {report.max_abs_difference:.1e} from PyTorch over {len(report.differences)} batches "
        f"(allowed {report.atol:g} + {report.rtol:g} relative)"
    )
