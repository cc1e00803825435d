"""Is a file the one that was saved? By its size first, then by its hash."""

from __future__ import annotations

import asyncio

from rushes.domain.errors import (
    ChecksumMismatchError,
    MediaNotHereError,
    RemoteDiffersError,
    RushesError,
)
from rushes.domain.media_reference import MissingMedia, NotYetSaved, SavedMedia
from rushes.store.file_hash import holds
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
    with storage_errors(path):
        size = path.stat().st_size
        if size != media.size:
            return ChecksumMismatchError(
                f"{media.path} has {size:,} bytes; {media.size:,} were saved."
            )
        if not holds(path, media.size, media.sha256):
            return ChecksumMismatchError(f"{media.path} holds other bytes than were saved.")
    return None


def check_same_as_former(media: NotYetSaved, size: int, sha256: str) -> None:
    """What was let go has to come back as it was.

    Raises:
        RemoteDiffersError: these are other bytes.
    """
    former = media.former
    if former is not None and (size, sha256) != (former.size, former.sha256):
        raise RemoteDiffersError(
            f"{size:,} bytes came that are not the {former.size:,} bytes that were here.",
            received=size,
            expected=former.size,
        )
