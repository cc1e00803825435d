"""The write-ahead log that an earlier process left, made durable before anybody believes it.

A process that is killed between writing a commit and syncing it leaves a log that looks whole, and
SQLite takes the commit for done at the next start. Only the system's memory holds it then: it would
be told, and a power cut would take it back.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from rushes.domain.errors import StoreUnavailableError


def sync_left_log(catalogue: Path) -> None:
    """Do this before the catalogue is read for the first time.

    Raises:
        StoreUnavailableError: the disk does not take it.
    """
    try:
        log = os.open(
            catalogue.with_name(f"{catalogue.name}-wal"),
            os.O_RDWR | getattr(os, "O_CLOEXEC", 0),
        )
    except OSError:
        return  # there is none, or what this means is said when SQLite opens it
    _sync(log)
    if sys.platform != "win32":  # folders cannot be synced there
        _sync(os.open(catalogue.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))


def _sync(descriptor: int) -> None:
    try:
        os.fsync(descriptor)
    except OSError as error:
        raise StoreUnavailableError(
            f"What was written last to the catalogue could not be synced: {error.strerror}."
        ) from error
    finally:
        os.close(descriptor)
