"""Publication of an artifact that the evaluation gate refused, with the reason on its model card."""

import shutil
from pathlib import Path
from typing import Final

from hemline_trainer.artifact import manifest
from hemline_trainer.errors import ArtifactRejected, ConfigError
from hemline_trainer.evaluation.gate import format_checks
from hemline_trainer.evaluation.gate_report import GateReport

HEADING: Final = "## Published against the evaluation gate"


def forced(artifact: Path, report: GateReport, reason: str, to: Path) -> Path:
    """Copies an artifact to the folder `to` and adds reason and failed checks to its card; deterministic.

    Raises:
        ConfigError: no reason, or a signature that the new card would break.
    """
    if not reason.strip():
        raise ConfigError("--force needs a reason: it stands on the model card")
    if (artifact / manifest.SIGNATURE).exists():
        raise ConfigError("the artifact is signed, and a forced publication changes its card: publish it unsigned")
    folder = Path(shutil.copytree(artifact, to))
    card = folder / "card.md"
    broken = [f"- {check.rule}: {check.found}, must be {check.limit}" for check in report.checks if not check.passed]
    added = "\n".join(["", HEADING, f"Reason: {reason.strip()}", "", *broken, ""])
    try:
        card.write_text(card.read_text(encoding="utf-8") + added, encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ArtifactRejected(f"{card.name} is not UTF-8 text, so no reason can be added to it") from error
    document = manifest.read(folder)
    for entry in document["files"]:
        if entry["path"] == card.name:
            entry |= {"size": card.stat().st_size, "sha256": manifest.sha256(card)}
    manifest.write(folder, document)
    return folder


def forced_message(report: GateReport, reason: str) -> str:
    """The message for the terminal."""
    return f"{format_checks(report)}\nforced: {reason.strip()}"
