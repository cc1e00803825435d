"""Projects as they are sent."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Self

from rushes.domain.project import Project
from rushes.server.schemas.shape import Body, Shape


class ProjectShape(Shape):
    id: str
    name: str
    folder: str
    created_at: datetime
    trashed_at: datetime | None
    keep: Literal["files", "links"]
    """What it keeps of the clips of a provider: their bytes, or their addresses only."""
    may_let_go: bool
    """Whether you may have saved files removed that are proven to be at the provider."""
    assets: int
    """How many assets it lists."""

    @classmethod
    def of(cls, project: Project, *, assets: int) -> Self:
        return cls(
            id=project.id,
            name=project.name,
            folder=project.media_folder,
            created_at=project.created_at,
            trashed_at=project.trashed_at,
            keep=project.keep.value,
            may_let_go=project.may_let_go,
            assets=assets,
        )


class ProjectReference(Shape):
    id: str
    name: str
    trashed_at: datetime | None

    @classmethod
    def of(cls, project: Project) -> Self:
        return cls(id=project.id, name=project.name, trashed_at=project.trashed_at)


class ProjectList(Shape):
    items: list[ProjectShape]


class NewProject(Body):
    name: str


class ProjectChange(Body):
    """Only the given fields change."""

    name: str | None = None
    trashed: bool | None = None
    may_let_go: bool | None = None
    """``true`` only makes it possible: nothing is let go before you ask for it."""
    keep: Literal["files", "links"] | None = None
    """``links``: coming clips of a provider stay there until you download them."""
