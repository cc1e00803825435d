"""A copy of a catalogue, to look at: SQLite writes beside a file even when it only reads it."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rushes.catalogue.lock import kept_still
from rushes.domain.errors import CatalogueError

LOG = "-wal"


@contextlib.contextmanager
def copied(catalogue: Path) -> Iterator[Path]:
    """A copy that is thrown away at the end; nobody works on the library meanwhile. Where there is
    no catalogue, the path is where one could be made.

    Raises:
        LibraryInUseError: another process works on it.
        CatalogueError: there is no room for a copy.
        OSError: it cannot be read.
    """
    with kept_still(catalogue.parent), tempfile.TemporaryDirectory(prefix="rushes-") as scratch:
        yield _copy(catalogue, Path(scratch))


def _copy(catalogue: Path, folder: Path) -> Path:
    copy = folder / catalogue.name
    if not catalogue.exists():
        return copy
    log = catalogue.with_name(f"{catalogue.name}{LOG}")
    files = [one for one in (catalogue, log) if one.exists()]
    size, free = sum(one.stat().st_size for one in files), shutil.disk_usage(folder).free
    if size > free:
        raise CatalogueError(
            f"A copy of it to look at needs {size} bytes, and {free} are free in {folder.parent}.",
            remedy="Free some room there, or set TMPDIR to a folder on another disk.",
        )
    for file in files:
        shutil.copyfile(file, folder / file.name)
    return copy
