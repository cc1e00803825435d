"""The bytes of an asset and its poster, from our own address."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from fastapi import APIRouter, Request, Response

from rushes.domain.asset import Asset
from rushes.domain.errors import MediaNotHereError
from rushes.domain.media_facts import MediaKind
from rushes.playback.conditions import Asked
from rushes.playback.files import File
from rushes.playback.source import not_here
from rushes.server.current import CurrentStudio
from rushes.server.file_response import open_file
from rushes.server.media_answers import from_file, from_media_host, open_listed
from rushes.server.media_lookup import MediaLookup
from rushes.server.schemas.problems import ProblemDocument
from rushes.store.storage_errors import storage_errors
from rushes.studio import Studio

POSTER = {"Content-Type": "image/jpeg", "Cache-Control": "private, max-age=3600"}

router = APIRouter(tags=["media"])


@router.get(
    "/media/{asset_id}",
    response_class=Response,
    responses={
        200: {"description": "The whole file", "content": {"video/*": {}, "image/*": {}}},
        206: {"description": "The part that was asked for"},
        304: {"description": "It has not changed"},
        410: {"description": "The media host has it no longer", "model": ProblemDocument},
        416: {"description": "The range lies outside the file", "model": ProblemDocument},
        502: {"description": "The media host cannot be asked", "model": ProblemDocument},
    },
)
@router.head("/media/{asset_id}", include_in_schema=False)
async def get_media(request: Request, asset_id: str, studio: CurrentStudio) -> Response:
    """The saved file, or the one that waits in the spool, whole or a part of it (RFC 9110).

    What is not here is passed on from its media host, unless RUSHES_REMOTE_PLAYBACK is ``local``.
    """
    asked = Asked.of(request.method, request.headers)
    found = await _lookup_of(request).find(asset_id)
    if found.file is not None:
        opened = await open_listed(studio, found.asset, found.file, asked)
        if opened is not None:
            return from_file(request.url.path, opened, found.headers)
    # As it is now: a file that is gone has just been noted.
    asset = await studio.assets.get(asset_id)
    return await from_media_host(studio, asset, asked, request.url.path)


@router.get(
    "/media/{asset_id}/poster",
    response_class=Response,
    responses={200: {"description": "The picture", "content": {"image/jpeg": {}}}},
)
@router.head("/media/{asset_id}/poster", include_in_schema=False)
async def get_poster(request: Request, asset_id: str, studio: CurrentStudio) -> Response:
    """A still picture of the asset, made when there is none yet."""
    asset = await studio.assets.get(asset_id)
    file = await asyncio.to_thread(studio.playback.file_of, asset)
    if file is None or asset.kind is MediaKind.AUDIO:
        raise MediaNotHereError(
            f"It is {asset.kind.value}, {asset.media.state}.", state=asset.media.state
        )
    poster = studio.posters / f"{asset.id}.jpg"
    if not poster.exists():
        await _make_poster(studio, asset, file, poster)
    opened = await open_file(
        File(studio.posters, poster), replace(Asked.of(request.method, request.headers), range=None)
    )
    return from_file(request.url.path, opened, POSTER)


async def _make_poster(studio: Studio, asset: Asset, file: File, poster: Path) -> None:
    opened = await open_listed(studio, asset, file, Asked(is_head=True))
    if opened is None:
        raise not_here((await studio.assets.get(asset.id)).media)
    opened.close()
    with storage_errors(studio.settings.home):
        await studio.prober.make_poster(file.path, poster)


def _lookup_of(request: Request) -> MediaLookup:
    lookup = request.app.state.media_lookup
    assert isinstance(lookup, MediaLookup), "an application of a studio looks its media up"
    return lookup
