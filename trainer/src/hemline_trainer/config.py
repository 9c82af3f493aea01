"""Settings of a training run, read from TOML. Every key has a default; an unknown key is refused.

pydantic checks types and limits, also of settings that code constructs; a fault is a ConfigError that names the field,
its value and the limit.
"""

from collections.abc import Mapping
from dataclasses import asdict, field, fields
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, Self, get_type_hints

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic.dataclasses import dataclass
from pydantic_core import ErrorDetails

from hemline_trainer.errors import ConfigError
from hemline_trainer.files.toml_file import read_toml
from hemline_trainer.model.blocks import HEADS
from hemline_trainer.model.forecaster import Shape

OTHERS = frozenset({"encoder", "tune"})
"""Sections of the same file that other steps read."""

_BITS: Final = 63
"""Of a whole number, without its sign, as TOML promises them."""

_LARGEST: Final = 2**_BITS - 1

_TYPES: Final = {
    "int_type": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "string_type": "a text",
    "dataclass_type": "a section",
}
"""What a value of the wrong type must be, by pydantic's name of the error."""

# The description of a field completes the sentence "it must be …".
Text = Annotated[str, Field(strict=True)]
Positive = Annotated[int, Field(strict=True, ge=1, le=_LARGEST, description="at least 1")]
NotNegative = Annotated[int, Field(strict=True, ge=0, le=_LARGEST, description="at least 0")]
Share = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=1, description="within 0..1")]
ShareBelowOne = Annotated[
    float, Field(strict=True, allow_inf_nan=False, ge=0, lt=1, description="within 0..1, below 1")
]
OpenShare = Annotated[float, Field(strict=True, allow_inf_nan=False, gt=0, lt=1, description="between 0 and 1")]
PositiveNumber = Annotated[float, Field(strict=True, allow_inf_nan=False, gt=0, description="above 0")]
NotNegativeNumber = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, description="at least 0 and finite")]
Precision = Annotated[str, Field(strict=True, pattern="^(float32|bfloat16)$", description="float32 or bfloat16")]


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Section:
    """A section of the file. Immutable."""

    NAME: ClassVar[str] = ""

    @model_validator(mode="wrap")
    @classmethod
    def _named(cls, values: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:  # noqa: ANN401 - from a file
        """Names the field, its value and the limit of the first fault."""
        try:
            return handler(values)
        except ValidationError as error:
            raise ConfigError(_fault(cls, error.errors(include_url=False)[0])) from error


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Training(Section):
    """How the forecaster is trained. Immutable.

    Attributes:
        steps: optimiser steps.
        batch: rows per step.
        market_share: share of a batch that comes from the synthetic market; the rest are synthetic series.
        learning_rate: peak of the cosine.
        weight_decay: of AdamW.
        warmup: steps of linear warm-up.
        average: decay of the averaged weights that are kept.
        clip: largest gradient norm.
        report_every: steps between two reports.
        save_every: steps between two checkpoints.
        begin_from: a run folder or checkpoint whose averaged weights are the start; empty starts at random.
    """

    NAME: ClassVar[str] = "training"

    steps: Positive = 5000
    batch: Positive = 256
    market_share: Share = 0.4
    learning_rate: PositiveNumber = 1.5e-3
    weight_decay: NotNegativeNumber = 0.05
    warmup: NotNegative = 200
    average: ShareBelowOne = 0.999
    clip: PositiveNumber = 1.0
    report_every: Positive = 100
    save_every: Positive = 500
    begin_from: Text = ""


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Calibration(Section):
    """Calibration of trend classes and of the band. Immutable.

    Attributes:
        rows: synthetic trends on which both are fitted.
        precision: share of calls that must be right on them.
        coverage: share of their weeks that must lie in the band.
    """

    NAME: ClassVar[str] = "calibration"

    rows: Positive = 4096
    precision: OpenShare = 0.9
    coverage: OpenShare = 0.8


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Scale(Section):
    """Computation of a training step; changes results only by rounding. Immutable.

    Attributes:
        accumulate: parts of a batch that each process computes one after the other; memory shrinks with them.
        precision: "float32", or "bfloat16" for the net's products (scales and experts stay float32).
        compile: backend of torch.compile, such as "inductor"; empty for none.
    """

    NAME: ClassVar[str] = "scale"

    accumulate: Positive = 1
    precision: Precision = "float32"
    compile: Text = ""


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Data(Section):
    """Own series beside the synthetic ones. Immutable.

    Attributes:
        shards: folder that `hemline-trainer dataset` wrote; empty for none.
        share: share of a batch that comes from it.
        buffer: series in memory at once, the window of shuffling.
        mix: share of its rows with mixup.
        short: share of its rows whose history is cut to less than a year.
    """

    NAME: ClassVar[str] = "data"

    shards: Text = ""
    share: Share = 0.0
    buffer: Positive = 8192
    mix: Share = 0.0
    short: Share = 0.0

    def __post_init__(self) -> None:
        """Refuses a share of no data, and data without a share."""
        if (self.share > 0) != bool(self.shards):
            raise ConfigError(f"data.share is {self.share}; it must be above 0 just where shards are named")


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class _Net(Section):
    """Limits of the network's widths."""

    NAME: ClassVar[str] = "net"

    trunk: Positive
    token: Annotated[int, Field(strict=True, ge=1, le=_LARGEST, multiple_of=HEADS, description="a multiple of 4")]
    dropout: ShareBelowOne


def _checked_shape(value: Any) -> Any:  # noqa: ANN401 - from a file, or a Shape
    if not isinstance(value, (Shape, dict)):
        raise ConfigError(f"net is {value!r}; it must be a section")
    widths = asdict(value) if isinstance(value, Shape) else {**asdict(Shape()), **value}
    return Shape(**asdict(TypeAdapter(_Net).validate_python(widths)))


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Config(Section):
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

    seed: NotNegative = 7
    threads: Positive = 2
    device: Text = "cpu"
    net: Annotated[Shape, BeforeValidator(_checked_shape)] = field(default_factory=Shape)
    training: Training = field(default_factory=Training)
    calibration: Calibration = field(default_factory=Calibration)
    scale: Scale = field(default_factory=Scale)
    data: Data = field(default_factory=Data)


def load_config(path: Path) -> Config:
    """Reads a TOML file."""
    return config_from(read_toml(path), str(path))


def config_from(settings: Mapping[str, object], source: str) -> Config:
    """Builds a config from nested settings; `source` names them in errors."""
    own = {key: value for key, value in settings.items() if key not in OTHERS}
    try:
        return TypeAdapter(Config).validate_python(own)
    except ConfigError as error:
        raise ConfigError(f"{source}: {error}") from error


def flat(config: Config) -> dict[str, int | float | str]:
    """Dotted names and values of every setting, for a tracker."""
    names: dict[str, int | float | str] = {}
    for name, value in asdict(config).items():
        names |= {f"{name}.{key}": each for key, each in value.items()} if isinstance(value, dict) else {name: value}
    return names


def _fault(section: type[Section], error: ErrorDetails) -> str:
    """One line on a fault that pydantic found."""
    names = [fields(section)[part].name if isinstance(part, int) else str(part) for part in error["loc"]]
    name, value, kind = ".".join([section.NAME, *names]).strip("."), error["input"], error["type"]
    if kind == "unexpected_keyword_argument":
        return f"unknown key {name}"
    whole = isinstance(value, int) and not isinstance(value, bool)
    if kind in {"less_than_equal", "greater_than_equal"} and whole and value.bit_length() > _BITS:
        return f"{name} is beyond what {_BITS} bits hold"
    if kind == "float_type" and whole:  # an integer beyond every float
        return f"{name} is inf; it must be a finite number"
    if kind in _TYPES:
        return f"{name} is {value!r}; it must be {_TYPES[kind]}"
    limits = get_type_hints(section, include_extras=True)[names[0]].__metadata__[0]
    return f"{name} is {value}; it must be {limits.description}"
