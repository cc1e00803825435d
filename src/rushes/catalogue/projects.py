"""Projects in the catalogue."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import Column, Connection, Row, Select, func, select

from rushes.catalogue.catalogue import Transaction
from rushes.catalogue.feed import Kind
from rushes.catalogue.tables import assets, projects, tallies
from rushes.domain.errors import ConflictError, ProjectNotFoundError
from rushes.domain.ids import ProjectId
from rushes.domain.listing import Shelf
from rushes.domain.project import Keep, Project


def insert(transaction: Transaction, project: Project) -> None:
    transaction.connection.execute(
        projects.insert().values(
            id=project.id,
            name=project.name,
            folder=project.folder,
            created_at=project.created_at,
            trashed_at=project.trashed_at,
            keep=project.keep.value,
        )
    )
    transaction.touch(Kind.PROJECT, project.id)


def free_folder(connection: Connection, wanted: str) -> str:
    """A folder that no project has: the wanted one, or with a number behind it.

    Compared without case, because some disks do not tell cases apart.
    """
    taken = {name.casefold() for name in connection.scalars(select(projects.c.folder))}
    names = (wanted if number == 1 else f"{wanted}-{number}" for number in count(1))
    return next(name for name in names if name.casefold() not in taken)


def get(connection: Connection, project_id: str) -> Project:
    row = connection.execute(select(projects).where(projects.c.id == project_id)).one_or_none()
    if row is None:
        raise ProjectNotFoundError(f"No project has the id {project_id!r}.", id=project_id)
    return _project(row)


def get_open(connection: Connection, project_id: str) -> Project:
    """The project, to put something into it. Raises ConflictError when it is in the trash."""
    project = get(connection, project_id)
    if project.trashed_at is not None:
        raise ConflictError(
            f"Project {project.name!r} is in the trash.", remedy="Take it out of the trash first."
        )
    return project


def list_all(connection: Connection, *, trashed: bool = False) -> list[tuple[Project, int]]:
    """All projects, oldest first, each with how many assets it lists."""
    listed = _listed(projects.c.id).scalar_subquery()
    in_trash = projects.c.trashed_at.is_not(None)
    rows = connection.execute(
        select(projects, listed.label("listed"))
        .where(in_trash if trashed else ~in_trash)
        .order_by(projects.c.created_at, projects.c.id)
    )
    return [(_project(row), row.listed) for row in rows]


def count_assets(connection: Connection, project_id: str) -> int:
    return int(connection.execute(_listed(project_id)).scalar_one())


def _listed(project_id: str | Column[str]) -> Select[Any]:
    number = func.coalesce(func.sum(tallies.c.number), 0)
    is_listed = (tallies.c.shelf == Shelf.LISTED) & tallies.c.has_asset
    return select(number).where(tallies.c.project_id == project_id, is_listed)


def rename(transaction: Transaction, project_id: str, name: str) -> None:
    _update(transaction, project_id, name=name)


def set_keep(transaction: Transaction, project_id: str, keep: Keep) -> None:
    _update(transaction, project_id, keep=keep.value)


def set_trashed(transaction: Transaction, project_id: str, at: datetime | None) -> None:
    _update(transaction, project_id, trashed_at=at)


def _update(transaction: Transaction, project_id: str, **values: object) -> None:
    get(transaction.connection, project_id)
    transaction.connection.execute(
        projects.update().where(projects.c.id == project_id).values(**values)
    )
    # The sidecars of its files name it.
    transaction.connection.execute(
        assets.update().where(assets.c.project_id == project_id).values(sidecar_owed=True)
    )
    transaction.touch(Kind.PROJECT, project_id)


def _project(row: Row[Any]) -> Project:
    return Project(
        id=ProjectId(row.id),
        name=row.name,
        folder=row.folder,
        created_at=row.created_at,
        trashed_at=row.trashed_at,
        keep=Keep(row.keep),
    )
