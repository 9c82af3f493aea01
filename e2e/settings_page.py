"""Writes docs/reference/settings.md from the settings' descriptions and defaults: python3 e2e/settings_page.py."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/reference/settings.md"
PACKAGE = "io/hemline/serving/config"
DESCRIPTIONS = ROOT / "inference-server/src/main/resources" / PACKAGE / "settings.properties"
DEFAULTS = ROOT / "inference-server/src/test/resources" / PACKAGE / "defaults.properties"

INTRODUCTION = """\
# Settings

Written by `python3 e2e/settings_page.py` from the descriptions that `./hemline serve --help` shows; not by hand.

A setting comes from the `--config` file (one `key=value` a line), then the environment (`http.port` is
`HEMLINE_HTTP_PORT`), then `--set key=value`; later ones win. Unknown keys stop the start. Passwords are refused on the
command line. The effective configuration is printed at the start, secrets as `(set)`.
"""


def text() -> str:
    """Return the page."""
    defaults = _properties(DEFAULTS)
    parts = [INTRODUCTION]
    for group, settings in groupby(_properties(DESCRIPTIONS).items(), key=lambda setting: setting[0].partition(".")[0]):
        rows = [f"## {group}", "", "| setting | default | description |", "|---|---|---|"]
        for name, description in settings:
            default = f"`{defaults[name]}`" if defaults.get(name) else "empty"
            rows.append(f"| `{name}` | {default} | {description.replace('|', '&#124;')} |")
        parts.append("\n".join(rows) + "\n")
    return "\n".join(parts)


def _properties(path: Path) -> dict[str, str]:
    pairs = (line.partition("=") for line in path.read_text(encoding="utf-8").splitlines())
    return {name: value for name, equals, value in pairs if equals and not name.startswith("#")}


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
