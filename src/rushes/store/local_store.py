"""The media store on a laptop: ordinary files with readable names below the library folder.

A draft lies in the folder where it will be published, as a hidden ``.<key>.part``, so that giving
it its name is one step on one disk.
"""

from __future__ import annotations

import os
import re
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from rushes.domain.errors import (
    ConflictError,
    DiskFullError,
    IllegalNameError,
    StorageError,
    StoreMissingError,
)
from rushes.store import durable_files
from rushes.store.storage_errors import storage_error, storage_errors

RESERVE = 256 * 2**20
"""Bytes that stay free for the catalogue and for everybody else on the disk."""
PIECE = 2**20
STRETCH = 8 * 2**20
"""Bytes after which the system is asked to start writing them to the disk."""
SETTLED = 60.0
"""Seconds after which a draft is held by its writer, or by nobody any more."""
SAFE_KEY = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")
DRAFT_NAME = ".{key}.part"
DRAFT_PATTERN = re.compile(r"\..+\.part")


class LocalStore:
    """MediaStore over a folder. Never makes that folder: a missing one is told, not replaced."""

    def __init__(self, home: Path, reserve: int = RESERVE) -> None:
        self.home = home.absolute()
        self.reserve = reserve

    def check_room(self, size: int, folder: str) -> None:
        needed, reserve = size + self.reserve, in_words(self.reserve)
        words = f"{in_words(needed)} are needed ({in_words(size)} and a reserve of {reserve})"
        self._check_free(self._nearest(folder), needed, words)
        self._check_free(self.home, self.reserve, f"A reserve of {reserve} is needed")

    def check_fits(self, size: int, folder: str) -> None:
        self._check_free(self._nearest(folder), size, f"{in_words(size)} are needed")

    def _nearest(self, folder: str) -> Path:
        """It may lie on another disk than the library, and may not be there yet."""
        place = self.local_path(folder)
        with storage_errors(self.home):
            while place != self.home and not place.is_dir():
                place = place.parent
        return place

    def _check_free(self, place: Path, needed: int, words: str) -> None:
        with storage_errors(self.home):
            free = shutil.disk_usage(place).free
        if free < needed:
            raise DiskFullError(
                f"{words}, and {in_words(free)} are free at {place}.", needed=needed, free=free
            )

    def draft(self, key: str, folder: str) -> LocalDraft:
        if not SAFE_KEY.fullmatch(key):
            raise IllegalNameError(
                f"{key!r} cannot be the key of a draft.",
                field="key",
                remedy="Use letters, digits, dashes, dots and underscores.",
            )
        path = self.local_path(folder) / DRAFT_NAME.format(key=key)
        with storage_errors(self.home):
            durable_files.make_folders(path.parent, self.home)
            if path.exists() and not _remove_abandoned(path):
                raise ConflictError(f"{path} is being written.", path=str(path))
            descriptor = durable_files.create_file(path)
        if not durable_files.take_lock(descriptor):
            os.close(descriptor)
            raise ConflictError(f"{path} is being swept away.", path=str(path))
        return LocalDraft(self, path, descriptor)

    def local_path(self, path: str) -> Path:
        """Where the file is on this machine. It need not exist.

        Raises:
            IllegalNameError: it would lie outside the library, by its words or by a symbolic link.
        """
        parts = PurePosixPath(path).parts
        if not parts or path.startswith("/") or ".." in parts or _is_strange(path):
            raise _outside(path)
        found = self.home.joinpath(*parts)
        with storage_errors(self.home):
            inside = found.resolve().is_relative_to(self.home.resolve())
        if not inside:
            raise _outside(path)
        return found

    def exists(self, path: str) -> bool:
        """Whether the file is there. Raises StorageError when that cannot be known."""
        file = self.local_path(path)
        try:
            file.stat()
        except FileNotFoundError as error:
            if not self.home.is_dir():
                raise StoreMissingError(f"{self.home} is not a folder.") from error
            return False
        except OSError as error:
            raise storage_error(error, self.home) from error
        return file.is_file()

    def make_durable(self, path: str) -> None:
        file = self.local_path(path)
        with storage_errors(self.home):
            # Writable, because some systems sync nothing else.
            descriptor = os.open(file, os.O_RDWR | durable_files.OPEN_FLAGS)
            try:
                durable_files.sync_file(descriptor)
            finally:
                os.close(descriptor)
            durable_files.sync_folders(file.parent, self.home)

    def remove(self, path: str) -> None:
        file = self.local_path(path)
        with storage_errors(self.home):
            file.unlink(missing_ok=True)

    def sweep(self) -> int:
        with storage_errors(self.home):
            return sum(_remove_abandoned(path) for path in _drafts_below(self.home))

    def drafts(self) -> list[str]:
        """Drafts that lie in the library, written by somebody or abandoned."""
        with storage_errors(self.home):
            found = _drafts_below(self.home)
            return sorted(path.relative_to(self.home).as_posix() for path in found)

    def abandoned(self) -> list[str]:
        """Drafts that nobody is writing any more."""
        with storage_errors(self.home):
            left = [path for path in _drafts_below(self.home) if _is_abandoned(path)]
            return sorted(path.relative_to(self.home).as_posix() for path in left)

    def remove_draft(self, path: str) -> bool:
        """Remove a draft; False when somebody is writing it."""
        draft = self.local_path(path)
        with storage_errors(self.home):
            return bool(DRAFT_PATTERN.fullmatch(draft.name)) and _remove_abandoned(draft)


class LocalDraft:
    """A hidden file on its way to its name. May be used from one thread after another."""

    def __init__(self, store: LocalStore, path: Path, descriptor: int) -> None:
        self._store = store
        self._home = store.home
        self._path = path
        self._descriptor = descriptor
        self._open = True
        self._size = 0
        self._written_back = 0
        self._failure: StorageError | None = None
        self._turn = threading.Lock()

    @property
    def local_path(self) -> Path:
        return self._path

    def write(self, data: bytes) -> None:
        with self._turn:
            self._check_usable()
            try:
                durable_files.write_all(self._descriptor, data)
            except OSError as error:
                raise self._fail(error) from error
            self._size += len(data)
            self._begin_write_back()

    def restart(self) -> None:
        with self._turn:
            self._check_open()
            with storage_errors(self._home):
                os.ftruncate(self._descriptor, 0)
                os.lseek(self._descriptor, 0, os.SEEK_SET)
            self._size = self._written_back = 0
            self._failure = None

    def read(self, size: int) -> Iterator[bytes]:
        # From the open file, not by its path: a folder that is gone has not taken the bytes.
        self._check_open()
        for place in range(0, size, PIECE):
            length = min(PIECE, size - place)
            yield durable_files.read_exactly(self._descriptor, place, length, self._path)

    def publish(self, path: str) -> None:
        with self._turn:
            self._check_usable()
            target = self._store.local_path(path)
            try:
                durable_files.sync_file(self._descriptor)
            except OSError as error:
                raise self._fail(error) from error
            self._give_name(target)
            with storage_errors(self._home):
                self._make_name_durable(target)
            self._close()

    def discard(self) -> None:
        with self._turn:
            if not self._open:
                return
            self._close()
            try:
                self._path.unlink(missing_ok=True)
            except OSError:
                # Called where something has failed already: that must not be hidden by this.
                # What stays here is removed by the sweep of the next start.
                return

    def _give_name(self, target: Path) -> None:
        try:
            durable_files.make_folders(target.parent, self._home)
            durable_files.rename_to_new(self._path, target)
        except FileExistsError as error:
            raise ConflictError(f"{target} is already there.", path=str(target)) from error
        except OSError as error:
            raise storage_error(error, self._home) from error

    def _make_name_durable(self, target: Path) -> None:
        try:
            durable_files.sync_folders(target.parent, self._home)
        except OSError:
            target.rename(self._path)  # not saved, so it must not look saved
            raise

    def _begin_write_back(self) -> None:
        waiting = self._size - self._written_back
        if waiting < STRETCH:
            return
        durable_files.begin_write_back(self._descriptor, self._written_back, waiting)
        self._written_back = self._size

    def _fail(self, error: OSError) -> StorageError:
        """From now on the bytes here are not what was given: only ``restart`` makes it usable.

        A failed sync is never asked again: the system may forget the lost bytes and then agree.
        """
        self._failure = storage_error(error, self._home)
        return self._failure

    def _check_usable(self) -> None:
        self._check_open()
        if self._failure is not None:
            raise self._failure

    def _check_open(self) -> None:
        if not self._open:
            raise StorageError(f"{self._path} has been published or discarded.")

    def _close(self) -> None:
        self._open = False
        os.close(self._descriptor)


def in_words(size: int) -> str:
    """A number of bytes as people read it: ``512 bytes``, ``3.4 MB``, ``1.2 GB``."""
    for unit, name in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if abs(size) >= unit:
            return f"{size / unit:.1f} {name}"
    return f"{size} bytes"


def _is_abandoned(path: Path) -> bool:
    """Never true of one that has just been made: its writer may not hold it yet."""
    try:
        if time.time() - path.stat().st_mtime < SETTLED:
            return False
        descriptor = os.open(path, os.O_RDWR | durable_files.OPEN_FLAGS)
    except FileNotFoundError:
        return False  # it has just been published or discarded
    try:
        return durable_files.take_lock(descriptor)
    finally:
        os.close(descriptor)


def _remove_abandoned(path: Path) -> bool:
    """Remove a draft unless somebody is writing it."""
    descriptor = os.open(path, os.O_RDWR | durable_files.OPEN_FLAGS)
    try:
        abandoned = durable_files.take_lock(descriptor)
        if abandoned:
            path.unlink()
    finally:
        os.close(descriptor)
    return abandoned


def _drafts_below(home: Path) -> Iterator[Path]:
    for folder, _, files in os.walk(home, onerror=_give_up):
        yield from (Path(folder, name) for name in files if DRAFT_PATTERN.fullmatch(name))


def _give_up(error: OSError) -> None:
    raise error


def _is_strange(path: str) -> bool:
    return "\0" in path or "\\" in path or bool(re.match(r"[A-Za-z]:", path))


def _outside(path: str) -> IllegalNameError:
    return IllegalNameError(
        f"{path!r} does not lead to a file inside the library.",
        field="path",
        remedy="Use a path below the library folder, without '..' and without links out of it.",
        path=path,
    )
