"""Answers at once what a player asks for all the time: one more part of a file that was just found.

It stands between the gate and the routes, because finding a route takes longer than sending a small
part. Whatever is not that plain (unknown, gone, at its media host) goes on to the route.
"""

from __future__ import annotations

import re

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from rushes.playback.conditions import Asked
from rushes.server.file_response import PIECE, PROOF, open_file, sender_of
from rushes.server.media_answers import from_file
from rushes.server.media_lookup import Found, MediaLookup

ADDRESS = re.compile(r"/media/([^/]+)")
METHODS = frozenset({"GET", "HEAD"})


class KnownMedia:
    def __init__(self, app: ASGIApp, lookup: MediaLookup | None) -> None:
        self._app = app
        self._lookup = lookup

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._find(scope)
        if found is None or found.file is None:
            await self._app(scope, receive, send)
            return
        asked = Asked.of(scope["method"], Headers(scope=scope))
        try:
            opened = await open_file(
                found.file, asked, PIECE if sender_of(scope) is None else PROOF
            )
        except OSError:
            # The route meets the same and says what it means.
            await self._app(scope, receive, send)
            return
        await from_file(scope["path"], opened, found.headers)(scope, receive, send)

    def _find(self, scope: Scope) -> Found | None:
        if self._lookup is None or scope["type"] != "http" or scope["method"] not in METHODS:
            return None
        match = ADDRESS.fullmatch(scope["path"])
        return None if match is None else self._lookup.known(match[1])
