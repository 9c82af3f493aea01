"""Writes settings as TOML that `train --config` reads back to equal settings."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from hemline_trainer.config import Config
from hemline_trainer.training.encoder import EncoderTraining


def as_toml(config: Config, encoder: EncoderTraining, comments: Sequence[str]) -> str:
    """Every setting by name, comments first."""
    sections = {**asdict(config), "encoder": asdict(encoder)}
    plain = {key: value for key, value in sections.items() if not isinstance(value, dict)}
    lines = [*(f"# {comment}" for comment in comments), *_pairs(plain)]
    for name, section in sections.items():
        if isinstance(section, dict):
            lines += ["", f"[{name}]", *_pairs(section)]
    return "\n".join(lines) + "\n"


def _pairs(values: Mapping[str, object]) -> list[str]:
    return [f"{key} = {_value(value)}" for key, value in values.items() if value is not None]


def _value(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_value(each) for each in value) + "]"
    if isinstance(value, (bool, str)):
        return json.dumps(value)
    return repr(value)
