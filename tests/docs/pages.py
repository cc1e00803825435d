"""The documents of the repository, as text and in parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def all_pages() -> list[Path]:
    top = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
    below = [path for folder in ("docs", "changelog") for path in (ROOT / folder).rglob("*.md")]
    return [*top, *sorted(below)]


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def without_blocks(text: str) -> str:
    return FENCE.sub("", text)


def blocks(text: str, language: str) -> Iterator[str]:
    return (body for name, body in FENCE.findall(text) if name == language)


def shell_lines(text: str) -> Iterator[str]:
    """Each command of the examples, its comment taken off."""
    for block in blocks(text, "sh"):
        for line in block.replace("\\\n", " ").splitlines():
            command = line.partition("  #")[0].strip()
            if command:
                yield command


def all_shell_lines() -> list[str]:
    return [line for path in all_pages() for line in shell_lines(read(path))]
