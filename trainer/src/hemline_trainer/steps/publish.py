"""Step `publish`: an artifact that passes the gate becomes the next version of a store, and a channel names it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from hemline_trainer.artifact import manifest
from hemline_trainer.artifact.signing import sign
from hemline_trainer.artifact.verify import verify
from hemline_trainer.errors import GateRefused
from hemline_trainer.evaluation import forced
from hemline_trainer.evaluation.gate import format_checks
from hemline_trainer.evaluation.gate_report import GateReport
from hemline_trainer.store.folder import Published, copy_files
from hemline_trainer.store.open import Store


@dataclass(frozen=True)
class Publication:
    """A version in the store. Immutable.

    Attributes:
        published: model, version, digest, and whether it is new.
        before: the version that the channel named before.
    """

    published: Published
    before: int | None


def publish(
    artifact: Path,
    store: Store,
    model: str,
    gate: Callable[[Path], GateReport],
    *,
    channel: str = "stable",
    promote: bool = True,
    sign_key: Path | None = None,
    force: str | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Publication:
    """Verifies, gates, signs and publishes a copy of the artifact, then promotes it.

    An artifact that stands in the store already passed the gate when it came.

    Args:
        artifact: folder with manifest.json.
        store: of the model.
        model: its name.
        gate: judges a folder.
        channel: to promote.
        promote: points the channel at the version.
        sign_key: PEM file of a private key, to sign with.
        force: reason to publish in spite of the gate; it is written on the model card.
        say: is given the table of checks, and what was published.

    Raises:
        GateRefused: a check fails and no reason was given.
    """
    before = store.channel(channel)
    with TemporaryDirectory(prefix="hemline-") as scratch:
        # A copy, so that what the gate judges, what is signed and what is published are the same bytes.
        folder = Path(scratch) / "artifact"
        manifest.read(artifact)
        folder.mkdir()
        copy_files(artifact, folder)
        verify(folder, model)
        if store.version_of(manifest.digest(folder)) is None:
            folder = _passed(folder, gate(folder), force, Path(scratch) / "forced", say)
        if sign_key is not None:
            sign(folder, sign_key)
        published = store.publish(folder)
        signed = ", signed" if published.new and (folder / manifest.SIGNATURE).exists() else ""
    how = "published" if published.new else "stands already:"
    say(f"{how} {model} version {published.version}, digest {published.digest}{signed}")
    if promote:
        store.promote(published.version, channel)
    return Publication(published, before)


def _passed(candidate: Path, report: GateReport, force: str | None, to: Path, say: Callable[[str], None]) -> Path:
    """The artifact to publish: the candidate, or its forced copy."""
    if report.passed:
        say(format_checks(report))
        return candidate
    if force is None:
        raise GateRefused(format_checks(report))
    copy = forced.forced(candidate, report, force, to)
    say(forced.forced_message(report, force))
    return copy
