"""What the database itself says of its files."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection

from rushes.catalogue.failures import meaning_of
from rushes.domain.errors import CatalogueCorruptError, CatalogueLockedError

QUICK_CHECK = "PRAGMA quick_check(20)"
FULL_CHECK = "PRAGMA integrity_check(20)"
QUICK = 32 * 2**20
"""Bytes of a catalogue that are read through in the time of a blink."""


def is_worth_a_look(path: Path) -> bool:
    """Whether to read the whole catalogue for faults before it is used. Ask before it is opened.

    SQLite itself notices at once a header that is none and a file that is too short. A torn page in
    the middle shows only when it is met. Looking for one reads the whole file, so a large one is
    looked through only after an end without goodbye: then its write-ahead log is still there.
    """
    try:
        size = path.stat().st_size
    except OSError:
        return False  # what this means is said when it is opened
    return 0 < size <= QUICK or path.with_name(f"{path.name}-wal").exists()


def refuse_damage(path: Path, patience: float) -> None:
    """Read the whole catalogue for faults, through a connection that cannot write.

    An ordinary one would bring the write-ahead log into the damaged file when it is closed.

    Raises:
        CatalogueCorruptError: with the first fault.
        CatalogueLockedError: another program has locked it.
    """
    with closing(_read_only(path, patience)) as connection:
        try:
            found = connection.execute(QUICK_CHECK).fetchall()
        except sqlite3.Error as error:
            meaning = meaning_of(error)
            if isinstance(meaning, CatalogueCorruptError | CatalogueLockedError):
                raise meaning from error
            return  # what this means is said when it is opened to be used
    faults = [line for (line,) in found if line != "ok"]
    if faults:
        raise CatalogueCorruptError(f"SQLite finds faults in it, first: {faults[0]}")


def _read_only(path: Path, patience: float) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=patience)


def complaints(connection: Connection, *, thorough: bool = False) -> list[str]:
    """Faults that SQLite finds in the file; empty when it finds none.

    ``thorough`` also compares each index with its table, and looks for rows that belong to none.
    """
    check = FULL_CHECK if thorough else QUICK_CHECK
    found = connection.exec_driver_sql(check).scalars().all()
    faults = [line for line in found if line != "ok"]
    if thorough:
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        faults += [f"row {row[1]} of {row[0]} belongs to no row of {row[2]}" for row in orphans]
    return faults


def version() -> str:
    return sqlite3.sqlite_version
