"""Pass a clip on from its media host, as fast as it is taken and as long as somebody takes it.

The next piece is asked for when the last one has gone out, so a slow player slows the media host
down and fills no memory. A player that goes away ends the request at the media host. What is cut
off there is cut off here: the connection closes, so that it cannot be taken for the whole.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextlib import aclosing

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from rushes.domain.errors import DownloadError
from rushes.pipeline.passed import OnPiece
from rushes.playback.relay import Relayed
from rushes.server.file_response import left

log = logging.getLogger(__name__)


class RelayResponse(Response):
    def __init__(self, relayed: Relayed, headers: Mapping[str, str], keep: OnPiece | None) -> None:
        super().__init__(None, relayed.passage.status, {**relayed.passage.headers, **headers})
        if relayed.passage.length is None:
            del self.headers["Content-Length"]
        self._relayed = relayed
        self._keep = keep

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        leaving: asyncio.Task[None] | None = None
        try:
            start = {"type": "http.response.start", "status": self.status_code}
            await send({**start, "headers": self.raw_headers})
            if scope["method"] != "HEAD":
                async with asyncio.timeout(None) as patience:
                    leaving = asyncio.create_task(_end_when_left(receive, patience))
                    await self._pass_on(send)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except TimeoutError:
            # Whoever asked has gone away; there is nobody to tell.
            return
        except DownloadError as error:
            # No end of the body is sent, at which the server closes the connection.
            log.warning("%s was cut off: %s", scope["path"], error)
        finally:
            if leaving is not None:
                leaving.cancel()
            await self._relayed.close()

    async def _pass_on(self, send: Send) -> None:
        place = self._relayed.passage.start
        async with aclosing(self._relayed.pieces()) as pieces:
            async for piece in pieces:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
                if self._keep is not None:
                    await self._keep(place, piece)
                place += len(piece)


async def _end_when_left(receive: Receive, patience: asyncio.Timeout) -> None:
    await left(receive)
    patience.reschedule(asyncio.get_running_loop().time())
