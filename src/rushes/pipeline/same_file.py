"""Is a file the one that was saved? By its size first, then by its hash."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

from rushes.domain.errors import (
    ChecksumMismatchError,
    MediaNotHereError,
    RemoteDiffersError,
    RushesError,
)
from rushes.domain.media_reference import FormerFile, MissingMedia, SavedMedia
from rushes.store.storage_errors import storage_errors
from rushes.store.store import MediaStore


async def what_differs(store: MediaStore, media: SavedMedia | MissingMedia) -> RushesError | None:
    """What is wrong with the file, or None when it is whole and the same.

    Raises:
        StorageError: that cannot be told, such as when the disk is not connected.
    """
    return await asyncio.to_thread(_compare, store, media)


def _compare(store: MediaStore, media: SavedMedia | MissingMedia) -> RushesError | None:
    if not store.exists(media.path):
        return MediaNotHereError(f"{media.path} is not on the disk.")
    path = store.local_path(media.path)
    with storage_errors(path), path.open("rb") as file:
        size = path.stat().st_size
        if size != media.size:
            return ChecksumMismatchError(
                f"{media.path} has {size:,} bytes; {media.size:,} were saved."
            )
        if hashlib.file_digest(file, "sha256").hexdigest() != media.sha256:
            return ChecksumMismatchError(f"{media.path} holds other bytes than were saved.")
    return None


async def check_same_as_former(path: Path, former: FormerFile) -> None:
    """What was let go has to come back as it was.

    Raises:
        RemoteDiffersError: it holds other bytes.
        StorageError: that cannot be told.
    """
    size, sha256 = await asyncio.to_thread(_measure, path)
    if (size, sha256) != (former.size, former.sha256):
        raise RemoteDiffersError(
            f"{size:,} bytes came that are not the {former.size:,} bytes that were here.",
            received=size,
            expected=former.size,
        )


def _measure(path: Path) -> tuple[int, str]:
    with storage_errors(path), path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return file.tell(), digest
