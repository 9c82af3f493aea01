"""Two graphs become an artifact folder: golden answers, card and manifest beside them, then everything is proven."""

import json
import shutil
from pathlib import Path

from hemline_trainer import golden, manifest
from hemline_trainer.card import card
from hemline_trainer.verify import verify

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
    """Builds the artifact folder `out` from the graphs that lie in `graphs`.

    Args:
        graphs: folder with forecaster.onnx and image_encoder.onnx.
        out: replaced as a whole.
        model: name of the model in the store.
        created: RFC 3339 moment in UTC.
        training: where the forecaster comes from.
        backtest: measured figures with baselines.
        notes: sentences for the card.

    Returns:
        The artifact's digest.
    """
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    for name in GRAPHS:
        shutil.copyfile(graphs / name, out / name)
    answers = golden.golden(out / "forecaster.onnx", out / "image_encoder.onnx", training.seed)
    (out / "golden.json").write_text(json.dumps(answers, separators=(",", ":")) + "\n", encoding="utf-8")
    described = manifest.manifest(out, model, created, training, backtest)
    (out / "card.md").write_text(card(described, notes), encoding="utf-8")
    manifest.write(out, manifest.manifest(out, model, created, training, backtest))
    verify(out)
    return manifest.digest(out)
