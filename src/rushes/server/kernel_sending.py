"""Lets the system send a file to a player by itself, so that no byte passes through Python.

It is an extension of ASGI that our own server offers: a response that finds it in its scope hands
over an open file after its first bytes, and one that does not find it sends the bytes itself. It
needs Linux and a connection without TLS.
"""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio import Future, Transport

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from rushes.server.file_response import EXTENSION, SENDER
from rushes.server.reading_ahead import CAN_TELL, bring_into_memory

PIECE = 512 * 1024
"""Bytes from one turn of the others to the next."""
IS_POSSIBLE = sys.platform == "linux" and CAN_TELL


class FileSender:
    """Sends parts of files as the rest of one answer."""

    def __init__(self, cycle: RequestResponseCycle) -> None:
        self._cycle = cycle

    async def __call__(self, descriptor: int, start: int, end: int, leaving: Future[None]) -> bool:
        """Whether all was sent; if not, whoever asked has gone away.

        Raises:
            EOFError: the file ends before ``end``.
        """
        transport = self._cycle.transport
        transport.set_write_buffer_limits(high=0)
        try:
            await self._until_flushed(transport, leaving)
            return await self._send(transport, descriptor, start, end, leaving)
        finally:
            transport.set_write_buffer_limits()

    async def _until_flushed(self, transport: Transport, leaving: Future[None]) -> None:
        """What was sent before is still with the server: nothing may overtake it."""
        while transport.get_write_buffer_size() and not leaving.done():
            await asyncio.sleep(0)
            await self._cycle.flow.drain()

    async def _send(
        self, transport: Transport, descriptor: int, start: int, end: int, leaving: Future[None]
    ) -> bool:
        # Of its own: the server's may be closed, and its number taken by another, while we wait.
        outlet = os.dup(transport.get_extra_info("socket").fileno())
        try:
            while start < end and not leaving.done():
                start += await self._send_piece(outlet, descriptor, start, end, leaving)
        except ConnectionError:
            transport.abort()
            await asyncio.wait([leaving])
        finally:
            os.close(outlet)
        return start == end

    async def _send_piece(
        self, outlet: int, descriptor: int, start: int, end: int, leaving: Future[None]
    ) -> int:
        length = min(PIECE, end - start)
        await bring_into_memory(descriptor, start, length)
        try:
            sent = os.sendfile(outlet, descriptor, start, length)
        except BlockingIOError:
            await _until_writable(outlet, leaving)
            return 0
        if sent == 0:
            raise EOFError(f"the file ends after {start} bytes")
        self._cycle.expected_content_length -= sent
        if sent < length:
            await _until_writable(outlet, leaving)
        else:
            await asyncio.sleep(0)
        return sent


class SendingProtocol(HttpToolsProtocol):
    """uvicorn's own, which also offers the extension."""

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        # The answer begins in a later turn of the loop. An upgrade has no answer of its own.
        if getattr(self.cycle, "scope", None) is self.scope:
            self.scope["extensions"] = {EXTENSION: {SENDER: FileSender(self.cycle)}}


async def _until_writable(outlet: int, leaving: Future[None]) -> None:
    loop = asyncio.get_running_loop()
    ready: Future[None] = loop.create_future()

    def wake(_: object = None) -> None:
        if not ready.done():
            ready.set_result(None)

    loop.add_writer(outlet, wake)
    leaving.add_done_callback(wake)
    try:
        await ready
    finally:
        leaving.remove_done_callback(wake)
        loop.remove_writer(outlet)
