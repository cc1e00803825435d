"""Open a clip at its media host, to be passed on through our own address: judged before it is sent.

What a host says is not repeated blindly: its range has to be the one that was asked for, its type
one that a player can do with, and an error becomes a problem of ours. Nothing but the request goes
to it: the client that it is asked with holds no key and no cookie.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from http import HTTPStatus

import httpx

from rushes.domain.errors import DownloadNotMediaError, DownloadShortError, RangeError
from rushes.domain.generation import Transfer
from rushes.domain.http_numbers import number_of
from rushes.domain.http_versions import strong_validator
from rushes.playback.conditions import Asked
from rushes.playback.ranges import Part, Unsatisfiable, wanted_bytes
from rushes.store.download import (
    CONTENT_RANGE,
    check_is_media,
    content_length,
    interrupted,
    no_answer,
    refusal,
)
from rushes.store.media_client import MediaClient

UNKNOWN = 10**18
"""A size beyond every file: with it a range that is well formed is told from one that is not."""
SAFE_TYPES = re.compile(
    r"video/(mp4|webm|quicktime|ogg|x-matroska|mpeg)|"
    r"audio/(mp4|mpeg|ogg|wav|x-wav|webm|aac|flac)|"
    r"image/(png|jpeg|webp|gif|avif)"
)
"""What a browser only shows or plays. Everything else is named bytes, and nothing more."""
UNNAMED = "application/octet-stream"
PASSED_ON = ("ETag", "Last-Modified")
VISIBLE = re.compile(r"[\x20-\x7e]{1,256}")
"""What of a header is passed on, in either direction: HTTP itself carries more, our clients not."""


@dataclass(frozen=True, slots=True)
class Passage:
    """What is passed on of an answer, apart from its body."""

    status: HTTPStatus
    headers: Mapping[str, str]
    """As we send them."""
    start: int
    """The place of its first byte in the file."""
    length: int | None
    """How many bytes it will bring; None where the host does not say."""
    total: int | None
    """How many the whole file has."""
    version: str | None
    """What tells this file for certain from a later one under the same address."""


class Relayed:
    """A judged answer of a media host whose body is still to come. To be closed."""

    def __init__(
        self,
        passage: Passage,
        response: httpx.Response,
        closing: AsyncExitStack,
        stall_seconds: float,
    ) -> None:
        self.passage = passage
        self._response = response
        self._closing = closing
        self._stall_seconds = stall_seconds

    @property
    def heard(self) -> httpx.Headers:
        """The headers that the host itself has sent."""
        return self._response.headers

    async def pieces(self) -> AsyncGenerator[bytes]:
        """The bytes as they come; no more is asked for than is taken.

        Raises:
            DownloadError: it was cut off, or more came than was announced.
        """
        came, length = 0, self.passage.length
        try:
            async for piece in self._response.aiter_raw():
                came += len(piece)
                if length is not None and came > length:
                    raise DownloadShortError(f"More came than the announced {length} bytes.")
                yield piece
        except httpx.TransportError as error:
            raise interrupted(error, self._stall_seconds, Transfer(came, length)) from error
        if length is not None and came < length:
            raise DownloadShortError(f"{came} bytes instead of {length}.")

    async def close(self) -> None:
        await self._closing.aclose()


async def open_relay(
    client: MediaClient,
    url: str,
    asked: Asked,
    *,
    content_type: str | None = None,
    origin: str | None = None,
) -> Relayed:
    """Ask the media host for what was asked of us.

    ``content_type`` is what was measured in the bytes, when they have been here once. ``origin`` is
    told to the host only to see whether it would let a page of this origin read.

    Raises:
        MediaGoneError: the host no longer has it (403, 404, 410).
        MediaHostRefusedError: it lies where Rushes may not call.
        RangeError: the range lies outside the file.
        DownloadError: no answer came, or one that is no clip.
    """
    headers = _headers_for(asked)
    if origin is not None:
        headers["Origin"] = origin
    async with AsyncExitStack() as stack:
        try:
            response = await stack.enter_async_context(client.get(url, headers))
        except httpx.TransportError as error:
            raise no_answer(error, client.stall_seconds) from error
        passage = _judge(response, headers.get("Range"), content_type)
        return Relayed(passage, response, stack.pop_all(), client.stall_seconds)


def _headers_for(asked: Asked) -> dict[str, str]:
    """Only a single, well-formed range is passed on; whatever else there is gets the whole file.

    A condition that cannot be passed on is one that nothing meets.
    """
    headers = {}
    if asked.if_none_match is not None:
        headers["If-None-Match"] = asked.if_none_match
    elif asked.if_modified_since is not None:
        headers["If-Modified-Since"] = asked.if_modified_since
    if asked.range is not None and _may_ask_for_part(asked):
        headers["Range"] = asked.range
        if asked.if_range is not None:
            headers["If-Range"] = asked.if_range
    return {name: value for name, value in headers.items() if VISIBLE.fullmatch(value)}


def _may_ask_for_part(asked: Asked) -> bool:
    if asked.is_head or not (asked.if_range is None or VISIBLE.fullmatch(asked.if_range)):
        return False
    wanted = wanted_bytes(asked.range, UNKNOWN)
    return isinstance(wanted, Part) or wanted == Unsatisfiable()


def _judge(response: httpx.Response, asked: str | None, content_type: str | None) -> Passage:
    status = response.status_code
    kept = {name: response.headers[name] for name in PASSED_ON if _is_plain(response, name)}
    headers = {
        **kept,
        "Cache-Control": "private, no-cache",
        "Content-Type": content_type or _safe_type(response),
    }
    if status == HTTPStatus.NOT_MODIFIED:
        return Passage(HTTPStatus.NOT_MODIFIED, headers, 0, 0, None, None)
    if status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and asked is not None:
        raise _outside(response)
    if status not in {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT}:
        raise refusal(response)
    check_is_media(response)
    if status == HTTPStatus.OK:
        return _whole(response, headers)
    return _part(response, asked, headers)


def _whole(response: httpx.Response, headers: dict[str, str]) -> Passage:
    length = content_length(response)
    takes_ranges = response.headers.get("Accept-Ranges", "").strip().lower() == "bytes"
    headers["Accept-Ranges"] = "bytes" if takes_ranges else "none"
    if length is not None:
        headers["Content-Length"] = str(length)
    version = strong_validator(response.headers)
    return Passage(HTTPStatus.OK, headers, 0, length, length, version)


def _is_plain(response: httpx.Response, name: str) -> bool:
    return VISIBLE.fullmatch(response.headers.get(name, "")) is not None


def _safe_type(response: httpx.Response) -> str:
    named = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return named if SAFE_TYPES.fullmatch(named) else UNNAMED


def _outside(response: httpx.Response) -> RangeError:
    size = number_of(response.headers.get("Content-Range", "").removeprefix("bytes */"))
    if size is None:
        return RangeError("The media host says so, and not how long the file is.")
    return RangeError(f"The file has {size} bytes.", size=size)


def _part(response: httpx.Response, asked: str | None, headers: dict[str, str]) -> Passage:
    """A part, when it is the one that was asked for."""
    named = response.headers.get("Content-Range", "no Content-Range")
    match = CONTENT_RANGE.fullmatch(named)
    if match is not None:
        first, last = int(match[1]), int(match[2])
        total = None if match[3] == "*" else int(match[3])
        if _is_asked_for(asked, first, last, total):
            length = last - first + 1
            headers["Accept-Ranges"] = "bytes"
            headers["Content-Range"] = named
            headers["Content-Length"] = str(length)
            version = strong_validator(response.headers)
            return Passage(HTTPStatus.PARTIAL_CONTENT, headers, first, length, total, version)
    raise DownloadNotMediaError(
        f"Asked for {asked or 'the whole file'}, the media host answered 206 with {named}.",
        content_range=named,
    )


def _is_asked_for(asked: str | None, first: int, last: int, total: int | None) -> bool:
    if asked is None or last < first or (total is not None and last >= total):
        return False
    wanted = wanted_bytes(asked, UNKNOWN if total is None else total)
    if not isinstance(wanted, Part):
        return False
    if total is None:
        return asked.partition("=")[2].strip().startswith("-") or first == wanted.start
    # A host may send less than was asked for, as long as it begins there.
    return first == wanted.start and last < wanted.end
