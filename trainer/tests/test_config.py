from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from hemline_trainer.config import Config, config_from, flat, load_config
from hemline_trainer.errors import ConfigError
from hemline_trainer.ops.search_space import Space
from hemline_trainer.training.encoder import load_encoder_training

CONFIGS = Path(__file__).parents[1] / "configs"


@pytest.mark.parametrize("name", ["demo", "smoke"])
def test_the_shipped_settings_can_be_read(name: str) -> None:
    assert load_config(CONFIGS / f"{name}.toml").seed == 7


def test_settings_survive_a_checkpoint() -> None:
    config = load_config(CONFIGS / "smoke.toml")

    assert config_from(asdict(config), "checkpoint") == config


def test_an_empty_file_means_the_defaults() -> None:
    assert config_from({}, "nothing") == Config()


def test_a_tracker_gets_every_setting() -> None:
    names = flat(Config())

    assert names["training.steps"] == Config().training.steps
    assert names["net.trunk"] == Config().net.trunk
    assert {"seed", "threads", "device", "calibration.precision"} <= set(names)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"sede": 1}, "unknown key sede"),
        ({"training": {"step": 1}}, r"unknown key training\.step"),
        ({"training": 3}, "must be a section"),
        ({"training": {"steps": 0}}, "at least 1"),
        ({"training": {"steps": 1.5}}, "whole number"),
        ({"training": {"steps": True}}, "whole number"),
        ({"training": {"market_share": 1.5}}, r"within 0\.\.1"),
        ({"net": {"token": 30}}, "multiple of 4"),
        ({"net": {"dropout": "none"}}, "must be a number"),
        ({"device": 1}, "must be a text"),
        ({"training": {"weight_decay": float("nan")}}, "weight_decay is nan; it must be a finite number"),
        ({"training": {"learning_rate": float("inf")}}, "learning_rate is inf; it must be a finite number"),
        ({"training": {"clip": 10**400}}, "clip is inf; it must be a finite number"),
        ({"threads": 2**63}, "threads is beyond what 63 bits hold"),
        ({"calibration": {"precision": 1}}, "between 0 and 1"),
    ],
)
def test_a_wrong_setting_is_named(settings: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        config_from(settings, "test.toml")


def test_sections_of_other_steps_are_ignored() -> None:
    assert config_from({"encoder": {"epochs": 3}}, "test.toml") == Config()


def test_a_missing_file_and_invalid_toml_are_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_text("seed = ")
    with pytest.raises(ConfigError, match=r"bad\.toml"):
        load_config(tmp_path / "bad.toml")


@pytest.mark.parametrize("read", [load_config, load_encoder_training, Space.read])
def test_a_byte_order_mark_is_read_and_malformed_files_are_refused(
    read: Callable[[Path], object], tmp_path: Path
) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(b"\xef\xbb\xbfseed = 7\n")
    assert read(path) is not None
    for content in (b"a = " + b"[" * 100_000, b"\xff", b"a = " + b"9" * 5000, b"encoder = 1\ntune = 1\nnet = 1\n"):
        path.write_bytes(content)
        with pytest.raises(ConfigError, match=r"settings\.toml: ") as refused:
            read(path)
        assert "\n" not in str(refused.value)


@pytest.mark.parametrize(("read", "key"), [(load_encoder_training, "encoder"), (Space.read, "tune")])
@pytest.mark.parametrize("value", ["nan", "inf", "1e400"])
def test_settings_of_other_steps_are_finite_too(
    read: Callable[[Path], object], key: str, value: str, tmp_path: Path
) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(f"[{key}]\nlearning_rate = {value if key == 'encoder' else f'[1e-3, {value}]'}\n", encoding="utf-8")

    with pytest.raises(ConfigError, match=f"{key}.learning_rate is"):
        read(path)
