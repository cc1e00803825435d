"""Send a part of a file. Opening, measuring and the first read are one visit to a thread."""

from __future__ import annotations

import asyncio
import errno
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from rushes.playback.ranges import Part

PIECE = 1024 * 1024
"""Bytes read and sent at a time: few visits to a thread, and memory stays flat."""


@dataclass(slots=True)
class OpenFile:
    descriptor: int
    size: int

    def close(self) -> None:
        os.close(self.descriptor)


async def open_file(path: Path) -> OpenFile:
    """Raises FileNotFoundError and other OSErrors."""
    return await asyncio.to_thread(_open, path)


def _open(path: Path) -> OpenFile:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        os.close(descriptor)
        raise IsADirectoryError(errno.EISDIR, "It is not a file", str(path))
    return OpenFile(descriptor, found.st_size)


class FilePart(Response):
    """Streams a part of an open file and closes it, whatever happens to the connection."""

    def __init__(self, file: OpenFile, part: Part, status: int, headers: Mapping[str, str]) -> None:
        length = {"Content-Length": str(part.length)}
        super().__init__(None, status, {**headers, **length})
        self._file = file
        self._part = part

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await send(
                {
                    "type": "http.response.start",
                    "status": self.status_code,
                    "headers": self.raw_headers,
                }
            )
            if scope["method"] != "HEAD":
                await self._send_while_wanted(receive, send)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self._file.close()

    async def _send_while_wanted(self, receive: Receive, send: Send) -> None:
        # A browser that seeks closes the connection, and a closed one takes bytes without a word.
        leaving = asyncio.create_task(_left(receive))
        try:
            await self._send_pieces(send, leaving)
        finally:
            leaving.cancel()

    async def _send_pieces(self, send: Send, leaving: asyncio.Task[None]) -> None:
        place = self._part.start
        while place < self._part.end and not leaving.done():
            length = min(PIECE, self._part.end - place)
            piece = await asyncio.to_thread(os.pread, self._file.descriptor, length, place)
            if not piece:
                raise EOFError(f"the file became shorter than {self._file.size} bytes")
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            place += len(piece)


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
