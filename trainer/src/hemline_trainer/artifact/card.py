"""The model card: what a model is for, what it learned from, how good it is beside simple rivals, where it ends."""

from typing import Final

from hemline_trainer.artifact.manifest import Json

SHOWN: Final = ("mase", "mae_trend_score", "precision_called", "called_share", "coverage")
"""Figures that the card shows; the manifest holds all."""

SYNTHETIC: Final = """**SYNTHETIC.** Every series and every garment image it learned from was made
by a program from a seed. No post, person or shop is in it."""

LEGEND: Final = """`mase`: the error beside that of last year's weeks.
`mae_trend_score`: the error of the 13-week change.
`precision_called`: the share of rising and falling calls that came true; where none was made there is none.
`called_share`: how many were called.
`coverage`: the share of weeks within the band. The synthetic draws were never learned from. HERMES-100, where it stands
below, is real and was never learned from either, but settings were chosen after its figures had been seen."""


def card(manifest: Json, notes: list[str]) -> str:
    """Writes the card of a manifest that lacks only the card itself; `notes` are added as they are."""
    training, levels = manifest["training"], manifest["quantile_levels"]
    named = ", ".join(str(level) for level in levels)
    learned = SYNTHETIC if training["synthetic"] else "Observed series are among what it learned from."
    return "\n".join(
        [
            f"# {manifest['model']}: a forecaster of fashion trends",
            "",
            f"Forecasts the weekly volume of a trend {manifest['horizon']} weeks ahead at the quantiles {named},",
            "says whether it rises, stays or falls, and what drove the forecast.",
            "",
            "## Data",
            learned,
            f"Fingerprint `{training['data_fingerprint']}`, seed {training['seed']}.",
            "",
            "## Figures",
            *_figures(manifest["backtest"]),
            "",
            "## Made by",
            f"Commit `{training['git_commit'] or 'unknown'}`, tracked run `{training['mlflow_run_id'] or 'none'}`,",
            f"{manifest['created']}.",
            "",
            "## Notes",
            *[f"- {note}" for note in notes],
            "",
            "## Limits",
            "- At most four years of weeks are seen; under one year of history the forecast leans on the time of",
            "  the year, attributes and image, and is less sure.",
            "- It knows yearly seasons only, and no events that have not happened yet.",
            f"- The band from {levels[0]} to {levels[-1]} should hold {levels[-1] - levels[0]:.0%} of the weeks;",
            "  `coverage` tells what it held.",
            "- Drivers say what the model weighed, not what caused the trend.",
            "",
        ]
    )


def _figures(backtest: list[Json]) -> list[str]:
    if not backtest:
        return ["None were measured for this model."]
    lines = [LEGEND]
    for entry in backtest:
        names = [name for name in SHOWN if name in entry["metrics"] or _uncalled(name, entry["metrics"])]
        lines += ["", f"Data set `{entry['dataset']}`:", "", "| | " + " | ".join(names) + " |"]
        lines.append("|---|" + "---|" * len(names))
        lines.append(_row("this model", entry["metrics"], names))
        lines += [_row(name, figures, names) for name, figures in entry["baselines"].items()]
    return lines


def _row(title: str, figures: dict[str, float], names: list[str]) -> str:
    cells = ["no calls" if _uncalled(name, figures) else _cell(figures, name) for name in names]
    return f"| {title} | " + " | ".join(cells) + " |"


def _cell(figures: dict[str, float], name: str) -> str:
    return f"{figures[name]:.4g}" if name in figures else ""


def _uncalled(name: str, figures: dict[str, float]) -> bool:
    """Whether it is the precision of calls that were never made."""
    return name == "precision_called" and name not in figures and figures.get("called_share") == 0
