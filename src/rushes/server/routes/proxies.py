"""A copy that every browser plays: have it made, see how far it is, play it."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from rushes.domain.errors import ProxyNotThereError
from rushes.domain.media_facts import MediaKind
from rushes.domain.playing import ProxyState
from rushes.playback.conditions import Asked
from rushes.server.current import CurrentStudio
from rushes.server.file_response import open_file
from rushes.server.media_answers import from_file
from rushes.server.media_lookup import disposition
from rushes.server.schemas.playback import ProxyShape
from rushes.server.schemas.problems import ProblemDocument

CONTENT_TYPES = {MediaKind.VIDEO: "video/mp4", MediaKind.AUDIO: "audio/mp4"}

router = APIRouter(tags=["media"])


@router.post(
    "/api/assets/{asset_id}/proxy",
    status_code=HTTPStatus.ACCEPTED,
    responses={200: {"description": "It is there", "model": ProxyShape}},
)
async def make_proxy(asset_id: str, studio: CurrentStudio, response: Response) -> ProxyShape:
    """Have a copy made that every browser plays. It is made once; ask with GET how far it is."""
    asset = await studio.assets.get(asset_id)
    proxy = await studio.proxies.make(asset)
    if proxy.state is ProxyState.READY:
        response.status_code = HTTPStatus.OK
    return ProxyShape.of(asset, proxy)


@router.get("/api/assets/{asset_id}/proxy")
async def get_proxy_state(asset_id: str, studio: CurrentStudio) -> ProxyShape:
    """Whether there is a copy to play, and how far the one is that is being made."""
    asset = await studio.assets.get(asset_id)
    return ProxyShape.of(asset, await studio.proxies.of(asset))


@router.get(
    "/media/{asset_id}/proxy",
    response_class=Response,
    responses={
        200: {"description": "The whole copy", "content": {"video/mp4": {}, "audio/mp4": {}}},
        206: {"description": "The part that was asked for"},
        304: {"description": "It has not changed"},
        416: {"description": "The range lies outside the file", "model": ProblemDocument},
    },
)
@router.head("/media/{asset_id}/proxy", include_in_schema=False)
async def get_proxy(request: Request, asset_id: str, studio: CurrentStudio) -> Response:
    """The copy, whole or a part of it, like the original."""
    asset = await studio.assets.get(asset_id)
    file = await studio.proxies.file_of(asset)
    try:
        opened = await open_file(file, Asked.of(request.method, request.headers))
    except FileNotFoundError as error:
        raise ProxyNotThereError("It has just been removed.") from error
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        "Content-Type": CONTENT_TYPES.get(asset.kind, "video/mp4"),
        "Content-Disposition": disposition(f"{asset.name}-proxy.mp4"),
    }
    return from_file(request.url.path, opened, headers)
