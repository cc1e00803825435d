"""The media host: public files with Range, ETag and Content-Length, and all that can go wrong."""

from __future__ import annotations

import asyncio
import io
import random
import re
import zipfile
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.emulator.clips import tagged
from tests.emulator.outcomes import ClipFile, file_of, folder_of
from tests.emulator.requests import COMPLETED, Request
from tests.emulator.state import EmulatorState
from tests.emulator.wire import Raw

PIECE = 256 * 1024
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


class MediaApi:
    def __init__(self, state: EmulatorState) -> None:
        self._state = state

    def routes(self) -> list[Route]:
        return [
            Route("/files/b/{folder}/{name}", self.file),
            Route("/moved/{folder}/{name}", self.moved),
        ]

    async def moved(self, http: HttpRequest) -> Response:
        """Where ``media-redirect-ok`` and ``media-redirect-elsewhere`` lead."""
        request = self._request(http)
        return self._file_response(http, request, file_of(request, self._state.settings))

    async def file(self, http: HttpRequest) -> Response:
        request = self._request(http)
        if request.phase != COMPLETED:
            return Response("Not Found", 404)
        for answer in (self._refusal, self._redirect, self._something_else):
            if (response := answer(http, request)) is not None:
                return response
        file = file_of(request, self._state.settings)
        return self._damaged(http, request, file) or self._file_response(http, request, file)

    def _request(self, http: HttpRequest) -> Request:
        return self._state.requests[http.path_params["name"].partition("_")[0]]

    def _refusal(self, http: HttpRequest, request: Request) -> Response | None:
        retry_after = {"retry-after": str(self._state.settings.retry_after_seconds)}
        refusals: dict[str, Callable[[], Response]] = {
            "media-404": lambda: Response("Not Found", 404),
            "media-403": lambda: Response("Forbidden", 403),
            "media-410": lambda: Response("Gone", 410),
            "media-500-once": lambda: Response("Internal Server Error", 500),
            "media-429-once": lambda: Response("Too Many Requests", 429, retry_after),
            "media-429-now": lambda: Response("Too Many Requests", 429, {"retry-after": "0"}),
        }
        name = request.cues.first(*refusals)
        if name is not None:
            return refusals[name]()
        return Response("Gone", 410) if self._has_left(http, request) else None

    def _has_left(self, http: HttpRequest, request: Request) -> bool:
        """Whether the file lies under this address no more."""
        if request.cues.strikes("media-moved"):
            request.move()
        is_elsewhere = http.path_params["folder"] != folder_of(request)
        return is_elsewhere or (request.cues.has("media-once") and request.is_sent)

    def _redirect(self, http: HttpRequest, request: Request) -> Response | None:
        moved = http.url.path.replace("/files/b/", "/moved/")
        targets = {
            "media-redirect-elsewhere": f"http://{self._state.hosts['elsewhere']}{moved}",
            "media-redirect-ok": moved,
            "media-redirect-loop": http.url.path,
        }
        name = request.cues.first(*targets)
        return Response(status_code=302, headers={"location": targets[name]}) if name else None

    def _something_else(self, http: HttpRequest, request: Request) -> Response | None:
        """A whole, well-formed answer that is no video."""
        name = request.cues.first("media-html", "media-random", "media-zip", "media-empty")
        match name:
            case "media-html":
                return HTMLResponse("<html><body>Please log in.</body></html>")
            case "media-random":
                return _video(random.Random(request.id).randbytes(60_000))
            case "media-zip":
                return _video(_zip())
            case "media-empty":
                return _video(b"")
            case _:
                return None

    def _damaged(self, http: HttpRequest, request: Request, file: ClipFile) -> Response | None:
        cues = request.cues
        part = _asked_part(http, file, _etag(request))
        if cues.has("media-short"):
            last = max(len(file) - 1000, part.start)
            return part.raw(file.read(part.start, min(part.end, last)))
        if cues.strikes("media-cut-once") or cues.strikes("media-cut-changed"):
            return part.raw(file.read(part.start, (part.start + part.end) // 2))
        if cues.has("media-cut-no-range"):
            return self._without_range(request, file)
        if cues.has("media-long"):
            announced = Part(0, len(file) - 1000, 200, len(file), _etag(request))
            return announced.raw(file.read(0, len(file)))
        if cues.has("media-no-length"):
            body = _noted(_pieces(file, 0, len(file)), request)
            return StreamingResponse(body, media_type="video/mp4")
        if cues.has("media-truncated"):
            return self._file_response(http, request, ClipFile(file.read(0, len(file) * 2 // 3)))
        if cues.has("media-changed"):
            other = ClipFile(file.read(0, len(file) - 1) + b"\xff")
            return self._file_response(http, request, other, version="-other")
        if cues.has("media-cut-changed"):
            changed = ClipFile(tagged(file.read(0, len(file)), "changed"))
            return self._file_response(http, request, changed, version="-changed")
        return None

    def _without_range(self, request: Request, file: ClipFile) -> Response:
        whole = file.read(0, len(file))
        if not request.cues.strikes("media-cut-no-range"):
            return _video(whole)
        headers = {"content-type": "video/mp4", "content-length": str(len(file))}
        return Raw(200, headers, whole[: len(whole) // 2])

    def _file_response(
        self, http: HttpRequest, request: Request, file: ClipFile, version: str = ""
    ) -> Response:
        part = _asked_part(http, file, _etag(request, version))
        if http.method == "HEAD" or part.status == 416:
            return Response(status_code=part.status, headers=part.headers())
        is_slow = request.cues.has("media-slow")
        pause = self._state.settings.slow_piece_seconds if is_slow else 0
        piece = max((part.end - part.start) // 20, 1) if is_slow else PIECE
        body = _pieces(file, part.start, part.end, piece=piece, pause=pause)
        if part.end == part.size:
            body = _noted(body, request)
        return StreamingResponse(body, part.status, part.headers())


@dataclass(frozen=True)
class Part:
    """The part of a file that an answer holds."""

    start: int
    end: int
    """The byte after the last."""
    status: int
    size: int
    """Of the whole file."""
    etag: str

    def headers(self) -> dict[str, str]:
        headers = {
            "content-type": "video/mp4",
            "content-length": str(self.end - self.start),
            "accept-ranges": "bytes",
            "etag": self.etag,
        }
        if self.status == 206:
            headers["content-range"] = f"bytes {self.start}-{self.end - 1}/{self.size}"
        if self.status == 416:
            headers["content-range"] = f"bytes */{self.size}"
        return headers

    def raw(self, body: bytes) -> Response:
        """These headers with whatever bytes, and then the end of the connection."""
        return Raw(self.status, self.headers(), body)


async def _pieces(
    file: ClipFile, start: int, end: int, *, piece: int = PIECE, pause: float = 0
) -> AsyncIterator[bytes]:
    for first in range(start, end, piece):
        if first > start:
            await asyncio.sleep(pause)
        yield file.read(first, min(first + piece, end))


async def _noted(pieces: AsyncIterator[bytes], request: Request) -> AsyncIterator[bytes]:
    """Note that the last piece has gone out; an answer that is broken off does not come so far."""
    async for piece in pieces:
        yield piece
    request.is_sent = True


def _asked_part(http: HttpRequest, file: ClipFile, etag: str) -> Part:
    asked = _RANGE.fullmatch(http.headers.get("range", ""))
    size = len(file)
    if asked is None or http.headers.get("if-range", etag) != etag:
        return Part(0, size, 200, size, etag)
    first, last = asked.groups()
    start = int(first) if first else max(size - int(last or 0), 0)
    end = min(int(last) + 1, size) if first and last else size
    return Part(start, end, 206, size, etag) if start < end else Part(0, 0, 416, size, etag)


def _etag(request: Request, version: str = "") -> str:
    return f'"{request.id}{version}"'


def _video(body: bytes) -> Response:
    return Response(body, media_type="video/mp4")


def _zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("readme.txt", "This is no video. " * 1000)
    return file.getvalue()
