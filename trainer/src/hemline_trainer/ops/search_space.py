"""The search space of `tune`: the [tune] section of a settings file.

Widths are chosen from a list, since each shape needs a latency measurement; other settings are sampled from a range.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from hemline_trainer.config import Config
from hemline_trainer.errors import ConfigError
from hemline_trainer.files.toml_file import read_toml, section

Value = int | float
_LARGEST = 1e9
CHOICES = ("trunk", "token")
LOGARITHMIC = frozenset({"learning_rate", "weight_decay"})
NET = frozenset({"trunk", "token", "dropout"})


@dataclass(frozen=True)
class Space:
    """The search space. Immutable.

    Attributes:
        trunk: widths of the trunk to choose from.
        token: widths of a token to choose from, multiples of 4.
        dropout: lowest and highest.
        learning_rate: lowest and highest, sampled log-uniformly.
        weight_decay: lowest and highest, sampled log-uniformly.
        market_share: lowest and highest.
    """

    trunk: tuple[int, ...] = (64, 128, 192, 256)
    token: tuple[int, ...] = (16, 32, 48)
    dropout: tuple[float, float] = (0.0, 0.3)
    learning_rate: tuple[float, float] = (3e-4, 5e-3)
    weight_decay: tuple[float, float] = (1e-3, 0.3)
    market_share: tuple[float, float] = (0.1, 0.6)

    def __post_init__(self) -> None:
        """Rejects empty lists and invalid ranges."""
        for name in CHOICES:
            if not getattr(self, name):
                raise ConfigError(f"tune.{name} is empty; it must list at least one width")
        for name in self.ranges():
            low, high = getattr(self, name)
            if low > high or (name in LOGARITHMIC and low <= 0):
                raise ConfigError(f"tune.{name} is [{low}, {high}]; it must be [lowest, highest]")

    def ranges(self) -> list[str]:
        """Names of settings sampled from a range."""
        return [each.name for each in fields(self) if each.name not in CHOICES]

    def holds(self, params: Mapping[str, Value]) -> bool:
        """Whether the space contains these settings."""
        chosen = all(params[name] in getattr(self, name) for name in CHOICES)
        return chosen and all(
            getattr(self, name)[0] <= params[name] <= getattr(self, name)[1] for name in self.ranges()
        )

    def as_json(self) -> dict[str, list[Value]]:
        """The bounds by name."""
        return {name: list(bounds) for name, bounds in asdict(self).items()}

    @classmethod
    def read(cls, path: Path) -> "Space":
        """Reads the [tune] section of a TOML file; missing keys keep their defaults."""
        known = {each.name for each in fields(cls)}
        bounds: dict[str, tuple[Value, ...]] = {}
        for key, values in section(read_toml(path), "tune", path).items():
            if key not in known:
                raise ConfigError(f"{path}: unknown key tune.{key}")
            kinds = (int,) if key in CHOICES else (int, float)
            valid = isinstance(values, list) and all(isinstance(v, kinds) and _is_finite(v) for v in values)
            if not valid or (key not in CHOICES and len(values) != len(("lowest", "highest"))):
                form = "a list of whole numbers" if key in CHOICES else "[lowest, highest]"
                raise ConfigError(f"{path}: tune.{key} is {values!r}; it must be {form}")
            bounds[key] = tuple(values) if key in CHOICES else tuple(float(value) for value in values)
        return replace(cls(), **bounds)  # type: ignore[arg-type]


def _is_finite(value: Value) -> bool:
    return not isinstance(value, bool) and abs(value) < _LARGEST


def params_of(config: Config) -> dict[str, Value]:
    """The values of a config for each name of the space."""
    return {
        each.name: getattr(config.net if each.name in NET else config.training, each.name) for each in fields(Space)
    }


def applied(config: Config, params: Mapping[str, Value]) -> Config:
    """A config with sampled values."""
    return replace(
        config,
        net=replace(
            config.net, trunk=int(params["trunk"]), token=int(params["token"]), dropout=float(params["dropout"])
        ),
        training=replace(
            config.training,
            learning_rate=float(params["learning_rate"]),
            weight_decay=float(params["weight_decay"]),
            market_share=float(params["market_share"]),
        ),
    )
