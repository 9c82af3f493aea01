import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from test_training import InterruptedAt

from hemline_trainer.config import Calibration, Config, Scale, Training, config_from
from hemline_trainer.data.batch import training_batch
from hemline_trainer.errors import ConfigError
from hemline_trainer.model.forecaster import Forecaster, Shape
from hemline_trainer.ops.tracking import Untracked
from hemline_trainer.progress import Silent
from hemline_trainer.training import checkpoint
from hemline_trainer.training.distributed import DistributedContext, distributed_context
from hemline_trainer.training.loop import train
from hemline_trainer.training.loss import LossModule, counted_rows, forecast_loss, micro_batches, tensors

CONFIG = Config(
    seed=3,
    threads=1,
    net=Shape(trunk=16, token=8, dropout=0.0),
    training=Training(steps=6, batch=24, warmup=2, report_every=1, save_every=100),
    calibration=Calibration(rows=32, precision=0.5),
)
CPU = torch.device("cpu")


def trained(folder: Path, scale: Scale) -> tuple[dict[str, torch.Tensor], list[float]]:
    train(replace(CONFIG, scale=scale), None, folder, Silent(), Untracked(), resume=False)
    saved = checkpoint.read(folder)
    return saved.weights, [entry["loss"] for entry in saved.history]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, torch.Tensor], list[float]]:
    return trained(tmp_path_factory.mktemp("plain"), Scale())


@pytest.mark.parametrize("scale", [Scale(accumulate=3), Scale(compile="eager")])
def test_micro_batches_and_compiled_steps_give_the_weights_of_plain_steps(
    scale: Scale, plain: tuple[dict[str, torch.Tensor], list[float]], tmp_path: Path
) -> None:
    weights, losses = trained(tmp_path, scale)

    assert losses == pytest.approx(plain[1], rel=1e-4)
    assert all(torch.allclose(weights[name], plain[0][name], atol=2e-4) for name in weights)


def test_the_micro_batches_of_all_processes_are_the_rows_of_the_batch() -> None:
    batch = training_batch(23, 0.4, None, seed=1, step=0)

    cut = [part for rank in range(2) for part in micro_batches(batch, rank, 2, accumulate=3)]

    rows = np.concatenate([part.future for part in cut])
    assert sorted(map(tuple, rows.tolist())) == sorted(map(tuple, batch.future.tolist()))


def test_all_zero_histories_count_in_no_micro_batch() -> None:
    batch = training_batch(12, 0.4, None, seed=1, step=0)
    batch.history[:5] = 0
    model = Forecaster(CONFIG.net).eval()
    loss_module = LossModule(model, "float32")

    with torch.no_grad():
        whole = forecast_loss(model.distribution(*tensors(batch, CPU)[:-1]), torch.from_numpy(batch.future))
        summed = sum(float(loss_module(*tensors(part, CPU))) for part in micro_batches(batch, 0, 1, accumulate=4))

    assert counted_rows(batch) == 7
    assert summed / 7 == pytest.approx(float(whole), rel=1e-5)


def test_bfloat16_changes_the_loss_and_its_gradients_little() -> None:
    batch = training_batch(64, 0.4, None, seed=1, step=0)
    model = Forecaster(CONFIG.net).eval()
    losses, gradients = [], []

    for precision in ("float32", "bfloat16"):
        model.zero_grad()
        loss = LossModule(model, precision)(*tensors(batch, CPU))
        loss.backward()
        losses.append(float(loss.detach()))
        gradients.append(torch.cat([each.grad.flatten() for each in model.parameters() if each.grad is not None]))

    assert losses[0] != losses[1]
    assert losses[1] == pytest.approx(losses[0], rel=0.02)
    assert torch.nn.functional.cosine_similarity(gradients[0], gradients[1], dim=0) > 0.98


def test_two_processes_give_the_weights_of_one(
    plain: tuple[dict[str, torch.Tensor], list[float]], tmp_path: Path
) -> None:
    here = Path(__file__)
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", here, tmp_path]

    ran = subprocess.run(  # noqa: S603
        [str(word) for word in command],
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(here.parent)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr[-3000:]
    saved = checkpoint.read(tmp_path)
    assert [entry["loss"] for entry in saved.history] == pytest.approx(plain[1], rel=1e-4)
    assert all(torch.allclose(saved.weights[name], plain[0][name], atol=2e-4) for name in saved.weights)


def test_a_batch_of_fewer_rows_than_micro_batches_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="one row for every part"):
        trained(tmp_path, Scale(accumulate=25))


def test_a_checkpoint_without_these_settings_resumes(tmp_path: Path) -> None:
    trained(tmp_path, Scale())
    content = torch.load(tmp_path / checkpoint.NAME, weights_only=True)
    del content["history"], content["config"]["scale"], content["config"]["data"]
    torch.save(content, tmp_path / checkpoint.NAME)

    train(CONFIG, None, tmp_path, Silent(), Untracked(), resume=True)

    assert checkpoint.read(tmp_path).config == CONFIG


def test_a_run_resumes_with_another_scale_section(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        train(CONFIG, None, tmp_path, InterruptedAt(3), Untracked(), resume=False)

    train(replace(CONFIG, scale=Scale(accumulate=2)), None, tmp_path, Silent(), Untracked(), resume=True)

    assert [entry["step"] for entry in checkpoint.read(tmp_path).history] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"scale": {"accumulate": 0}}, "at least 1"),
        ({"scale": {"precision": "float16"}}, "float32 or bfloat16"),
        ({"scale": {"parts": 2}}, r"unknown key scale\.parts"),
        ({"data": {"share": 0.3}}, "where shards are named"),
        ({"data": {"shards": "here", "share": 2}}, r"within 0\.\.1"),
        ({"data": {"buffer": 0}}, "at least 1"),
    ],
)
def test_an_invalid_setting_is_named(settings: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        config_from(settings, "test.toml")


@pytest.mark.parametrize("name", ["cuda:0", "cuda:1"])
def test_one_gpu_for_all_processes_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.distributed, "is_torchelastic_launched", lambda: True)
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.setenv("LOCAL_RANK", "1")

    with pytest.raises(ConfigError, match='say "cuda"'), distributed_context(name):
        pass
    with pytest.raises(ConfigError, match='say "cuda"'):
        DistributedContext(1, 2).device(name)

    assert DistributedContext(1, 2).device("cuda") == torch.device("cuda", 1)
    assert DistributedContext().device(name) == torch.device(name)


def test_more_processes_than_gpus_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.distributed, "is_torchelastic_launched", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setenv("WORLD_SIZE", "3")
    monkeypatch.setenv("LOCAL_RANK", "2")

    with (
        pytest.raises(ConfigError, match="process 2 of this machine has no GPU, since there are 2"),
        distributed_context("cuda"),
    ):
        pass


def run_process(folder: Path) -> None:
    """Entry point of each process that `torchrun` starts from this file."""
    with distributed_context("cpu") as distributed:
        assert distributed.world_size == 2
        train(CONFIG, None, folder, Silent(), Untracked(), resume=False, distributed=distributed)


if __name__ == "__main__":
    run_process(Path(sys.argv[1]))
