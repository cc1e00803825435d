"""Turns what the operating system says about our disk into the errors of Rushes, by one table."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from rushes.domain.errors import (
    DiskFullError,
    NameTooLongError,
    PermissionDeniedError,
    ReadOnlyError,
    StorageError,
    StoreMissingError,
    StoreUnavailableError,
    TooManyOpenFilesError,
)

ERRORS: Mapping[int, type[StorageError]] = MappingProxyType(
    {
        errno.ENOSPC: DiskFullError,
        errno.EDQUOT: DiskFullError,
        errno.EACCES: PermissionDeniedError,
        errno.EPERM: PermissionDeniedError,
        errno.EROFS: ReadOnlyError,
        errno.ENAMETOOLONG: NameTooLongError,
        errno.EMFILE: TooManyOpenFilesError,
        errno.ENFILE: TooManyOpenFilesError,
        errno.EIO: StoreUnavailableError,
        errno.ENODEV: StoreUnavailableError,
        errno.ENXIO: StoreUnavailableError,
        errno.ESTALE: StoreUnavailableError,
        errno.EFBIG: StoreUnavailableError,
        errno.EXDEV: StoreUnavailableError,
        errno.ENOTCONN: StoreUnavailableError,
        errno.ETIMEDOUT: StoreUnavailableError,
        errno.EHOSTDOWN: StoreUnavailableError,
        errno.EHOSTUNREACH: StoreUnavailableError,
        errno.ENETUNREACH: StoreUnavailableError,
        errno.ENETDOWN: StoreUnavailableError,
        errno.ECONNRESET: StoreUnavailableError,
        errno.EBUSY: StoreUnavailableError,
        # Names that only some systems have: damage found by a file system, and a remote disk's.
        **{
            number: StoreUnavailableError
            for name in ("EUCLEAN", "EREMOTEIO", "ENOMEDIUM", "EMEDIUMTYPE")
            if (number := getattr(errno, name, None)) is not None
        },
    }
)
LOOKS_MISSING = frozenset({errno.ENOENT, errno.ENOTDIR})


@contextmanager
def storage_errors(home: Path) -> Iterator[None]:
    """Every OSError that leaves this block does so as a StorageError about this library."""
    try:
        yield
    except OSError as error:
        raise storage_error(error, home) from error


def storage_error(error: OSError, home: Path) -> StorageError:
    """The error of Rushes for what the operating system answered."""
    number = error.errno or 0
    name = errno.errorcode.get(number, str(number))
    if number in LOOKS_MISSING and (gone := _missing_folder(error, home)) is not None:
        return StoreMissingError(f"{gone} is not a folder.", errno=name, path=str(gone))
    where = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else str(home)
    kind = ERRORS.get(number, StorageError)
    return kind(f"{where}: {error.strerror or error}.", errno=name, path=where)


def _missing_folder(error: OSError, home: Path) -> Path | None:
    """The library, or the folder in it where something was to be, when it is not there."""
    folders = [home]
    if isinstance(error.filename, str | bytes):
        folders.append(Path(os.fsdecode(error.filename)).parent)
    return next((folder for folder in folders if not folder.is_dir()), None)
