"""Projects over HTTP."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter

from rushes.domain.project import Keep, Project
from rushes.server.current import CurrentStudio
from rushes.server.schemas.projects import NewProject, ProjectChange, ProjectList, ProjectShape
from rushes.studio import Studio

router = APIRouter(prefix="/api/projects", tags=["projects"])


@router.get("")
async def list_projects(studio: CurrentStudio, *, trashed: bool = False) -> ProjectList:
    listed = await studio.projects.list_all(trashed=trashed)
    return ProjectList(
        items=[ProjectShape.of(project, assets=number) for project, number in listed]
    )


@router.post("", status_code=HTTPStatus.CREATED)
async def create_project(new: NewProject, studio: CurrentStudio) -> ProjectShape:
    return ProjectShape.of(await studio.projects.create(new.name), assets=0)


@router.get("/{project_id}")
async def get_project(project_id: str, studio: CurrentStudio) -> ProjectShape:
    return await _shape(studio, await studio.projects.get(project_id))


@router.patch("/{project_id}")
async def change_project(
    project_id: str, change: ProjectChange, studio: CurrentStudio
) -> ProjectShape:
    changed = await studio.projects.change(
        project_id,
        name=change.name,
        trashed=change.trashed,
        keep=None if change.keep is None else Keep(change.keep),
        may_let_go=change.may_let_go,
    )
    return await _shape(studio, changed)


@router.delete("/{project_id}")
async def trash_project(project_id: str, studio: CurrentStudio) -> ProjectShape:
    """Put it into the trash. Its files stay; ``PATCH {"trashed": false}`` takes it back."""
    return await _shape(studio, await studio.projects.change(project_id, trashed=True))


async def _shape(studio: Studio, project: Project) -> ProjectShape:
    return ProjectShape.of(project, assets=await studio.projects.count_assets(project.id))
