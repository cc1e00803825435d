"""The few moves that make a file durable: sync it, give it its name, sync the folders above it.

What differs between operating systems and file systems is kept here and nowhere else.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path

from rushes.domain.errors import MediaUnreadableError

if sys.platform != "win32":
    import fcntl

NO_HARD_LINKS = frozenset(
    {errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EMLINK, errno.EINVAL}
)
LOCK_HELD = frozenset({errno.EWOULDBLOCK, errno.EACCES})
OPEN_FLAGS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def create_file(path: Path) -> int:
    """Open a new file for writing; FileExistsError when there is one."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | OPEN_FLAGS, 0o666)


def make_folders(folder: Path, home: Path) -> None:
    """Make the folders between the library and this one, never the library itself.

    A library whose disk is not connected must not come into being beside its empty mount point.
    """
    if folder == home:
        return
    try:
        folder.mkdir()
    except FileExistsError:
        return
    except FileNotFoundError:
        make_folders(folder.parent, home)
        folder.mkdir(exist_ok=True)


def write_all(descriptor: int, data: bytes) -> None:
    """Write every byte: the system may take fewer at a time than it is given."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def read_exactly(descriptor: int, place: int, length: int, path: Path) -> bytes:
    """These bytes of an open file. Raises MediaUnreadableError when they cannot be had."""
    try:
        data = os.pread(descriptor, length, place)
    except OSError as error:
        raise MediaUnreadableError(
            f"{path} could not be read: {error.strerror or error}.", path=str(path)
        ) from error
    if len(data) != length:
        raise MediaUnreadableError(f"{path} ends after {place + len(data)} bytes.", path=str(path))
    return data


def begin_write_back(descriptor: int, start: int, length: int) -> None:
    """Ask the system to start bringing these bytes to the disk, without waiting for it.

    It keeps the sync at the end short. Only a wish: the sync alone promises anything.
    """
    if sys.platform == "linux":
        os.posix_fadvise(descriptor, start, length, os.POSIX_FADV_DONTNEED)


def sync_file(descriptor: int) -> None:
    """Return when a power cut can no longer take these bytes."""
    if sys.platform == "darwin":
        # Plain fsync leaves them in the drive's own memory there; some network disks refuse more.
        with contextlib.suppress(OSError):
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
            return
    os.fsync(descriptor)


def sync_folders(folder: Path, home: Path) -> None:
    """Make the names in this folder durable, and the names of the folders up to the library."""
    if sys.platform == "win32":
        return  # folders cannot be synced there; the file system keeps its own journal
    for one in (folder, *folder.parents):
        descriptor = os.open(one, os.O_RDONLY | os.O_DIRECTORY | OPEN_FLAGS & ~os.O_NOFOLLOW)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if one == home:
            return


def rename_to_new(source: Path, target: Path, link: Callable[[Path, Path], None] = os.link) -> None:
    """Give the file its name at one stroke; FileExistsError when something has that name."""
    try:
        link(source, target)
    except OSError as error:
        if error.errno not in NO_HARD_LINKS:
            raise
    else:
        source.unlink()
        return
    # No hard links here (exFAT, some network disks): take the name first, then replace our own
    # empty file. A crash in between leaves an empty file and the whole draft.
    os.close(create_file(target))
    try:
        source.replace(target)
    except OSError:
        target.unlink()
        raise


def take_lock(descriptor: int) -> bool:
    """Mark the file as being written by this process; False when another one has marked it.

    The mark goes away with the process. Where marks are not supported, nobody can hold one.
    """
    if sys.platform == "win32":
        return True  # an open file cannot be removed there
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in LOCK_HELD
    return True
