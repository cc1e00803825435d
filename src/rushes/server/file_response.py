"""Send a part of a file. Opening, measuring and the first read are one visit to a thread."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from rushes.playback.conditions import Answer, Asked, Version, answer_to
from rushes.playback.files import File
from rushes.playback.ranges import Part, WholeFile
from rushes.store.open_beneath import open_beneath

PIECE = 1024 * 1024
"""Bytes read and sent at a time: few visits to a thread, and memory stays flat."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An open file, what to send of it, and the beginning of that."""

    descriptor: int | None
    """None when all that is wanted has been read."""
    size: int
    version: Version
    answer: Answer
    first: bytes

    def close(self) -> None:
        if self.descriptor is not None:
            os.close(self.descriptor)


async def open_file(file: File, asked: Asked) -> Opened:
    """Raises FileNotFoundError and other OSErrors."""
    return await asyncio.to_thread(_open, file, asked)


def _open(file: File, asked: Asked) -> Opened:
    descriptor = open_beneath(file.folder, file.path)
    try:
        found = os.fstat(descriptor)
        is_known = file.sha256 is not None and file.size in {None, found.st_size}
        version = Version(
            f'"{file.sha256}"' if is_known else None, datetime.fromtimestamp(found.st_mtime, UTC)
        )
        answer = answer_to(asked, version, found.st_size, datetime.now(UTC))
        part = part_of(answer, found.st_size)
        wanted = 0 if part is None or asked.is_head else part.length
        first = os.pread(descriptor, min(PIECE, wanted), part.start) if part and wanted else b""
    except BaseException:
        os.close(descriptor)
        raise
    if len(first) == wanted:
        os.close(descriptor)
        return Opened(None, found.st_size, version, answer, first)
    return Opened(descriptor, found.st_size, version, answer, first)


def part_of(answer: Answer, size: int) -> Part | None:
    """The bytes that an answer holds; None when it holds none."""
    match answer:
        case WholeFile():
            return Part(0, size)
        case Part():
            return answer
        case _:
            return None


class FilePart(Response):
    """Streams a part of an open file and closes it, whatever happens to the connection."""

    def __init__(self, opened: Opened, part: Part, status: int, headers: Mapping[str, str]) -> None:
        length = {"Content-Length": str(part.length)}
        super().__init__(None, status, {**headers, **length})
        self._opened = opened
        self._part = part

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            start = {"type": "http.response.start", "status": self.status_code}
            await send({**start, "headers": self.raw_headers})
            first = self._opened.first
            goes_on = len(first) < self._part.length and scope["method"] != "HEAD"
            await send({"type": "http.response.body", "body": first, "more_body": goes_on})
            if goes_on:
                await self._send_while_wanted(receive, send)
        finally:
            self._opened.close()

    async def _send_while_wanted(self, receive: Receive, send: Send) -> None:
        # A browser that seeks closes the connection, and a closed one takes bytes without a word.
        leaving = asyncio.create_task(left(receive))
        try:
            await self._send_pieces(send, leaving)
        finally:
            leaving.cancel()

    async def _send_pieces(self, send: Send, leaving: asyncio.Task[None]) -> None:
        place = self._part.start + len(self._opened.first)
        descriptor = self._opened.descriptor
        assert descriptor is not None, "what is not read whole stays open"
        while place < self._part.end and not leaving.done():
            length = min(PIECE, self._part.end - place)
            piece = await asyncio.to_thread(os.pread, descriptor, length, place)
            if not piece:
                raise EOFError(f"the file became shorter than {self._opened.size} bytes")
            place += len(piece)
            more = place < self._part.end
            await send({"type": "http.response.body", "body": piece, "more_body": more})


async def left(receive: Receive) -> None:
    """Return when whoever asked has gone away."""
    while (await receive())["type"] != "http.disconnect":
        pass
