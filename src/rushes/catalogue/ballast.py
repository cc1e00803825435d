"""Room that is held back for the catalogue, and given up slice by slice when the disk is full.

It is a file beside the catalogue, so it lies on the same disk by construction. What a write does
not need of it stays held back: others on the disk cannot take it.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

log = logging.getLogger(__name__)

SIZE = 8 * 2**20
"""Thousands of moves: a ticket is a few kilobytes of write-ahead log."""
SLICES = 8
KEPT_FOR_VITAL = 4
"""Slices that only what must not be forgotten may use."""
LOOK_AGAIN = 30.0
"""Seconds before the disk is looked at again for room to take it back."""


def ballast_of(catalogue: Path) -> Path:
    return catalogue.with_name(f"{catalogue.name}-ballast")


class Ballast:
    """Used by one thread at a time."""

    def __init__(self, path: Path, size: int = SIZE, look_again: float = LOOK_AGAIN) -> None:
        self.look_again = look_again
        self.short_since: datetime | None = None
        """Since when less is held back than should be; None while all of it is."""
        self._path = path
        self._slice = size // SLICES
        self._looked_at = -look_again
        self._slices = 0

    @property
    def held(self) -> int:
        """Bytes that are held back now."""
        return self._slices * self._slice

    @property
    def is_whole(self) -> bool:
        return self._slices == SLICES

    @property
    def size(self) -> int:
        """Bytes that should be held back."""
        return SLICES * self._slice

    def take(self) -> None:
        """Hold back what is lacking, when as much again stays free; look now and then only."""
        self._take()
        self._note_short()

    def _take(self) -> None:
        now = time.monotonic()
        if self.is_whole or now - self._looked_at < self.look_again:
            return
        self._looked_at = now
        try:
            self._slices = self._there()
            whole = SLICES * self._slice
            lacking = whole - self.held
            if lacking and shutil.disk_usage(self._path.parent).free >= lacking + whole:
                self._grow()
        except OSError as error:
            # A disk that cannot hold it back is no reason not to open the library.
            log.warning("no room is held back for the catalogue: %s", error)

    def look(self) -> None:
        """Only see what is held back, and take nothing."""
        # A file that cannot be looked at is not called held back.
        with contextlib.suppress(OSError):
            self._slices = self._there()

    def give(self, *, vital: bool) -> bool:
        """Give up one slice. False when there is none, or the rest is kept for what is vital."""
        if self._slices <= (0 if vital else KEPT_FOR_VITAL):
            return False
        self._slices -= 1
        self._note_short()
        self._looked_at = time.monotonic()
        try:
            os.truncate(self._path, self.held)
        except OSError as error:
            log.warning("the room held back for the catalogue could not be given: %s", error)
            self._slices = 0
            return False
        log.warning(
            "The disk is full: a part of the room held back for the catalogue was given up. "
            "%s bytes of it are left.",
            self.held,
        )
        return True

    def _there(self) -> int:
        return min(SLICES, _size(self._path) // self._slice)

    def _note_short(self) -> None:
        if self.is_whole:
            self.short_since = None
        elif self.short_since is None:
            self.short_since = datetime.now(UTC)

    def _grow(self) -> None:
        whole = SLICES * self._slice
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            _allocate(descriptor, self.held, whole - self.held)
            self._slices = SLICES
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(descriptor, self.held)
            raise
        finally:
            os.close(descriptor)


class NoBallast(Ballast):
    """For a catalogue that is thrown away: nothing is held back, and nothing is lacking."""

    @property
    def is_whole(self) -> bool:
        return True

    def _take(self) -> None:
        return

    def give(self, *, vital: bool) -> bool:  # noqa: ARG002  # there is none for anybody
        return False


def _size(path: Path) -> int:
    try:
        found = path.stat()
    except FileNotFoundError:
        return 0
    # A file with holes holds nothing back.
    allocated = getattr(found, "st_blocks", 0) * 512
    return min(found.st_size, allocated) if allocated else 0


def _allocate(descriptor: int, start: int, length: int) -> None:
    """Really take the blocks, not only the length."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(descriptor, start, length)
        return
    os.lseek(descriptor, start, os.SEEK_SET)
    rest = memoryview(os.urandom(length))  # what could be compressed would take no room
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    os.fsync(descriptor)
