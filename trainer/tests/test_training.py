import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from hemline_trainer.config import Calibration, Config, Training
from hemline_trainer.data.batch import Batch, training_batch
from hemline_trainer.data.sampler import BatchSampler
from hemline_trainer.errors import CheckpointError, ConfigError, DivergedError
from hemline_trainer.model.forecaster import Forecaster, Shape
from hemline_trainer.ops.tracking import Untracked
from hemline_trainer.training import checkpoint
from hemline_trainer.training.loop import train
from hemline_trainer.training.loss import forecast_loss
from hemline_trainer.training.step import rate

CONFIG = Config(
    seed=3,
    threads=1,
    net=Shape(trunk=16, token=8, dropout=0.1),
    training=Training(steps=8, batch=16, warmup=2, report_every=2, save_every=4),
    calibration=Calibration(rows=32, precision=0.5),
)


class Silent:
    def update(self, step: int, total: int, metrics: Mapping[str, float]) -> None:
        assert 0 < step <= total
        assert "loss" in metrics


class InterruptedAt(Silent):
    def __init__(self, step: int) -> None:
        self.step = step

    def update(self, step: int, total: int, metrics: Mapping[str, float]) -> None:
        super().update(step, total, metrics)
        if step == self.step:
            raise KeyboardInterrupt


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return checkpoint.load(folder)[0].state_dict()


def test_equal_seeds_give_equal_weights_and_another_seed_other_weights(tmp_path: Path) -> None:
    for name, config in {"a": CONFIG, "b": CONFIG, "c": replace(CONFIG, seed=4)}.items():
        train(config, None, tmp_path / name, Silent(), Untracked(), resume=False)

    first, second, other = weights(tmp_path / "a"), weights(tmp_path / "b"), weights(tmp_path / "c")
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert not torch.equal(first["volume.weight"], other["volume.weight"])


def test_a_resumed_run_ends_with_the_weights_of_an_uninterrupted_run(tmp_path: Path) -> None:
    whole = train(CONFIG, None, tmp_path / "whole", Silent(), Untracked(), resume=False)
    with pytest.raises(KeyboardInterrupt):
        train(CONFIG, None, tmp_path / "interrupted", InterruptedAt(6), Untracked(), resume=False)
    stopped = checkpoint.read(tmp_path / "interrupted").checkpoint

    resumed = train(CONFIG, None, tmp_path / "interrupted", Silent(), Untracked(), resume=True)

    assert (stopped.step, stopped.finished) == (6, False)
    assert (resumed.step, resumed.finished) == (whole.step, True)
    first, second = weights(tmp_path / "whole"), weights(tmp_path / "interrupted")
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_resuming_a_finished_run_changes_nothing(tmp_path: Path) -> None:
    before = train(CONFIG, None, tmp_path, Silent(), Untracked(), resume=False)

    after = train(CONFIG, None, tmp_path, Silent(), Untracked(), resume=True)

    assert after.metrics == before.metrics


def test_resuming_with_other_settings_is_refused(tmp_path: Path) -> None:
    train(CONFIG, None, tmp_path, Silent(), Untracked(), resume=False)

    with pytest.raises(CheckpointError, match="other settings"):
        train(replace(CONFIG, seed=9), None, tmp_path, Silent(), Untracked(), resume=True)


def test_an_invalid_checkpoint_file_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / checkpoint.NAME).write_bytes(b"not a checkpoint")

    with pytest.raises(CheckpointError, match="not a checkpoint"):
        checkpoint.load(tmp_path)
    with pytest.raises(CheckpointError, match="train first"):
        checkpoint.load(tmp_path / "nowhere")


def test_a_checkpoint_of_an_older_network_is_refused_with_a_remedy(tmp_path: Path) -> None:
    train(CONFIG, None, tmp_path, Silent(), Untracked(), resume=False)
    content = torch.load(tmp_path / checkpoint.NAME, weights_only=True)
    torch.save({**content, "format": 1}, tmp_path / checkpoint.NAME)

    with pytest.raises(CheckpointError, match=r"format 1 holds another net .* train anew"):
        checkpoint.load(tmp_path)


def poisoned(monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    """Replaces the future of one batch by NaN."""
    drawn = BatchSampler.batch

    def batch(self: BatchSampler, number: int) -> Batch:
        rows = drawn(self, number)
        return replace(rows, future=np.full_like(rows.future, np.nan)) if number == step else rows

    monkeypatch.setattr(BatchSampler, "batch", batch)


def test_a_loss_that_is_not_finite_ends_the_run_and_keeps_the_last_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    poisoned(monkeypatch, 5)

    with pytest.raises(DivergedError, match=rf"^step 6: the loss is nan .* {tmp_path / checkpoint.NAME} holds step 4"):
        train(CONFIG, None, tmp_path, Silent(), Untracked(), resume=False)

    saved = checkpoint.read(tmp_path)
    assert (saved.checkpoint.step, saved.checkpoint.finished) == (4, False)
    for weights in (saved.weights, saved.average):
        assert all(bool(torch.isfinite(each).all()) for each in weights.values())
    with pytest.raises(DivergedError, match="step 6"):
        train(CONFIG, None, tmp_path, Silent(), Untracked(), resume=True)


def test_a_loss_that_is_not_finite_before_any_checkpoint_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    poisoned(monkeypatch, 0)

    with pytest.raises(DivergedError, match=r"step 1: .* no checkpoint stands yet"):
        train(CONFIG, None, tmp_path, Silent(), Untracked(), resume=False)

    assert not (tmp_path / checkpoint.NAME).exists()


def test_a_gradient_that_is_not_finite_ends_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.nn.utils, "clip_grad_norm_", lambda *_: torch.tensor(float("inf")))

    with pytest.raises(DivergedError, match="its gradient inf"):
        train(CONFIG, None, tmp_path, Silent(), Untracked(), resume=False)


@pytest.mark.parametrize("setting", [{"learning_rate": float("inf")}, {"weight_decay": float("nan")}])
def test_settings_that_are_not_finite_are_refused(setting: dict[str, float]) -> None:
    with pytest.raises(ConfigError, match="finite"):
        Training(**setting)  # type: ignore[arg-type]


def test_training_does_not_change_the_callers_random_state(tmp_path: Path) -> None:
    torch.manual_seed(1)
    expected = torch.rand(3)
    torch.manual_seed(1)

    train(CONFIG, None, tmp_path, Silent(), Untracked(), resume=False)

    assert torch.equal(torch.rand(3), expected)


def test_trains_outside_the_main_thread(tmp_path: Path) -> None:
    steps: list[int] = []

    def work() -> None:
        steps.append(train(CONFIG, None, tmp_path, Silent(), Untracked(), resume=False).step)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

    assert steps == [8]


def test_the_network_can_overfit_one_batch() -> None:
    batch = training_batch(16, 0.5, None, seed=1, step=0)
    give = [torch.from_numpy(array) for array in batch.inputs().values()]
    future = torch.from_numpy(batch.future)
    with torch.random.fork_rng():
        torch.manual_seed(2)
        model = Forecaster(Shape(trunk=64, token=16))
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3)
    losses = []

    for _ in range(150):
        loss = forecast_loss(model.distribution(*give), future)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        losses.append(float(loss.detach()))

    assert losses[-1] < 0.45 * losses[0]


def test_the_learning_rate_warms_up_and_decays() -> None:
    rates = [rate(step, warmup=10, steps=100) for step in range(100)]

    assert rates[0] == pytest.approx(0.1)
    assert max(rates) == pytest.approx(1.0)
    assert np.argmax(rates) in {9, 10}
    assert rates[-1] < 0.03
