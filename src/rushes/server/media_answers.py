"""Answers that hold media: from a file of ours, or passed on from a media host."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import Response

from rushes.domain.asset import Asset
from rushes.domain.errors import MediaGoneError, MediaNotHereError, RangeError
from rushes.domain.media_reference import MissingMedia
from rushes.playback.conditions import Asked, NotModified
from rushes.playback.files import File
from rushes.playback.ranges import Part, Unsatisfiable, WholeFile
from rushes.playback.relay import Relayed
from rushes.playback.source import RemotePlayback, remote_url
from rushes.server.file_response import FilePart, Opened, open_file
from rushes.server.media_lookup import disposition
from rushes.server.problems import answer, status_of
from rushes.server.relay_response import RelayResponse
from rushes.store.storage_errors import storage_error
from rushes.studio import Studio

NO_FILE = frozenset({errno.ELOOP, errno.ENOTDIR, errno.EISDIR, errno.ENXIO})
"""What lies there is a link, a folder or a pipe: no file of ours."""


def from_file(path: str, opened: Opened, headers: Mapping[str, str]) -> Response:
    """Send what was opened. Closes it."""
    version = {"Last-Modified": opened.version.last_modified}
    if opened.version.etag is not None:
        version["ETag"] = opened.version.etag
    match opened.answer:
        case WholeFile():
            return FilePart(opened, Part(0, opened.size), HTTPStatus.OK, {**headers, **version})
        case Part(start, end) as part:
            place = {"Content-Range": f"bytes {start}-{end - 1}/{opened.size}"}
            named = {**headers, **version, **place}
            return FilePart(opened, part, HTTPStatus.PARTIAL_CONTENT, named)
        case NotModified():
            opened.close()
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={**headers, **version})
        case Unsatisfiable():
            opened.close()
            error = RangeError(f"The file has {opened.size} bytes.", size=opened.size)
            return out_of_range(path, error)


def out_of_range(path: str, error: RangeError) -> Response:
    response = answer(error.problem, status_of(RangeError), path)
    size = error.problem.facts.get("size", "*")
    response.headers["Content-Range"] = f"bytes */{size}"
    return response


async def open_listed(studio: Studio, asset: Asset, file: File, asked: Asked) -> Opened | None:
    """Open the file of an asset. None when it is gone and may be had from elsewhere.

    Raises:
        MediaNotHereError: it is gone, and nothing else can be played.
        StorageError: it cannot be read.
    """
    try:
        return await open_file(file, asked)
    except FileNotFoundError as error:
        # Nothing happens to what is not saved: the next try to save finds out by itself.
        await studio.assets.note_missing(asset.id)
        known = (await studio.assets.get(asset.id)).media
        if remote_url(known) and studio.playback.preference is not RemotePlayback.LOCAL:
            return None
        name = known.path if isinstance(known, MissingMedia) else file.path
        raise MediaNotHereError(
            f"{name} is not on the disk any more.", state=known.state
        ) from error
    except OSError as error:
        if error.errno in NO_FILE:
            raise MediaNotHereError(
                f"{file.path} is no file of this library.", state=asset.media.state
            ) from error
        raise storage_error(error, file.path.parent) from error


async def from_media_host(studio: Studio, asset: Asset, asked: Asked, path: str) -> Response:
    """Pass the clip on. When the media host says that it is gone, the provider is asked: it may
    name another address, which is tried once.
    """
    try:
        relayed = await studio.playback.relay(asset, asked)
    except RangeError as error:
        return out_of_range(path, error)
    except MediaGoneError as error:
        now = await studio.pipeline.recovery.ask_about(asset.id, error)
        if now.media.url == asset.media.url or now.media.state != asset.media.state:
            raise
        asset = now
        relayed = await studio.playback.relay(asset, asked)
    headers = {"Content-Disposition": disposition(_name_of(asset, relayed))}
    passage, keep = relayed.passage, None
    if studio.passed is not None:
        keep = studio.passed.watch(asset, passage.total, passage.version)
    return RelayResponse(relayed, headers, keep)


def _name_of(asset: Asset, relayed: Relayed) -> str:
    ending = relayed.passage.headers["Content-Type"].rpartition("/")[2]
    return f"{asset.name}.{ending}" if ending.isalnum() else asset.name
