"""Catalogues of their own for tests, on real SQLite files."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rushes.catalogue import projects
from rushes.catalogue.catalogue import Catalogue
from rushes.domain.asset import Asset, Imported
from rushes.domain.ids import AssetId, ProjectId, new_id
from rushes.domain.media_facts import MediaKind
from rushes.domain.media_reference import SavedMedia
from rushes.domain.project import Project

NOW = datetime(2026, 3, 1, 12, 30, 15, 123_457, tzinfo=UTC)
SHA = "0123456789abcdef" * 4
IMPATIENT = 0.05
"""Seconds to wait for another program's lock: the tests know that it will not be let go."""


def project(name: str = "P") -> Project:
    return Project(ProjectId(new_id()), name, f"{name}-{new_id()}", NOW)


@asynccontextmanager
async def opened(path: Path, **options: float) -> AsyncIterator[Catalogue]:
    catalogue = await Catalogue.open(path, **options)
    try:
        yield catalogue
    finally:
        await catalogue.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "catalogue.sqlite"


@pytest.fixture
async def catalogue(path: Path) -> AsyncIterator[Catalogue]:
    async with opened(path) as catalogue:
        yield catalogue


async def add(catalogue: Catalogue, new: Project) -> None:
    await catalogue.write(lambda transaction: projects.insert(transaction, new))


async def names(catalogue: Catalogue) -> set[str]:
    listed = await catalogue.read(projects.list_all)
    return {one.name for one, _ in listed}


def imported(project_id: ProjectId) -> Asset:
    return Asset(
        id=AssetId(new_id()),
        project_id=project_id,
        name="clip",
        kind=MediaKind.VIDEO,
        take_number=1,
        origin=Imported("clip.mp4"),
        media=SavedMedia(f"media/p/{new_id()}.mp4", 3, SHA),
        facts=None,
        created_at=NOW,
    )
