"""From where an asset is played, and why not from elsewhere."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from rushes.domain.errors import MediaGoneError
from rushes.server.current import CurrentStudio
from rushes.server.schemas.playback import PlaybackShape

router = APIRouter(prefix="/api", tags=["media"])

Check = Annotated[bool, Query(description="Ask the media host now, for one byte.")]


@router.get("/assets/{asset_id}/playback")
async def get_playback(
    asset_id: str, request: Request, studio: CurrentStudio, *, check: Check = False
) -> PlaybackShape:
    """What a player loads for this asset; where there is nothing, the reason."""
    recovery = studio.pipeline.recovery
    asset = await recovery.look_again(await studio.assets.get(asset_id))
    if check:
        error = await studio.playback.listen(asset, f"http://{request.headers['host']}")
        if isinstance(error, MediaGoneError):
            asset = await recovery.ask_about(asset_id, error)
    source, proxy = await studio.playback.source_of(asset), await studio.proxies.of(asset)
    return PlaybackShape.of(asset, source, studio.playback, proxy)
