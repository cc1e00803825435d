"""What a damaged catalogue still says of requests that had not ended. Only read, never changed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

ENDS = ("", " DESC")
"""Read from both ends: what lies beyond a torn page is met from the other side."""
QUERY = """
    SELECT id, state, model, prompt, request_id FROM generations NOT INDEXED
    WHERE state NOT IN ('done', 'failed', 'cancelled') ORDER BY rowid
"""


@dataclass(frozen=True, slots=True)
class Remnant:
    """A generation that had not ended. It has no sidecar, and may have been paid."""

    id: str
    state: str
    model: str
    prompt: str
    request_id: str | None


def remnants(path: Path) -> list[Remnant]:
    """Every one that can be read; none where nothing can be."""
    found: dict[str, Remnant] = {}
    for end in ENDS:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as opened:
            try:
                for row in opened.execute(QUERY.rstrip() + end):
                    found.setdefault(row[0], Remnant(*row))
            except sqlite3.Error:
                # Here the damage begins. What was read before it is kept.
                continue
    return list(found.values())
