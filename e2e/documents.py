"""Reads the project's Markdown files: prose lines, links, headings and blocks of commands."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Cards belong to immutable artifacts, whose manifests hold their digests.
ARTIFACTS = ("model-store/demo/store/", "model-store/fixtures/store/")
FENCE = re.compile(r"^\s*```\s*(.*)$")
LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(<?([^)\s>]+)>?\)")


@dataclass(frozen=True)
class Block:
    """A fenced block: its document, first line, language, the rest of its info string, and its text."""

    document: Path
    line: int
    language: str
    marker: str
    text: str

    def __str__(self) -> str:
        """Name the place."""
        return f"{self.document.relative_to(ROOT)}:{self.line}"


@cache
def documents() -> tuple[Path, ...]:
    """Return every tracked Markdown file."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    return tuple(ROOT / name for name in sorted(set(listed)) if (ROOT / name).exists())


def written_by_hand() -> tuple[Path, ...]:
    """Return the documents that are no part of an artifact."""
    return tuple(path for path in documents() if not str(path.relative_to(ROOT)).startswith(ARTIFACTS))


@cache
def blocks(document: Path) -> tuple[Block, ...]:
    """Return the fenced blocks of a document, and its lines of indented code as a block without a language."""
    code = "\n".join(line for line in document.read_text(encoding="utf-8").splitlines() if line.startswith("    "))
    found: list[Block] = [Block(document, 1, "", "", code)]
    opened: tuple[int, str] | None = None
    inside: list[str] = []
    for number, line in enumerate(document.read_text(encoding="utf-8").splitlines(), 1):
        fence = FENCE.match(line)
        if fence and opened is None:
            opened, inside = (number, fence[1]), []
        elif fence and opened is not None:
            language, _, marker = opened[1].partition(" ")
            found.append(Block(document, opened[0], language, marker.strip(), "\n".join(inside)))
            opened = None
        elif opened is not None:
            inside.append(line)
    return tuple(found)


def prose(document: Path) -> list[tuple[int, str]]:
    """Return the numbered lines outside of fences, tables and indented code."""
    lines: list[tuple[int, str]] = []
    fenced, before = False, ""
    for number, line in enumerate(document.read_text(encoding="utf-8").splitlines(), 1):
        if FENCE.match(line):
            fenced = not fenced
        elif not fenced and not line.startswith("|"):
            code = line.startswith("    ") and (not before.strip() or before.startswith("    "))
            if not code:
                lines.append((number, line))
        before = line
    return lines


def links(document: Path) -> list[str]:
    """Return the targets of the links and images of a document, those in code left out."""
    text = "\n".join(line for _, line in _outside_fences(document))
    return LINK.findall(re.sub(r"`[^`\n]*`", "``", text))


@cache
def anchors(document: Path) -> frozenset[str]:
    """Return the anchors that GitHub makes of a document's headings."""
    found: set[str] = set()
    for _, line in _outside_fences(document):
        heading = re.match(r"#{1,6}\s+(.*)", line)
        if heading:
            plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading[1])
            slug = re.sub(r"[^\w\- ]", "", plain.lower()).strip().replace(" ", "-")
            count = 1
            name = slug
            while name in found:
                name, count = f"{slug}-{count}", count + 1
            found.add(name)
    return frozenset(found)


def _outside_fences(document: Path) -> list[tuple[int, str]]:
    lines, fenced = [], False
    for number, line in enumerate(document.read_text(encoding="utf-8").splitlines(), 1):
        if FENCE.match(line):
            fenced = not fenced
        elif not fenced:
            lines.append((number, line))
    return lines
