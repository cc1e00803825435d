"""Where bytes are kept: the interface that the local folder and object storage share.

Paths are relative to the library, written with ``/``, such as
``media/Teaser/AI-Video-ltx-2.3-fast-1763445184989.mp4``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol


class Sink(Protocol):
    """Takes the bytes of one file in their order."""

    def write(self, data: bytes) -> None:
        """Append. Raises StorageError."""

    def restart(self) -> None:
        """Throw away what was written and begin again. Raises StorageError."""


class Draft(Sink, Protocol):
    """A file on its way into the store. Nobody sees it under its name before ``publish``."""

    @property
    def local_path(self) -> Path:
        """A plain file with what has been written so far, for the probe to open."""

    def read(self, size: int) -> Iterator[bytes]:
        """The first ``size`` of the bytes that were written, also after a write has failed.
        Raises MediaUnreadableError.
        """

    def publish(self, path: str) -> None:
        """Make the bytes durable under this path: fsync the file, rename, fsync the folder.

        MUST NOT replace a file that is already there. When it returns, a power cut cannot undo it.
        Raises ConflictError when the name is taken, or StorageError; the draft is then still there.
        """

    def discard(self) -> None:
        """Remove the draft if it is still there. May be called at any time, any number of times."""


class MediaStore(Protocol):
    def check_room(self, size: int, folder: str) -> None:
        """Raises DiskFullError, with the figures, when ``size`` bytes in ``folder`` and a reserve
        do not fit. Raises StorageError when the store cannot tell.
        """

    def check_fits(self, size: int, folder: str) -> None:
        """Raises DiskFullError, with the figures, when ``size`` bytes alone do not fit into
        ``folder``. Cheap: nothing is written. Raises StorageError when the store cannot tell.
        """

    def draft(self, key: str, folder: str) -> Draft:
        """A new draft that will be published into ``folder``. An older draft of the same key, left
        behind by a crash, is thrown away. Raises ConflictError when it is still being written, or
        StorageError.
        """

    def local_path(self, path: str) -> Path:
        """Where the file is on this machine. It need not exist. Never outside the library: raises
        IllegalNameError.
        """

    def exists(self, path: str) -> bool:
        """Whether the file is there. Raises StorageError when the store cannot tell, so that a disk
        that is not connected is never taken for files that were deleted.
        """

    def make_durable(self, path: str) -> None:
        """Do for a file that has its name already what ``publish`` does: sync it and its folders.

        For files of a run that may have ended before it did so. Raises StorageError.
        """

    def remove(self, path: str) -> None:
        """Delete the file, if it is there. Raises StorageError when it is still there after it."""

    def sweep(self) -> int:
        """Remove drafts that no process is writing. Returns how many. Called once at start."""
