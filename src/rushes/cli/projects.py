"""Which project a command works in."""

from __future__ import annotations

from rushes.cli.connection import Api
from rushes.cli.output import Document
from rushes.domain.errors import ProjectNotFoundError


async def find_project(api: Api, name_or_id: str | None) -> Document:
    """The project of this name or id; without one, the oldest.

    Raises:
        ProjectNotFoundError: there is none of this name.
    """
    projects: list[Document] = (await api.get("/api/projects"))["items"]
    if name_or_id is None:
        return projects[0]
    for project in projects:
        if name_or_id in {project["id"], project["name"]}:
            return project
    names = ", ".join(repr(project["name"]) for project in projects)
    raise ProjectNotFoundError(
        f"No project is called {name_or_id!r}; there is {names}.",
        remedy=f"Make it with: rushes projects --new {name_or_id!r}",
        field="project",
        value=name_or_id,
    )
