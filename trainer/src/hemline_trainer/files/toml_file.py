"""Reads TOML files; every failure names the file."""

import tomllib
from pathlib import Path
from typing import Any

from hemline_trainer.errors import ConfigError


def read_toml(path: Path) -> dict[str, Any]:
    """The content of a file; a leading byte order mark is ignored.

    Raises:
        ConfigError: it cannot be read or is not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8 text ({error.reason} at byte {error.start})") from error
    except RecursionError as error:
        raise ConfigError(f"{path}: is nested too deeply") from error
    except ValueError as error:  # TOMLDecodeError, and numbers of thousands of digits
        raise ConfigError(f"{path}: {error}") from error


def section(settings: dict[str, Any], name: str, path: Path) -> dict[str, Any]:
    """A section of a file, empty where it is not there."""
    found = settings.get(name, {})
    if not isinstance(found, dict):
        raise ConfigError(f"{path}: {name} is {found!r}; it must be a section")
    return found
