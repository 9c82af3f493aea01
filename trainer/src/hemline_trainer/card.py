"""The model card: what a model is for, what it learned from, how good it is beside simple rivals, where it ends."""

from hemline_trainer.manifest import Json


def card(manifest: Json, notes: list[str]) -> str:
    """Writes the card of a manifest that lacks only the card itself; `notes` are added as they are."""
    training = manifest["training"]
    levels = ", ".join(str(level) for level in manifest["quantile_levels"])
    data = (
        "**SYNTHETIC.** Every series and every garment image it learned from was made by a program from a seed. "
        "No post, person or shop is in it."
        if training["synthetic"]
        else "See the training run; it includes observed series."
    )
    return "\n".join(
        [
            f"# {manifest['model']}: a forecaster of fashion trends",
            "",
            f"Forecasts the weekly volume of a trend {manifest['horizon']} weeks ahead at the quantiles {levels},",
            "says whether it rises, stays or falls, and what drove the forecast.",
            "",
            "## Data",
            data,
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
            "- At most four years of weeks are seen; under one year of history the forecast leans on attributes",
            "  and image and is less sure.",
            "- It knows yearly seasons only, and no events that have not happened yet.",
            "- The band is calibrated on the data named above; on other data check coverage before trusting it.",
            "- Drivers say what the model weighed, not what caused the trend.",
            "",
        ]
    )


def _figures(backtest: list[Json]) -> list[str]:
    if not backtest:
        return ["None were measured for this model."]
    lines: list[str] = []
    for entry in backtest:
        names = list(entry["metrics"])
        lines += ["", f"Data set `{entry['dataset']}`:", "", "| | " + " | ".join(names) + " |"]
        lines.append("|---|" + "---|" * len(names))
        lines.append(_row("this model", entry["metrics"], names))
        lines += [_row(name, figures, names) for name, figures in entry["baselines"].items()]
    return lines[1:]


def _row(title: str, figures: dict[str, float], names: list[str]) -> str:
    cells = [f"{figures[name]:.4g}" if name in figures else "" for name in names]
    return f"| {title} | " + " | ".join(cells) + " |"
