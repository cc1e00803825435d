"""Bytes that are not here, brought here because a person asks. Nothing here costs.

Each address may be called twice and from two places at once. The answer comes when the attempt has
ended, or after a minute with what is known then.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request

from rushes.pipeline.recovery import Recovered
from rushes.server.current import CurrentStudio
from rushes.server.routes.uploads import body_with, uploads
from rushes.server.schemas.problems import ProblemShape
from rushes.server.schemas.recovery import (
    KeptInTrash,
    RecoveryResult,
    RecoveryResults,
    TrashResult,
)

router = APIRouter(prefix="/api", tags=["recovery"])

OfProject = Annotated[str | None, Query(description="Only what belongs to this project.")]


@router.post("/assets/retry")
async def retry_assets(studio: CurrentStudio, project: OfProject = None) -> RecoveryResults:
    """Try at once to save everything that has failed, and look again for missing files."""
    return _results(await studio.pipeline.recovery.retry_all(project))


@router.post("/assets/download")
async def download_assets(studio: CurrentStudio, project: OfProject = None) -> RecoveryResults:
    """Bring everything here whose bytes are at the provider."""
    return _results(await studio.pipeline.recovery.download_all(project))


@router.post("/assets/{asset_id}/retry")
async def retry_asset(asset_id: str, studio: CurrentStudio) -> RecoveryResult:
    """Try at once to save it; of a saved or missing one the file is looked at again."""
    [recovered] = await studio.pipeline.recovery.retry([asset_id])
    return _result(recovered)


@router.post("/assets/{asset_id}/download")
async def download_asset(asset_id: str, studio: CurrentStudio) -> RecoveryResult:
    """The same, and a missing file is brought again where the provider still has it."""
    [recovered] = await studio.pipeline.recovery.download([asset_id])
    return _result(recovered)


@router.post("/assets/{asset_id}/relink", openapi_extra=body_with("file", is_list=False))
async def relink_asset(
    asset_id: str, request: Request, studio: CurrentStudio, *, anyway: bool = False
) -> RecoveryResult:
    """Give an expired, missing or damaged asset a file that you have, as the part ``file``.

    It is copied into the library. A damaged file under its name stays on the disk.

    Where bytes were saved before, others are refused, unless ``anyway``.
    """
    async with uploads(request, "file") as files:
        file = await anext(files)
        relinked = await studio.relinks.relink(asset_id, file.name, file.pieces, anyway=anyway)
    return RecoveryResult.of(relinked, None)


@router.post("/trash/empty")
async def empty_trash(studio: CurrentStudio) -> TrashResult:
    """Delete everything in the trash with its files, for good. What was bought stays on record."""
    emptied = await studio.trash.empty()
    return TrashResult(
        removed=emptied.removed,
        freed=emptied.freed,
        kept=[
            KeptInTrash(asset_id=kept.asset_id, problem=ProblemShape.of(kept.problem))
            for kept in emptied.kept
        ],
    )


def _result(one: Recovered) -> RecoveryResult:
    return RecoveryResult.of(one.asset, one.failure, under_way=one.under_way)


def _results(recovered: Sequence[Recovered]) -> RecoveryResults:
    return RecoveryResults.of([_result(one) for one in recovered])
