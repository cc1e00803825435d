"""Send a part of a file. Opening and measuring it are one visit to a thread."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from rushes.playback.conditions import Answer, Asked, Version, answer_to
from rushes.playback.files import File
from rushes.playback.ranges import Part, WholeFile
from rushes.server.reading_ahead import AT_ONCE
from rushes.store.open_beneath import open_beneath

PIECE = 512 * 1024
"""Bytes read and sent at a time: few steps, and memory stays flat."""
LONG, FOR_A_WHILE = 0.02, 60.0
"""Seconds."""
PROOF = 16 * 1024
"""Bytes that are read before an answer begins, where the system sends the rest by itself."""


EXTENSION, SENDER = "rushes.send_file", "sender"
"""What our server calls its own way to send a file, in the scope of a request."""


class SendFile(Protocol):
    async def __call__(
        self, descriptor: int, start: int, end: int, leaving: asyncio.Future[None]
    ) -> bool: ...


@dataclass(frozen=True, slots=True)
class Opened:
    """An open file, what to send of it, and the beginning of that."""

    descriptor: int
    size: int
    version: Version
    answer: Answer
    first: bytes | bytearray = b""

    def close(self) -> None:
        os.close(self.descriptor)


async def open_file(file: File, asked: Asked, first: int = PIECE) -> Opened:
    """Open a file and read the first bytes that are asked for.

    Raises:
        FileNotFoundError, OSError
    """
    loop = asyncio.get_running_loop()
    opened = await loop.run_in_executor(None, _open, file, asked)
    return await _begun(opened, asked, first)


class QuickOpening:
    """Opens files that were just open, without the visit to a thread, as long as that is quick.

    The system has the way to such a file in its memory. Where it has to ask a disk all the same,
    and that takes long, threads do it for a while.
    """

    def __init__(self) -> None:
        self._threads_until = 0.0

    async def open(self, file: File, asked: Asked, first: int) -> Opened:
        """Raises like ``open_file``."""
        begun = time.monotonic()
        if begun < self._threads_until:
            return await open_file(file, asked, first)
        opened = _open(file, asked)
        now = time.monotonic()
        if now - begun > LONG:
            self._threads_until = now + FOR_A_WHILE
        return await _begun(opened, asked, first)


async def _begun(opened: Opened, asked: Asked, first: int) -> Opened:
    part = part_of(opened.answer, opened.size)
    if part is None or asked.is_head or part.length == 0:
        return opened
    try:
        begun = await read_piece(opened.descriptor, part.start, min(first, part.length))
    except BaseException:
        opened.close()
        raise
    return replace(opened, first=begun)


def _open(file: File, asked: Asked) -> Opened:
    descriptor = open_beneath(file.folder, file.path)
    try:
        found = os.fstat(descriptor)
        version = Version(_tag(file, found), datetime.fromtimestamp(found.st_mtime, UTC))
        answer = answer_to(asked, version, found.st_size, datetime.now(UTC))
    except BaseException:
        os.close(descriptor)
        raise
    return Opened(descriptor, found.st_size, version, answer)


def _tag(file: File, found: os.stat_result) -> str | None:
    """The hash alone would also name bytes that have come to lie there since it was taken."""
    if file.version is None or file.size not in {None, found.st_size}:
        return None
    return f'"{file.version}-{found.st_size:x}-{found.st_mtime_ns:x}"'


async def read_piece(descriptor: int, place: int, length: int) -> bytes | bytearray:
    """What lies there, at most so much. Read at once where the system has it in memory; for what
    has to come from the disk a thread waits. The visit to a thread costs more than such a read.
    """
    if AT_ONCE is not None:
        piece = bytearray(length)
        try:
            came = os.preadv(descriptor, [piece], place, AT_ONCE)
        except (BlockingIOError, OSError):
            came = 0  # a thread finds out what it is
        if came == length:
            return piece
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(None, os.pread, descriptor, length, place)


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
                await self._send_while_wanted(scope, receive, send)
        finally:
            self._opened.close()

    async def _send_while_wanted(self, scope: Scope, receive: Receive, send: Send) -> None:
        # A browser that seeks closes the connection, and a closed one takes bytes without a word.
        leaving = asyncio.create_task(left(receive))
        try:
            if (send_file := sender_of(scope)) is not None:
                start = self._part.start + len(self._opened.first)
                if await send_file(self._opened.descriptor, start, self._part.end, leaving):
                    await send({"type": "http.response.body", "body": b"", "more_body": False})
            else:
                await self._send_pieces(send, leaving)
        finally:
            leaving.cancel()

    async def _send_pieces(self, send: Send, leaving: asyncio.Task[None]) -> None:
        place = self._part.start + len(self._opened.first)
        while place < self._part.end and not leaving.done():
            length = min(PIECE, self._part.end - place)
            piece = await read_piece(self._opened.descriptor, place, length)
            if not piece:
                raise EOFError(f"the file became shorter than {self._opened.size} bytes")
            place += len(piece)
            more = place < self._part.end
            await send({"type": "http.response.body", "body": piece, "more_body": more})


async def left(receive: Receive) -> None:
    """Return when whoever asked has gone away."""
    while (await receive())["type"] != "http.disconnect":
        pass


def sender_of(scope: Scope) -> SendFile | None:
    """The server's own way to send a file, where it has one."""
    found: SendFile | None = scope.get("extensions", {}).get(EXTENSION, {}).get(SENDER)
    return found
