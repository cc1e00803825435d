"""Saved files that are let go to free room, where their project allows it. Nothing here costs.

A file goes only after its bytes were read once more at the provider: same length, same hash. So an
answer takes as long as downloading what is let go.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from rushes.server.current import CurrentStudio
from rushes.server.schemas.letting_go import LetGoResult

router = APIRouter(prefix="/api/let-go", tags=["recovery"])

OfProject = Annotated[str | None, Query(description="Only what belongs to this project.")]
Named = Annotated[
    list[str] | None, Query(alias="id", description="Only these assets; everything saved without.")
]


@router.get("")
async def look_what_can_go(
    studio: CurrentStudio, project: OfProject = None, ids: Named = None
) -> LetGoResult:
    """What would be tried, and which files stay in any case. Changes nothing, asks nobody."""
    letting_go = studio.pipeline.letting_go
    wanted = ids if ids is not None else await letting_go.all_saved(project)
    return LetGoResult.of(await letting_go.look(wanted), applied=False)


@router.post("")
async def let_go(
    studio: CurrentStudio, project: OfProject = None, ids: Named = None
) -> LetGoResult:
    """Let go of each file that may go and is proven to be at the provider; the others stay."""
    letting_go = studio.pipeline.letting_go
    wanted = ids if ids is not None else await letting_go.all_saved(project)
    return LetGoResult.of(await letting_go.let_go(wanted), applied=True)
