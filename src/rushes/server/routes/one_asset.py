"""What is done with one asset: a frame taken out of it, its file found on this machine."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address

from fastapi import APIRouter, Request, Response

from rushes.domain.errors import CannotRevealError, MediaNotHereError
from rushes.server.current import CurrentStudio
from rushes.server.schemas.assets import AssetShape, FileShape, FrameOrder

router = APIRouter(prefix="/api", tags=["assets"])


@router.post("/assets/{asset_id}/frames", status_code=HTTPStatus.CREATED)
async def take_frame(asset_id: str, order: FrameOrder, studio: CurrentStudio) -> AssetShape:
    """Keep exactly this frame as a picture in the same project. Asked again it is the same one."""
    number = {"first": 0, "last": None}[order.at] if isinstance(order.at, str) else order.at
    return AssetShape.of(await studio.frames.take(asset_id, number))


@router.get("/assets/{asset_id}/file")
async def find_file(asset_id: str, studio: CurrentStudio) -> FileShape:
    """Where its bytes lie on this machine; of a missing one, where they were."""
    asset = await studio.assets.get(asset_id)
    file = studio.whereabouts.file_of(asset)
    if file is None:
        raise MediaNotHereError(f"Its state is {asset.media.state}.", state=asset.media.state)
    is_there = await asyncio.to_thread(file.exists)
    return FileShape(path=str(file), folder=str(file.parent), is_there=is_there)


@router.post("/assets/{asset_id}/reveal", status_code=HTTPStatus.NO_CONTENT)
async def reveal_file(asset_id: str, request: Request, studio: CurrentStudio) -> Response:
    """Open the folder with its file in the file manager of this machine."""
    if request.client is None or not _is_of_this_machine(request.client.host):
        raise CannotRevealError("The studio runs on another machine than the one that asks.")
    asset = await studio.assets.get(asset_id)
    file = studio.whereabouts.file_of(asset)
    if file is None:
        raise MediaNotHereError(f"Its state is {asset.media.state}.", state=asset.media.state)
    await studio.reveal.show(file)
    return Response(status_code=HTTPStatus.NO_CONTENT)


def _is_of_this_machine(address: str) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False  # a server may call whoever asks by any name
    inner = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return (inner or found).is_loopback
