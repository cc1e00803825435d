"""Many things in one sentence."""

from __future__ import annotations

from collections.abc import Sequence

SHOWN = 5
"""Ids or paths that a message names."""
LISTED = 1000
"""Ids or paths that a finding holds."""


def some(things: Sequence[str]) -> str:
    """The first of them by name."""
    return ", ".join(things[:SHOWN]) + (", …" if len(things) > SHOWN else "")


def counted(things: Sequence[str]) -> str:
    """How many there are, and the first of them by name."""
    return f"{len(things):,} ({some(things)})" if things else "0"


def several(number: int, one: str, many: str) -> str:
    """So many of something: ``1 file is``, ``2 files are``."""
    return f"{number:,} {one if number == 1 else many}"


def first(things: Sequence[str]) -> tuple[str, ...]:
    return tuple(things[:LISTED])
