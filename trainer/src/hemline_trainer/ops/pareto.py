"""The Pareto front of a study: trials not dominated in accuracy and cost; as table, JSON and plot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from hemline_trainer.files.strict_json import dumps
from hemline_trainer.ops.search_space import Value

FORMAT: Final = 1


@dataclass(frozen=True)
class CompletedTrial:
    """A finished or pruned trial. Immutable.

    Attributes:
        number: of the trial in its study.
        params: sampled settings.
        mase: on the validation rows; None if pruned.
        cost: microseconds per row.
        stopped_at: step of the pruning; None if trained to the end.
        run: MLflow id, empty without tracking.
    """

    number: int
    params: Mapping[str, Value] = field(default_factory=dict)
    mase: float | None = None
    cost: float | None = None
    stopped_at: int | None = None
    run: str = ""

    @property
    def finished(self) -> bool:
        """Whether the trial was trained to the end."""
        return self.stopped_at is None and self.mase is not None and self.cost is not None

    def dominates(self, other: "CompletedTrial") -> bool:
        """Whether it is at least as good in both objectives and better in one."""
        ours, theirs = (self.mase or 0.0, self.cost or 0.0), (other.mase or 0.0, other.cost or 0.0)
        return all(a <= b for a, b in zip(ours, theirs, strict=True)) and ours != theirs


def pareto_front(trials: Sequence[CompletedTrial]) -> list[CompletedTrial]:
    """Non-dominated finished trials, the cheapest first; of equal trials the first."""
    finished = sorted((each for each in trials if each.finished), key=lambda each: (each.cost, each.mase, each.number))
    kept: list[CompletedTrial] = []
    for each in finished:
        if not kept or (each.mase or 0.0) < (kept[-1].mase or 0.0):
            kept.append(each)
    return kept


def best(trials: Sequence[CompletedTrial], max_cost: float | None) -> CompletedTrial | None:
    """The most accurate trial of the front up to a cost in microseconds per row; None if there is none."""
    within = [each for each in pareto_front(trials) if max_cost is None or (each.cost or 0.0) <= max_cost]
    return within[-1] if within else None


def format_front(trials: Sequence[CompletedTrial], chosen: CompletedTrial | None) -> str:
    """A text table of the front, with the chosen trial marked."""
    names = ("trunk", "token", "dropout", "learning_rate", "weight_decay", "market_share")
    head = ["", "trial", "MASE", "us/row", *names]
    rows = [
        [
            "*" if each is chosen else "",
            str(each.number),
            f"{each.mase:.4f}",
            f"{each.cost:.1f}",
            *(f"{each.params[name]:.4g}" for name in names),
        ]
        for each in pareto_front(trials)
    ]
    widths = [max(len(row[place]) for row in [head, *rows]) for place in range(len(head))]
    table = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in [head, *rows]]
    stopped = sum(each.stopped_at is not None for each in trials)
    finished = sum(each.finished for each in trials)
    return "\n".join(
        [*table, f"{finished} trials trained to the end, {stopped} stopped early, {len(rows)} on the front"]
    )


def as_json(study: str, trials: Sequence[CompletedTrial], chosen: CompletedTrial | None) -> dict[str, Any]:
    """All trials and the numbers of those on the front."""
    numbers = [each.number for each in pareto_front(trials)]
    return {
        "format": FORMAT,
        "study": study,
        "front": numbers,
        "best": None if chosen is None else chosen.number,
        "trials": [
            {
                "trial": each.number,
                "mase": each.mase,
                "us_per_row": each.cost,
                "stopped_at": each.stopped_at,
                "mlflow_run_id": each.run,
                "params": dict(each.params),
            }
            for each in trials
        ],
    }


def write_json(path: Path, study: str, trials: Sequence[CompletedTrial], chosen: CompletedTrial | None) -> None:
    """Writes `as_json`."""
    path.write_text(dumps(as_json(study, trials, chosen), path.name, indent=2) + "\n", encoding="utf-8")


def draw(path: Path, study: str, trials: Sequence[CompletedTrial], chosen: CompletedTrial | None) -> None:
    """Writes a PNG: finished trials, the front as a step line, the chosen trial."""
    # Imported on use, since the import takes half a second.
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(7, 4.5), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    on_front = pareto_front(trials)
    axes.scatter(
        *_points([each for each in trials if each.finished and each not in on_front]), s=18, c="#999", label="dominated"
    )
    axes.step(*_points(on_front), where="post", color="#b03060", lw=1)
    axes.scatter(*_points(on_front), s=34, c="#b03060", label="Pareto front")
    for each, cost, mase in zip(on_front, *_points(on_front), strict=True):
        axes.annotate(str(each.number), (cost, mase), (4, 4), textcoords="offset points")
    if chosen is not None:
        axes.scatter(*_points([chosen]), s=130, facecolors="none", edgecolors="black", label="best.toml")
    axes.set_xlabel("microseconds per row, one thread of ONNX Runtime")
    axes.set_ylabel("MASE on validation rows")
    axes.set_title(f"study {study}")
    figure.legend(loc="outside lower center", ncols=3, frameon=False)
    figure.savefig(path, dpi=120, format="png", metadata={"Software": None})


def _points(trials: Sequence[CompletedTrial]) -> tuple[list[float], list[float]]:
    """Cost and MASE of finished trials."""
    return [each.cost or 0.0 for each in trials], [each.mase or 0.0 for each in trials]
