"""The model card: purpose, training data, metrics beside the baselines, and limits."""

from typing import Final

from hemline_trainer.artifact.manifest import Json

SHOWN: Final = ("mase", "mae_trend_score", "precision_called", "called_share", "coverage")
"""Metrics on the card; the manifest holds all."""

SYNTHETIC: Final = """**SYNTHETIC.** Every series and every garment image of the training data was generated
by a program from a seed. It contains no post, person or shop."""

LEGEND: Final = """`mase`: mean absolute error ÷ mean absolute change over a year.
`mae_trend_score`: mean absolute error of the 13-week change.
`precision_called`: share of rising and falling calls that came true; undefined without calls.
`called_share`: share of trends called rising or falling.
`coverage`: share of weeks within the band. The synthetic data sets are disjoint from the training data. HERMES-100,
if listed, is observed data that no model was trained on, but settings were chosen after its results were known."""


def card(manifest: Json, notes: list[str]) -> str:
    """The card of a manifest without its entry for the card; `notes` are added verbatim."""
    training, levels = manifest["training"], manifest["quantile_levels"]
    named = ", ".join(str(level) for level in levels)
    learned = SYNTHETIC if training["synthetic"] else "The training data contain observed series."
    return "\n".join(
        [
            f"# {manifest['model']}: a forecaster of fashion trends",
            "",
            f"Forecasts the weekly volume of a trend {manifest['horizon']} weeks ahead at the quantiles {named},",
            "classifies it as rising, stable or falling, and weighs the drivers of the forecast.",
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
            "- At most four years of weeks are used; under one year of history the forecast relies on the time of",
            "  the year, attributes and image, and is less certain.",
            "- Only yearly seasons are modelled, and no future events.",
            f"- The band from {levels[0]} to {levels[-1]} should hold {levels[-1] - levels[0]:.0%} of the weeks;",
            "  `coverage` is the observed share.",
            "- Driver weights describe the model, not the causes of the trend.",
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
    """Whether it is the precision of a model without calls."""
    return name == "precision_called" and name not in figures and figures.get("called_share") == 0
