"""The bytes of an asset and its poster, from our own address."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Header, Request, Response

from rushes.domain.asset import Asset
from rushes.domain.errors import MediaNotHereError, RangeError
from rushes.domain.media_facts import MediaKind
from rushes.domain.media_reference import MissingMedia
from rushes.library.whereabouts import HereBytes
from rushes.playback.ranges import Part, Unsatisfiable, WholeFile, wanted_bytes
from rushes.server.current import CurrentStudio
from rushes.server.file_response import FilePart, OpenFile, open_file
from rushes.server.problems import answer, status_of
from rushes.server.schemas.problems import ProblemDocument
from rushes.store.storage_errors import storage_error, storage_errors
from rushes.studio import Studio

router = APIRouter(tags=["media"])


@router.get(
    "/media/{asset_id}",
    response_class=Response,
    responses={
        200: {"description": "The whole file", "content": {"video/*": {}, "image/*": {}}},
        206: {"description": "The part that was asked for"},
        304: {"description": "It has not changed"},
        416: {"description": "The range lies outside the file", "model": ProblemDocument},
    },
)
@router.head("/media/{asset_id}", include_in_schema=False)
async def get_media(
    asset_id: str,
    request: Request,
    studio: CurrentStudio,
    range_: Annotated[str | None, Header(alias="range")] = None,
    if_range: Annotated[str | None, Header()] = None,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """The saved file, or the one that waits in the spool, whole or a part of it (RFC 9110)."""
    asset = await studio.pipeline.recovery.look_again(await studio.assets.get(asset_id))
    here = studio.whereabouts.bytes_of(asset)
    if here is None or asset.facts is None:
        raise MediaNotHereError(f"Its state is {asset.media.state}.", state=asset.media.state)
    etag = f'"{here.sha256}"'
    headers = {
        "ETag": etag,
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        "Content-Type": asset.facts.content_type,
        "Content-Disposition": f"inline; filename*=UTF-8''{_file_name(here.path)}",
    }
    if _is_one_of(etag, if_none_match):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    file = await _open(studio, asset, here)
    wanted = wanted_bytes(range_, file.size) if if_range in {None, etag} else WholeFile()
    # Range has a meaning for GET only.
    if request.method == "HEAD":
        wanted = WholeFile()
    return _respond(request, file, wanted, headers)


@router.get(
    "/media/{asset_id}/poster",
    response_class=Response,
    responses={200: {"description": "The picture", "content": {"image/jpeg": {}}}},
)
@router.head("/media/{asset_id}/poster", include_in_schema=False)
async def get_poster(asset_id: str, request: Request, studio: CurrentStudio) -> Response:
    """A still picture of the asset, made when there is none yet."""
    asset = await studio.assets.get(asset_id)
    here = studio.whereabouts.bytes_of(asset)
    poster = studio.posters / f"{asset_id}.jpg"
    # One that was made is shown although the file is gone, or was let go.
    if not poster.exists():
        if here is None or asset.kind is MediaKind.AUDIO:
            raise MediaNotHereError(
                f"It is {asset.kind.value}, {asset.media.state}.", state=asset.media.state
            )
        (await _open(studio, asset, here)).close()
        with storage_errors(studio.settings.home):
            await studio.prober.make_poster(here.path, poster)
    headers = {"Content-Type": "image/jpeg", "Cache-Control": "private, max-age=3600"}
    file = await open_file(poster)
    return _respond(request, file, WholeFile(), headers)


def _respond(
    request: Request,
    file: OpenFile,
    wanted: WholeFile | Part | Unsatisfiable,
    headers: dict[str, str],
) -> Response:
    match wanted:
        case WholeFile():
            return FilePart(file, Part(0, file.size), HTTPStatus.OK, headers)
        case Part(start, end):
            content_range = f"bytes {start}-{end - 1}/{file.size}"
            headers = headers | {"Content-Range": content_range}
            return FilePart(file, wanted, HTTPStatus.PARTIAL_CONTENT, headers)
        case Unsatisfiable():
            file.close()
            error = RangeError(f"The file has {file.size} bytes.", size=file.size)
            response = answer(error.problem, status_of(RangeError), request.url.path)
            response.headers["Content-Range"] = f"bytes */{file.size}"
            return response


async def _open(studio: Studio, asset: Asset, here: HereBytes) -> OpenFile:
    try:
        return await open_file(here.path)
    except FileNotFoundError as error:
        # Nothing happens to what is not saved: the next try to save finds out by itself.
        await studio.assets.note_missing(asset.id)
        known = (await studio.assets.get(asset.id)).media
        name = known.path if isinstance(known, MissingMedia) else here.path
        raise MediaNotHereError(
            f"{name} is not on the disk any more.", state=known.state
        ) from error
    except OSError as error:
        raise storage_error(error, here.path.parent) from error


def _file_name(path: Path) -> str:
    return quote(path.name, safe="")


def _is_one_of(etag: str, header: str | None) -> bool:
    """If-None-Match compares weakly: a ``W/`` before a tag does not matter."""
    if header is None:
        return False
    tags = {tag.strip().removeprefix("W/") for tag in header.split(",")}
    return "*" in tags or etag in tags
