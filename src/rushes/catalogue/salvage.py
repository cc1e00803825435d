"""What a damaged catalogue still says, row by row. Only read, never changed.

Files have their sidecars. What was unfinished, at the provider only, expired or failed has none:
of that the damaged catalogue is the only record, and some of it was paid.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

from sqlalchemy import Table
from sqlalchemy.dialects.sqlite.base import SQLiteDialect

from rushes.catalogue import asset_rows, generation_rows, projects
from rushes.catalogue.tables import assets as asset_table
from rushes.catalogue.tables import generations as generation_table
from rushes.catalogue.tables import projects as project_table
from rushes.catalogue.tables import steps as step_table
from rushes.domain.asset import Asset
from rushes.domain.generation import Generation, Step
from rushes.domain.project import Project

T = TypeVar("T")

ENDS = ("", " DESC")
"""Read from both ends: what lies beyond a torn page is met from the other side."""
UNFIT = (ValueError, TypeError, KeyError, AttributeError, AssertionError, ArithmeticError)
"""What a row raises whose values are not what they were written as."""
DIALECT = SQLiteDialect()


@dataclass(frozen=True, slots=True)
class Remnants:
    """All of a damaged catalogue that can be read and makes sense; by id."""

    projects: Mapping[str, Project] = field(default_factory=dict)
    generations: Mapping[str, Generation] = field(default_factory=dict)
    assets: Mapping[str, Asset] = field(default_factory=dict)
    has_all_assets: bool = False
    """Whether no asset is lost in the damage: what has none then was deleted."""


def remnants(path: Path) -> Remnants:
    """Every thing that can be read; none where nothing can be."""
    steps: dict[str, list[Step]] = {}
    for row in sorted(_rows(path, step_table), key=lambda row: row.id):
        steps.setdefault(row.generation_id, []).append(Step(row.name, row.at, row.detail))
    assets = [
        asset
        for row in _rows(path, asset_table)
        if (asset := _fitting(asset_rows.asset, row)) is not None
    ]
    asset_of = {asset_rows.generation_of(asset): asset.id for asset in assets}

    def generation(row: Any) -> Generation:
        row.asset_id = asset_of.get(row.id)
        return generation_rows.generation(row, tuple(steps.get(row.id, ())))

    made = [_fitting(generation, row) for row in _rows(path, generation_table)]
    found = [_fitting(projects.of_row, row) for row in _rows(path, project_table)]
    return Remnants(
        projects={one.id: one for one in found if one is not None},
        generations={one.id: one for one in made if one is not None},
        assets={one.id: one for one in assets},
        has_all_assets=_is_whole(path, asset_table),
    )


def _fitting(make: Any, row: SimpleNamespace) -> Any:
    try:
        return make(row)
    except UNFIT:
        # A torn page may hold anything: what makes no sense is not listed.
        return None


def _rows(path: Path, table: Table) -> Iterator[SimpleNamespace]:
    seen = set()
    for end in ENDS:
        for raw in _read(path, table, end):
            row = _typed(table, raw)
            if row is not None and row.id not in seen:
                seen.add(row.id)
                yield row


def _read(path: Path, table: Table, end: str) -> Iterator[dict[str, Any]]:
    # Without its indexes: they may be torn where the table is whole.
    query = f"SELECT * FROM {table.name} NOT INDEXED ORDER BY rowid{end}"  # noqa: S608  # our names
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as opened:
        opened.row_factory = sqlite3.Row
        try:
            for row in opened.execute(query):
                yield dict(row)
        except sqlite3.Error:
            # Here the damage begins. What was read before it is kept.
            return


def _is_whole(path: Path, table: Table) -> bool:
    query = f"SELECT * FROM {table.name} NOT INDEXED"  # noqa: S608  # our names
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as opened:
            for _ in opened.execute(query):
                pass
    except sqlite3.Error:
        return False
    return True


def _typed(table: Table, raw: Mapping[str, Any]) -> SimpleNamespace | None:
    """The row as the catalogue's own queries give it; an older schema lacks some columns."""
    values = {}
    try:
        for column in table.columns:
            process = column.type.dialect_impl(DIALECT).result_processor(DIALECT, None)
            value = raw.get(column.name)
            values[column.name] = value if process is None or value is None else process(value)
    except UNFIT:
        return None
    return SimpleNamespace(**values)
