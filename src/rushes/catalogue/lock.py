"""One process works on a library. The lock proves it, and tells the others where to find it.

Several may look at it together while nobody works on it.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from rushes.domain.errors import LibraryInUseError

NAME = "rushes.lock"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who works on the library, and where it listens when it does."""

    pid: int
    url: str | None = None


class LibraryLock:
    """Held until ``release``, or until the process ends, however it ends."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor = descriptor

    @classmethod
    def take(cls, home: Path) -> Self:
        """Take the lock of a library folder.

        Raises:
            LibraryInUseError: another process has it; its facts name the pid and address.
        """
        path = home / NAME
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(descriptor)
            raise _in_use(home) from error
        lock = cls(path, descriptor)
        lock.announce(None)
        return lock

    def announce(self, url: str | None) -> None:
        """Say where this process listens, for others that find the lock taken."""
        text = json.dumps(asdict(Holder(os.getpid(), url))).encode()
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, text, 0)

    def release(self) -> None:
        os.ftruncate(self._descriptor, 0)
        os.close(self._descriptor)


@contextlib.contextmanager
def kept_still(home: Path) -> Iterator[None]:
    """Let nobody open the library for work while it is looked at. Writes nothing, and makes no lock
    where there is none: such a library was never opened.

    Raises:
        LibraryInUseError: another process works on it.
    """
    descriptor = _open_to_look(home)
    if descriptor is None:
        yield
        return
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise _in_use(home) from error
        yield
    finally:
        os.close(descriptor)


def _open_to_look(home: Path) -> int | None:
    try:
        return os.open(home / NAME, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        if not home.is_dir():
            raise
        return None


def _in_use(home: Path) -> LibraryInUseError:
    holder = read_holder(home)
    return LibraryInUseError(
        f"Process {holder.pid} has it open." if holder else "It does not say who it is.",
        pid=holder.pid if holder else None,
        url=holder.url if holder else None,
    )


def read_holder(home: Path) -> Holder | None:
    """What the holder last announced; None when it has not, or has just let go."""
    try:
        return Holder(**json.loads((home / NAME).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
