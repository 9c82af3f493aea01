"""The demo: two versions of a model and a feature snapshot, all from one seed.

    dataset → train for an eighth of the steps → export → evaluate → package → publish 1
          └─→ train as configured              → export → evaluate → package → publish 2, stable
          └─→ snapshot

The gate is left out: it would refuse version 1, which is there to be replaced.

Everything is written to a fresh folder beside the target, which it replaces at the end.
"""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from hemline_trainer.config import Config
from hemline_trainer.data.embeddings import EmbeddingBank
from hemline_trainer.data.synthetic.snapshot import LAST_WEEK, write_snapshot
from hemline_trainer.files.durable import place, workshop
from hemline_trainer.ops.tracking import Untracked
from hemline_trainer.pipeline import Pipeline
from hemline_trainer.progress import Bars, format_figures
from hemline_trainer.steps.evaluate import Evaluation
from hemline_trainer.steps.export import summary
from hemline_trainer.store.folder import ModelStore, Published
from hemline_trainer.training.encoder import EncoderTraining

README = """# The demo

SYNTHETIC throughout: the model learned from series and garment pictures that a program drew, and the {trends} trends of
`features.jsonl.gz` (fictional hashtags, last week {last_week}) come from the same program. Nothing here was observed.

Made by `hemline-trainer demo` (`make demo`) from seed {seed}; on one machine the same seed gives the same ONNX files.

| | |
|---|---|
| `store/` | two versions of the model `trend`: 1 after {short} steps, 2 after {steps}; `stable` points at 2 |
| `features.jsonl.gz` | one trend a line, embeddings by the encoder of both versions |

Figures and limits stand in each version's `card.md`.
"""


@dataclass(frozen=True)
class Demo:
    """What the demo is made of. Immutable.

    Attributes:
        config: of version 2; version 1 gets an eighth of its steps.
        encoder: how both versions' image encoder is trained.
        trends: in the snapshot.
        backtest_rows: per back-test.
        data: folder with HERMES-100, if it is at hand.
    """

    config: Config
    encoder: EncoderTraining
    trends: int = 300
    backtest_rows: int = 512
    data: Path | None = None


def make_demo(demo: Demo, out: Path, bars: Bars) -> list[Published]:
    """Makes the demo and puts it where `out` is.

    Returns:
        The two publications.
    """
    with workshop(out.parent, f".{out.name}-") as kept:
        work, made = kept / "work", kept / "made"
        training = demo.config.training
        short = replace(training, steps=max(1, training.steps // 8), warmup=training.warmup // 8)
        first = Pipeline(work / "1", bars)
        first.dataset(demo.config, demo.encoder)
        shutil.copytree(work / "1", work / "2")
        second = Pipeline(work / "2", bars)
        store = ModelStore(made / "store")
        published = [
            _publish(first, replace(demo.config, training=short), demo, store),
            _publish(second, demo.config, demo, store),
        ]
        store.promote(published[-1].version)
        trends = write_snapshot(
            made / "features.jsonl.gz", EmbeddingBank.load(second.run.bank), demo.config.seed, demo.trends
        )
        readme = README.format(
            trends=trends, last_week=LAST_WEEK, seed=demo.config.seed, short=short.steps, steps=training.steps
        )
        (made / "README.md").write_text(readme, encoding="utf-8")
        place(made, out)
    return published


def _publish(pipeline: Pipeline, config: Config, demo: Demo, store: ModelStore) -> Published:
    """Takes one run from its data set to the store."""
    pipeline.train(pipeline.dataset(config, demo.encoder), Untracked(), resume=False)
    pipeline.bars.say(summary("forecaster.onnx", pipeline.export()))
    for test in pipeline.evaluate(Evaluation(demo.backtest_rows, demo.data)):
        pipeline.bars.say(f"{test.dataset}: {format_figures(test.metrics)}")
    published = store.publish(pipeline.package())
    pipeline.bars.say(f"published {published.model} {published.version}, digest {published.digest}")
    return published
