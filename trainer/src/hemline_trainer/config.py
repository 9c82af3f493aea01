"""Settings of a training run, read from TOML. Every key has a default; a key that is not here stops the start."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from math import inf, isfinite
from pathlib import Path
from typing import Any, TypeVar

from hemline_trainer.errors import ConfigError
from hemline_trainer.files.toml_file import read_toml
from hemline_trainer.model.blocks import HEADS
from hemline_trainer.model.forecaster import Shape

_BITS = 63
"""Of a whole number, without its sign, as TOML promises them."""

OTHERS = frozenset({"encoder", "tune"})
"""Sections of the same file that other steps read."""


@dataclass(frozen=True)
class Training:
    """How the forecaster is trained. Immutable.

    Attributes:
        steps: optimiser steps.
        batch: rows per step.
        market_share: share of a batch that comes from the synthetic market; the rest comes from the prior.
        learning_rate: peak of the cosine.
        weight_decay: of AdamW.
        warmup: steps of linear warm-up.
        average: decay of the averaged weights that are kept.
        clip: largest gradient norm.
        report_every: steps between two reports.
        save_every: steps between two checkpoints.
        begin_from: a run folder or checkpoint whose averaged weights are the start; empty starts at random.
    """

    steps: int = 5000
    batch: int = 256
    market_share: float = 0.4
    learning_rate: float = 1.5e-3
    weight_decay: float = 0.05
    warmup: int = 200
    average: float = 0.999
    clip: float = 1.0
    report_every: int = 100
    save_every: int = 500
    begin_from: str = ""

    def __post_init__(self) -> None:
        """Refuses settings that cannot train."""
        for name in ("steps", "batch", "report_every", "save_every"):
            _require(getattr(self, name) >= 1, f"training.{name}", getattr(self, name), "at least 1")
        _require(self.warmup >= 0, "training.warmup", self.warmup, "at least 0")
        _require(0 <= self.market_share <= 1, "training.market_share", self.market_share, "within 0..1")
        _require(0 <= self.average < 1, "training.average", self.average, "within 0..1, below 1")
        for name in ("learning_rate", "clip"):
            _require(getattr(self, name) > 0, f"training.{name}", getattr(self, name), "above 0")
        _require(isfinite(self.learning_rate), "training.learning_rate", self.learning_rate, "finite")
        _require(0 <= self.weight_decay < inf, "training.weight_decay", self.weight_decay, "at least 0 and finite")


@dataclass(frozen=True)
class Calibration:
    """Calibration of trend classes and of the band. Immutable.

    Attributes:
        rows: synthetic trends on which both are fitted.
        precision: share of calls that must be right on them.
        coverage: share of their weeks that must lie in the band.
    """

    rows: int = 4096
    precision: float = 0.9
    coverage: float = 0.8

    def __post_init__(self) -> None:
        """Refuses settings that cannot calibrate."""
        _require(self.rows >= 1, "calibration.rows", self.rows, "at least 1")
        for name in ("precision", "coverage"):
            _require(0 < getattr(self, name) < 1, f"calibration.{name}", getattr(self, name), "between 0 and 1")


@dataclass(frozen=True)
class Scale:
    """Computation of a training step; changes results only by rounding. Immutable.

    Attributes:
        accumulate: parts of a batch that each process computes one after the other; memory shrinks with them.
        precision: "float32", or "bfloat16" for the net's products (scales and experts stay float32).
        compile: backend of torch.compile, such as "inductor"; empty for none.
    """

    accumulate: int = 1
    precision: str = "float32"
    compile: str = ""

    def __post_init__(self) -> None:
        """Refuses settings that cannot compute."""
        _require(self.accumulate >= 1, "scale.accumulate", self.accumulate, "at least 1")
        known = ("float32", "bfloat16")
        _require(self.precision in known, "scale.precision", self.precision, "float32 or bfloat16")


@dataclass(frozen=True)
class Data:
    """Own series beside the synthetic ones. Immutable.

    Attributes:
        shards: folder that `hemline-trainer dataset` wrote; empty for none.
        share: share of a batch that comes from it.
        buffer: series in memory at once, the window of shuffling.
        mix: share of its rows with mixup.
        short: share of its rows whose history is cut to less than a year.
    """

    shards: str = ""
    share: float = 0.0
    buffer: int = 8192
    mix: float = 0.0
    short: float = 0.0

    def __post_init__(self) -> None:
        """Refuses settings that name no data."""
        for name in ("share", "mix", "short"):
            _require(0 <= getattr(self, name) <= 1, f"data.{name}", getattr(self, name), "within 0..1")
        _require(self.buffer >= 1, "data.buffer", self.buffer, "at least 1")
        _require((self.share > 0) == bool(self.shards), "data.share", self.share, "above 0 just where shards are named")


@dataclass(frozen=True)
class Config:
    """All settings of a run. Immutable.

    Attributes:
        seed: owner of all randomness.
        threads: of PyTorch on the CPU.
        device: "cpu", "cuda", or "cuda:1"; with several processes "cuda" alone, and each takes the GPU of its place.
        net: widths.
        training: see `Training`.
        calibration: see `Calibration`.
        scale: see `Scale`.
        data: see `Data`.
    """

    seed: int = 7
    threads: int = 2
    device: str = "cpu"
    net: Shape = field(default_factory=Shape)
    training: Training = field(default_factory=Training)
    calibration: Calibration = field(default_factory=Calibration)
    scale: Scale = field(default_factory=Scale)
    data: Data = field(default_factory=Data)

    def __post_init__(self) -> None:
        """Refuses settings that fit no net."""
        _require(self.seed >= 0, "seed", self.seed, "at least 0")
        _require(self.threads >= 1, "threads", self.threads, "at least 1")
        _require(self.net.trunk >= 1, "net.trunk", self.net.trunk, "at least 1")
        _require(self.net.token >= 1 and self.net.token % HEADS == 0, "net.token", self.net.token, "a multiple of 4")
        _require(0 <= self.net.dropout < 1, "net.dropout", self.net.dropout, "within 0..1, below 1")


Part = TypeVar("Part", Shape, Training, Calibration, Scale, Data)


def load_config(path: Path) -> Config:
    """Reads a TOML file."""
    return config_from(read_toml(path), str(path))


def config_from(settings: Mapping[str, object], source: str) -> Config:
    """Builds a config from nested settings; `source` names them in errors."""
    own = {key: value for key, value in settings.items() if key not in OTHERS}
    _known(own, Config, "", source)
    plain = Config()
    return Config(
        seed=_integer(own, "seed", plain.seed, source),
        threads=_integer(own, "threads", plain.threads, source),
        device=_text(own, "device", plain.device, source),
        net=_part(own, "net", plain.net, source),
        training=_part(own, "training", plain.training, source),
        calibration=_part(own, "calibration", plain.calibration, source),
        scale=_part(own, "scale", plain.scale, source),
        data=_part(own, "data", plain.data, source),
    )


def flat(config: Config) -> dict[str, int | float | str]:
    """Dotted names and values of every setting, for a tracker."""
    names: dict[str, int | float | str] = {"seed": config.seed, "threads": config.threads, "device": config.device}
    sections: dict[str, Shape | Training | Calibration | Scale | Data] = {
        "net": config.net,
        "training": config.training,
        "calibration": config.calibration,
        "scale": config.scale,
        "data": config.data,
    }
    for prefix, part in sections.items():
        names |= {f"{prefix}.{each.name}": getattr(part, each.name) for each in fields(part)}
    return names


def _require(holds: bool, name: str, value: object, rule: str) -> None:
    if not holds:
        raise ConfigError(f"{name} is {value}; it must be {rule}")


def _known(settings: Mapping[str, object], kind: type, prefix: str, source: str) -> None:
    known = {each.name for each in fields(kind)}
    for key in settings:
        if key not in known:
            raise ConfigError(f"{source}: unknown key {prefix}{key}")


def _part(settings: Mapping[str, object], name: str, plain: Part, source: str) -> Part:
    """The section of that name; missing keys keep the value of `plain`, which also gives their type."""
    section = _section(settings, name, source)
    _known(section, type(plain), f"{name}.", source)
    return replace(plain, **{each.name: _value(section, each.name, plain, source) for each in fields(plain)})


def _value(section: Mapping[str, object], key: str, plain: object, source: str) -> Any:  # noqa: ANN401 - a field's type
    default = getattr(plain, key)
    if isinstance(default, str):
        return _text(section, key, default, source)
    read = _integer if isinstance(default, int) else _number
    return read(section, key, default, source)


def _section(settings: Mapping[str, object], name: str, source: str) -> Mapping[str, object]:
    section = settings.get(name, {})
    if not isinstance(section, dict):
        raise ConfigError(f"{source}: {name} is {section!r}; it must be a section")
    return section


def _integer(settings: Mapping[str, object], key: str, default: int, source: str) -> int:
    value = settings.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ConfigError(f"{source}: {key} is {value!r}; it must be a whole number")
    if value.bit_length() > _BITS:
        raise ConfigError(f"{source}: {key} is beyond what {_BITS} bits hold")
    return value


def _number(settings: Mapping[str, object], key: str, default: float, source: str) -> float:
    value = settings.get(key, default)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ConfigError(f"{source}: {key} is {value!r}; it must be a number")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ConfigError(f"{source}: {key} is {number}; it must be a finite number")
    return number


def _text(settings: Mapping[str, object], key: str, default: str, source: str) -> str:
    value = settings.get(key, default)
    if not isinstance(value, str):
        raise ConfigError(f"{source}: {key} is {value!r}; it must be a text")
    return value
