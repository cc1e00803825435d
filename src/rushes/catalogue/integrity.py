"""What the database itself says of its files."""

from __future__ import annotations

from sqlalchemy import Connection


def complaints(connection: Connection) -> list[str]:
    """Faults that SQLite finds in the file; empty when it finds none."""
    found = connection.exec_driver_sql("PRAGMA quick_check(20)").scalars().all()
    return [line for line in found if line != "ok"]
