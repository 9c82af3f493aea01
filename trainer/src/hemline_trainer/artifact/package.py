"""Two graphs become an artifact folder: golden answers, card and manifest beside them, then everything is proven."""

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
    """Builds the artifact folder `out` from the graphs in `graphs`; beside it first, so that `out` is never a part.

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
    with workshop(out.parent, f".{out.name}-") as scratch:
        made = scratch / "made"
        made.mkdir()
        for name in GRAPHS:
            shutil.copyfile(graphs / name, made / name)
        answers = golden.golden(made / "forecaster.onnx", made / "image_encoder.onnx", training.seed)
        text = dumps(answers, "golden.json", separators=(",", ":"))
        (made / "golden.json").write_text(text + "\n", encoding="utf-8")
        described = manifest.manifest(made, model, created, training, backtest)
        (made / "card.md").write_text(card(described, notes), encoding="utf-8")
        manifest.write(made, manifest.manifest(made, model, created, training, backtest))
        verify(made)
        place(made, out)
    return manifest.digest(out)
