"""What the database's errors mean, decided by SQLite's own result codes and never by their text."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from rushes.domain.errors import (
    CatalogueCorruptError,
    CatalogueError,
    CatalogueFullError,
    CatalogueLockedError,
    PermissionDeniedError,
    ReadOnlyError,
    RushesError,
    StorageError,
    StoreUnavailableError,
)

MEANING: dict[int, type[RushesError]] = {
    sqlite3.SQLITE_FULL: CatalogueFullError,
    sqlite3.SQLITE_BUSY: CatalogueLockedError,
    sqlite3.SQLITE_LOCKED: CatalogueLockedError,
    sqlite3.SQLITE_CORRUPT: CatalogueCorruptError,
    sqlite3.SQLITE_NOTADB: CatalogueCorruptError,
    sqlite3.SQLITE_READONLY: ReadOnlyError,
    sqlite3.SQLITE_PERM: PermissionDeniedError,
    sqlite3.SQLITE_CANTOPEN: StorageError,
    sqlite3.SQLITE_IOERR: StoreUnavailableError,
    # The index of the write-ahead log could not be made larger.
    sqlite3.SQLITE_IOERR_SHMSIZE: CatalogueFullError,
}


def meaning_of(error: sqlite3.Error) -> RushesError:
    extended = getattr(error, "sqlite_errorcode", 0)
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    # The low byte is the primary code; the rest says more of the same.
    kind = MEANING.get(extended) or MEANING.get(extended & 0xFF, CatalogueError)
    return kind(f"SQLite says {name}.", sqlite_error=name)


@contextmanager
def translated() -> Iterator[None]:
    """Let only our own errors leave the catalogue."""
    try:
        yield
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.Error):
            raise meaning_of(error.orig) from error
        raise CatalogueError(f"The database says {type(error.orig).__name__}.") from error
    except sqlite3.Error as error:
        raise meaning_of(error) from error
