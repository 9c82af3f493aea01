"""Checks that the commands of a document exist: make targets, verbs, options, settings, scripts and paths."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from functools import cache
from typing import TYPE_CHECKING

import typer.main
from hemline_trainer.cli.app import app

from documents import ROOT, Block

if TYPE_CHECKING:
    from pathlib import Path

    import click

# Programs that are no part of the project; their options are theirs.
FOREIGN = frozenset(
    re.findall(
        r"\S+",
        ".cache/uv/bin/pip .cache/uv/bin/uv ../.cache/uv/bin/uv alias cp curl date done export for git kafka-topics.sh "
        "kubectl npm npx openssl printf prometheus promtool python3 sbatch sed sha256sum torchrun uv",
    )
)
UV = re.compile(r"(?:\.\./)?\.cache/uv/bin/uv|uv")
ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=.*", re.DOTALL)


def faults(block: Block) -> list[str]:
    """Return what is wrong with the commands of a block, one line each; none for a block of something else."""
    strict = block.language in {"sh", "bash"}
    if not strict and block.language:
        return []
    folder = block.document.parent
    found: list[str] = []
    for command in split(block.text):
        words = _words(command)
        while words and (ASSIGNMENT.fullmatch(words[0]) or words[0] == "do"):
            words = words[1:]
        if words and words[0] == "cd":
            bases = (ROOT, block.document.parent)
            folder = next((base / words[1] for base in bases if (base / words[1]).is_dir()), ROOT)
        elif words:
            fault = _fault(words, folder, strict=strict)
            found += [f"{block}: {command.strip()}: {fault}"] if fault else []
    return found


def split(text: str) -> list[str]:
    """Return the simple commands of a script: no comments, substituted ones as commands of their own."""
    found, command, quote, position = [], "", "", 0
    text = text.replace("\\\n", " ")
    while position < len(text):
        char = text[position]
        if not quote and char == "#" and (not command or command[-1].isspace()):
            position = text.find("\n", position) if "\n" in text[position:] else len(text)
            continue
        if quote != "'" and text.startswith("$(", position):
            end = text.index(")", position)
            found += split(text[position + 2 : end])
            command, position = command + "…", end + 1
            continue
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char in "\n;|" or text.startswith("&&", position):
            found.append(command)
            command, position = "", position + (2 if char == "&" else 1)
            continue
        command, position = command + char, position + 1
    return [each for each in (*found, command) if each.strip()]


def settings() -> frozenset[str]:
    """Return the names of the server's settings."""
    return frozenset(re.findall(r"^  ([a-z][a-z.-]*)\s", _help("serve"), re.MULTILINE))


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command, comments=True)
    except ValueError:
        return command.split()


def _fault(words: list[str], folder: Path, *, strict: bool) -> str:  # noqa: PLR0911 one return for each kind of command
    first = words[0]
    if first == "make":
        return _make(words[1:])
    if first.endswith("./hemline") and len(words) > 1:
        return _hemline(words[1:])
    if first == "hemline-trainer":
        return _trainer(words[1:])
    if first == "npm" and words[1] == "run":
        scripts = json.loads((ROOT / "cloudflare-worker/package.json").read_text())["scripts"]
        return "" if words[2] in scripts else f"no script {words[2]} in package.json"
    if UV.fullmatch(first) and "hemline-trainer" in words:
        return _trainer(words[words.index("hemline-trainer") + 1 :])
    if first == "python3" and len(words) > 1 and "/" in words[1]:
        return "" if _exists(words[1], folder) else f"no file {words[1]}"
    if first in FOREIGN or not strict:
        return "" if not _looks_like_a_script(first) or _exists(first, folder) else f"no file {first}"
    return "" if _exists(first, folder) else f"{first} is no program that is known here"


def _make(words: list[str]) -> str:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    suites = {path.name for path in (ROOT / "loadtest/bench/hemline_bench/suites").iterdir()} | {"pieces", "feast"}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals and not word.startswith((".", "-")) and word not in targets:
            return f"no target {word} in the Makefile"
        if name == "SUITE" and value not in suites:
            return f"no suite {value}"
        if name == "SCENARIO" and not all((ROOT / f"loadtest/{each}.js").exists() for each in value.split()):
            return f"no scenario {value}"
    return ""


def _hemline(words: list[str]) -> str:
    verb = " ".join(word for word in words[:2] if re.fullmatch(r"[a-z]+", word)) if words[0] != "serve" else "serve"
    shown = _help(verb)
    if not shown:
        return f"no verb {verb}"
    for position, word in enumerate(words):
        if word.startswith("--") and word.partition("=")[0] not in shown:
            return f"{verb} has no option {word}"
        if word == "--set" and words[position + 1].partition("=")[0] not in settings():
            return f"no setting {words[position + 1]}"
    return ""


def _trainer(words: list[str]) -> str:
    command: click.Command = typer.main.get_command(app)
    names = list(words)
    while hasattr(command, "commands") and names and not names[0].startswith("-"):
        if names[0] not in command.commands:
            return f"hemline-trainer has no command {names[0]}"
        command = command.commands[names.pop(0)]
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    unknown = [word for word in names if word.startswith("--") and word.partition("=")[0] not in known | {"--help"}]
    return f"hemline-trainer {command.name} has no option {unknown[0]}" if unknown else ""


def _looks_like_a_script(word: str) -> bool:
    return bool(re.fullmatch(r"[\w-]+(/[\w.-]+)+\.(sh|py)", word))


def _exists(word: str, folder: Path) -> bool:
    return any((base / word).exists() for base in (ROOT, folder))


@cache
def _help(verb: str) -> str:
    shown = subprocess.run(
        [str(ROOT / "hemline"), *verb.split(), "--help"], capture_output=True, text=True, check=False
    )
    return shown.stdout if shown.returncode == 0 else ""
