"""Step `package`: graphs, golden answers, model card and manifest become one artifact folder."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from hemline_trainer.artifact import manifest
from hemline_trainer.artifact.foreign import Foreign
from hemline_trainer.artifact.package import package
from hemline_trainer.artifact.signature_check import check_forecaster, check_image_encoder
from hemline_trainer.data.dataset import OWN
from hemline_trainer.data.embeddings import EmbeddingBank
from hemline_trainer.errors import ArtifactRejected, CheckpointError, DataError
from hemline_trainer.files.digest import sha256
from hemline_trainer.files.strict_json import loads
from hemline_trainer.progress import format_figures
from hemline_trainer.steps.evaluate import backtests, described
from hemline_trainer.steps.run_folder import Inputs, RunFolder
from hemline_trainer.training import checkpoint
from hemline_trainer.training.embed import sight

VERSION: Final = 1
"""Raised when equal inputs give another artifact."""

Read = TypeVar("Read")


def package_run(run: RunFolder, model: str) -> str:
    """Builds the artifact of a run; one that was built from the same graphs, figures and origin is kept.

    Returns:
        The digest.

    Raises:
        CheckpointError: training did not come to its end.
    """
    saved = checkpoint.read(run.path).checkpoint
    if not saved.finished:
        raise CheckpointError(f"{saved.path}: stopped at step {saved.step}; finish it with train --resume")
    training = _read(run.origin, lambda content: manifest.Training(**content))
    backtest = _read(run.backtest, _figures) if run.backtest.is_file() else []
    inputs: Inputs = {
        "version": VERSION,
        "format_version": manifest.FORMAT_VERSION,
        "model": model,
        "forecaster": sha256(run.forecaster),
        "image_encoder": sha256(run.image_encoder),
        "bank": sha256(run.bank),
        "origin": sha256(run.origin),
        "backtest": sha256(run.backtest) if run.backtest.is_file() else None,
    }
    if run.current("package", inputs) is not None:
        return manifest.digest(run.artifact)
    digest = package(
        run.path,
        run.artifact,
        model=model,
        created=_created(run, model, training, backtest) or _now(),
        training=training,
        backtest=backtest,
        notes=_notes(run, saved.metrics, backtest),
    )
    run.record("package", inputs, [run.artifact / manifest.MANIFEST])
    return digest


def package_foreign(description: Foreign, graph: Path, out: Path, *, model: str, rows: int, data: Path | None) -> str:
    """Checks a graph that was made elsewhere, measures it, and builds the artifact folder `out`.

    Returns:
        The digest.
    """
    check_forecaster(graph)
    check_image_encoder(description.image_encoder)
    measured = [described(test) for test in backtests(graph, None, rows, description.training.seed, data)]
    with tempfile.TemporaryDirectory(prefix="hemline-") as scratch:
        graphs = Path(scratch)
        shutil.copyfile(graph, graphs / "forecaster.onnx")
        shutil.copyfile(description.image_encoder, graphs / "image_encoder.onnx")
        return package(
            graphs,
            out,
            model=model,
            created=description.created or _now(),
            training=description.training,
            backtest=[*description.backtest, *measured],
            notes=[
                "Its forecaster was made outside this project; the figures on synthetic data were measured here.",
                *description.notes,
            ],
        )


def _notes(run: RunFolder, metrics: dict[str, float], backtest: list[manifest.Backtest]) -> list[str]:
    probe = format_figures(sight(EmbeddingBank.load(run.bank)))
    notes = [f"Reading the image embeddings linearly gives {probe} on renders never seen."]
    if metrics.get("synthetic_called_share") == 0:
        notes.append("It makes no calls: none were shown to be right often enough, so every trend is stable.")
    if any(entry.dataset == OWN for entry in backtest):
        notes.append(f"`{OWN}` are the last weeks of the series that it learned from; no training step has seen them.")
    return notes


def _created(run: RunFolder, model: str, training: manifest.Training, backtest: list[manifest.Backtest]) -> str:
    """When the artifact in the run folder was created, if it has the same content, so that its digest stays."""
    try:
        document = manifest.read(run.artifact)
        digests = {entry["path"]: entry["sha256"] for entry in document["files"]}
        same = (
            document["model"] == model
            and document["training"] == asdict(training)
            and document["backtest"] == [asdict(entry) for entry in backtest]
            and digests["forecaster.onnx"] == sha256(run.forecaster)
            and digests["image_encoder.onnx"] == sha256(run.image_encoder)
        )
        return str(document["created"]) if same else ""
    except (ArtifactRejected, KeyError, TypeError):
        return ""


def _figures(content: Any) -> list[manifest.Backtest]:  # noqa: ANN401 - from a file
    return [manifest.Backtest(**entry) for entry in content]


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _read(path: Path, form: Callable[[Any], Read]) -> Read:
    """Reads a file that an earlier step wrote."""
    try:
        return form(loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, TypeError) as error:
        raise DataError(f"{path}: is not what this trainer wrote there ({error})") from error
