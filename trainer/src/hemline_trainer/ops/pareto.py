"""The Pareto front of a study: trials that no other one beats at both accuracy and cost; as table, JSON and picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from hemline_trainer.files.strict_json import dumps
from hemline_trainer.ops.search_space import Value

FORMAT: Final = 1


@dataclass(frozen=True)
class Tried:
    """A trial that came to an end. Immutable.

    Attributes:
        number: of the trial in its study.
        params: what was drawn.
        mase: on the validation rows; None where it was stopped before it had one.
        cost: microseconds per row.
        stopped_at: step at which the rule stopped it; None where it was trained to the end.
        run: MLflow id, empty where it was not tracked.
    """

    number: int
    params: Mapping[str, Value] = field(default_factory=dict)
    mase: float | None = None
    cost: float | None = None
    stopped_at: int | None = None
    run: str = ""

    @property
    def finished(self) -> bool:
        """Whether it was trained to the end."""
        return self.stopped_at is None and self.mase is not None and self.cost is not None

    def beats(self, other: "Tried") -> bool:
        """Whether it is at least as good at both, and better at one."""
        ours, theirs = (self.mase or 0.0, self.cost or 0.0), (other.mase or 0.0, other.cost or 0.0)
        return all(a <= b for a, b in zip(ours, theirs, strict=True)) and ours != theirs


def front(tried: Sequence[Tried]) -> list[Tried]:
    """Finished trials that none beats, the cheapest first; of equals the first one."""
    finished = sorted((each for each in tried if each.finished), key=lambda each: (each.cost, each.mase, each.number))
    kept: list[Tried] = []
    for each in finished:
        if not kept or (each.mase or 0.0) < (kept[-1].mase or 0.0):
            kept.append(each)
    return kept


def best(tried: Sequence[Tried], dearest: float | None) -> Tried | None:
    """The most accurate of the front that costs at most `dearest` microseconds per row; None where there is none."""
    within = [each for each in front(tried) if dearest is None or (each.cost or 0.0) <= dearest]
    return within[-1] if within else None


def format_front(tried: Sequence[Tried], chosen: Tried | None) -> str:
    """A plain table of the front, the chosen trial marked."""
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
        for each in front(tried)
    ]
    widths = [max(len(row[place]) for row in [head, *rows]) for place in range(len(head))]
    table = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in [head, *rows]]
    stopped = sum(each.stopped_at is not None for each in tried)
    finished = sum(each.finished for each in tried)
    return "\n".join(
        [*table, f"{finished} trials trained to the end, {stopped} stopped early, {len(rows)} on the front"]
    )


def as_json(study: str, tried: Sequence[Tried], chosen: Tried | None) -> dict[str, Any]:
    """Every trial, and which of them are on the front."""
    numbers = [each.number for each in front(tried)]
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
            for each in tried
        ],
    }


def write_json(path: Path, study: str, tried: Sequence[Tried], chosen: Tried | None) -> None:
    """Writes `as_json`."""
    path.write_text(dumps(as_json(study, tried, chosen), path.name, indent=2) + "\n", encoding="utf-8")


def draw(path: Path, study: str, tried: Sequence[Tried], chosen: Tried | None) -> None:
    """Writes a PNG: every finished trial, the front as a staircase, the chosen one named."""
    # Imported here: the command line starts without it.
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(7, 4.5), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    on = front(tried)
    axes.scatter(*_points([each for each in tried if each.finished and each not in on]), s=18, c="#999", label="beaten")
    axes.step(*_points(on), where="post", color="#b03060", lw=1)
    axes.scatter(*_points(on), s=34, c="#b03060", label="Pareto front")
    for each, cost, mase in zip(on, *_points(on), strict=True):
        axes.annotate(str(each.number), (cost, mase), (4, 4), textcoords="offset points")
    if chosen is not None:
        axes.scatter(*_points([chosen]), s=130, facecolors="none", edgecolors="black", label="best.toml")
    axes.set_xlabel("microseconds per row, one thread of ONNX Runtime")
    axes.set_ylabel("MASE on validation rows")
    axes.set_title(f"study {study}")
    figure.legend(loc="outside lower center", ncols=3, frameon=False)
    figure.savefig(path, dpi=120, format="png", metadata={"Software": None})


def _points(tried: Sequence[Tried]) -> tuple[list[float], list[float]]:
    """Costs and MASEs of finished trials."""
    return [each.cost or 0.0 for each in tried], [each.mase or 0.0 for each in tried]
