"""Uploaded files, piece by piece."""

from __future__ import annotations

from collections.abc import AsyncIterator

from fastapi import UploadFile

PIECE = 1024 * 1024


async def pieces_of(file: UploadFile) -> AsyncIterator[bytes]:
    while piece := await file.read(PIECE):
        yield piece
