"""One process works on a library. The lock proves it, and tells the others where to find it."""

from __future__ import annotations

import fcntl
import json
import os
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
            holder = read_holder(home)
            raise LibraryInUseError(
                f"Process {holder.pid} has it open." if holder else "It does not say who it is.",
                pid=holder.pid if holder else None,
                url=holder.url if holder else None,
            ) from error
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


def read_holder(home: Path) -> Holder | None:
    """What the holder last announced; None when it has not, or has just let go."""
    try:
        return Holder(**json.loads((home / NAME).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
