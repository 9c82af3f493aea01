"""Step `gate`: the candidate is compared with the live version and with baselines before it may be published."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from hemline_trainer.data.dataset import HoldOut
from hemline_trainer.data.synthetic.renders import Progress
from hemline_trainer.evaluation.gate import evaluate_candidate
from hemline_trainer.evaluation.gate_report import GateReport, Limits
from hemline_trainer.store.open import Store


def gate(
    candidate: Path,
    store: Store,
    channel: str,
    *,
    limits: Limits,
    progress: Progress,
    data: Path | None = None,
    hold_outs: Sequence[HoldOut] = (),
) -> GateReport:
    """Makes all checks of a verified artifact folder.

    Args:
        candidate: the folder.
        store: holds the live version.
        channel: that names it.
        limits: what the candidate must keep.
        progress: of the rendered garments.
        data: folder with HERMES-100, if it is at hand.
        hold_outs: of the data set that the candidate was trained on.
    """
    with _live(store, channel) as live:
        return evaluate_candidate(candidate, live, data, limits, progress, hold_outs)


@contextmanager
def _live(store: Store, channel: str) -> Iterator[tuple[int, Path] | None]:
    """Number and folder of the version that a channel names; None where it names none."""
    version = store.channel(channel)
    if version is None:
        yield None
        return
    with TemporaryDirectory(prefix="hemline-") as scratch:
        yield version, store.bring(version, Path(scratch))
