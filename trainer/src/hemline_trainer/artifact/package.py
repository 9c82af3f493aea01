"""Builds an artifact folder from two graphs: golden answers, model card and manifest are added and verified."""

import shutil
from pathlib import Path

from hemline_trainer.artifact import golden, manifest
from hemline_trainer.artifact.card import card
from hemline_trainer.artifact.verify import verify
from hemline_trainer.files.durable import place, workshop
from hemline_trainer.files.strict_json import dumps

GRAPHS = ("forecaster.onnx", "image_encoder.onnx")


def package(
    graphs: Path,
    out: Path,
    *,
    model: str,
    created: str,
    training: manifest.Training,
    backtest: list[manifest.Backtest],
    notes: list[str],
) -> str:
    """Builds the artifact folder `out` from the graphs in `graphs`, and replaces `out` atomically.

    Args:
        graphs: folder with forecaster.onnx and image_encoder.onnx.
        out: artifact folder, replaced if it exists.
        model: name of the model in the store.
        created: RFC 3339 moment in UTC.
        training: provenance of the forecaster.
        backtest: metrics with baselines.
        notes: sentences for the card.

    Returns:
        The artifact's digest.
    """
    with workshop(out.parent, f".{out.name}-") as scratch:
        staged = scratch / "made"
        staged.mkdir()
        for name in GRAPHS:
            shutil.copyfile(graphs / name, staged / name)
        golden_pairs = golden.golden(staged / "forecaster.onnx", staged / "image_encoder.onnx", training.seed)
        text = dumps(golden_pairs, "golden.json", separators=(",", ":"))
        (staged / "golden.json").write_text(text + "\n", encoding="utf-8")
        described = manifest.manifest(staged, model, created, training, backtest)
        (staged / "card.md").write_text(card(described, notes), encoding="utf-8")
        manifest.write(staged, manifest.manifest(staged, model, created, training, backtest))
        verify(staged)
        place(staged, out)
    return manifest.digest(out)
