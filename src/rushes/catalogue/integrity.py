"""What the database itself says of its files."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

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


def complaints(connection: Connection) -> list[str]:
    """Faults that SQLite finds in the file; empty when it finds none."""
    found = connection.exec_driver_sql("PRAGMA quick_check(20)").scalars().all()
    return [line for line in found if line != "ok"]
