"""Assets over HTTP: listed, looked at, changed, imported, saved again."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from rushes.domain.listing import Filter, Sort
from rushes.domain.media_facts import MediaKind
from rushes.server.current import CurrentStudio
from rushes.server.routes.filters import asset_filter
from rushes.server.routes.uploads import body_with, uploads
from rushes.server.schemas.assets import (
    AssetChange,
    AssetList,
    AssetsChange,
    AssetsChanged,
    AssetShape,
    Hidden,
    ImportResult,
)

router = APIRouter(prefix="/api", tags=["assets"])


@router.get("/assets")
async def list_assets(
    studio: CurrentStudio,
    only: Annotated[Filter, Depends(asset_filter)],
    sort: Sort = Sort.NEWEST,
    cursor: str | None = None,
    limit: int = 100,
) -> AssetList:
    """The assets that fit. ``hidden`` says how many are not shown, and why.

    ``trashed=true`` lists the trash instead. A cursor goes on in the order that it was given in.
    """
    page, hidden = await studio.assets.page(only, sort=sort, cursor=cursor, limit=limit)
    return AssetList(
        items=[AssetShape.of(asset) for asset in page.items],
        next_cursor=page.next_cursor,
        total=page.total,
        hidden=Hidden(
            filters=hidden.filters,
            trash=hidden.trash,
            other_projects=sum(other.count for other in hidden.other_projects),
            unsaved=hidden.unsaved,
        ),
    )


@router.get("/assets/{asset_id}")
async def get_asset(asset_id: str, studio: CurrentStudio) -> AssetShape:
    """One asset. Where its file was missing, it is looked whether it is back."""
    asset = await studio.assets.get(asset_id)
    return AssetShape.of(await studio.pipeline.recovery.look_again(asset))


@router.patch("/assets/{asset_id}")
async def change_asset(asset_id: str, change: AssetChange, studio: CurrentStudio) -> AssetShape:
    changed = await studio.assets.change(
        asset_id,
        name=change.name,
        rating=change.rating,
        flag=change.flag,
        notes=change.notes,
        trashed=change.trashed,
    )
    return AssetShape.of(changed)


@router.post("/assets/change")
async def change_assets(order: AssetsChange, studio: CurrentStudio) -> AssetsChanged:
    """The same change for several assets at once: for all of them, or for none."""
    change = order.change
    changed = await studio.assets.change_all(
        order.ids, rating=change.rating, flag=change.flag, trashed=change.trashed
    )
    return AssetsChanged(assets=[AssetShape.of(asset) for asset in changed])


@router.delete("/assets/{asset_id}")
async def trash_asset(asset_id: str, studio: CurrentStudio) -> AssetShape:
    """Put it into the trash. The file stays; ``PATCH {"trashed": false}`` takes it back."""
    return AssetShape.of(await studio.assets.change(asset_id, trashed=True))


@router.post(
    "/projects/{project_id}/imports",
    status_code=HTTPStatus.CREATED,
    openapi_extra=body_with("files", is_list=True),
)
async def import_files(
    project_id: str, request: Request, studio: CurrentStudio, only: MediaKind | None = None
) -> ImportResult:
    """Copy files into a project: each in a part of the form that is called ``files``.

    Each is measured before it is listed. One that is refused ends it; those before it are imported.
    """
    async with uploads(request, "files") as files:
        imported = [
            await studio.imports.add(project_id, file.name, file.pieces, only=only)
            async for file in files
        ]
    return ImportResult(assets=[AssetShape.of(asset) for asset in imported])
