"""Uploaded files: how many, under which name, and piece by piece."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

from fastapi import Request, Response, UploadFile
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from rushes.domain.errors import FileInputError

PIECE = 1024 * 1024
MOST_FILES = 200
"""In one upload: each lies in the system's temporary folder until all are there."""
NAMES = frozenset({"files", "file"})
"""Under which files come."""


class UploadRoute(APIRoute):
    """Reads a form with limits of its own, before anything else reads it without."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_limited(request: Request) -> Response:
            if request.headers.get("content-type", "").lower().startswith("multipart/"):
                await _read_form(request)
            return await handle(request)

        return handle_limited


async def _read_form(request: Request) -> None:
    """What is read is kept by the request, so it is not read twice."""
    try:
        form = await request.form(max_files=MOST_FILES, max_fields=0)
    except HTTPException as error:
        if error.status_code != 400:  # noqa: PLR2004  # every fault of a form
            raise
        raise FileInputError(
            f"{error.detail}",
            field="files",
            remedy=f"Send at most {MOST_FILES} files, and nothing else.",
        ) from error
    unknown = sorted(set(form) - NAMES)
    if unknown:
        await form.close()
        raise FileInputError(
            f"{unknown[0]!r} is not a name under which files come.", field=unknown[0]
        )


async def pieces_of(file: UploadFile) -> AsyncIterator[bytes]:
    while piece := await file.read(PIECE):
        yield piece
