"""Where whole clips wait on another disk when the store fails: durable, and there after a restart.

Each library has a folder of its own below the spool, made when it is first needed, which only its
owner may open. A clip is called by its asset and its hash, so the file alone tells what it is.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from rushes.domain.errors import ConflictError, PermissionDeniedError
from rushes.domain.media_reference import InSpool
from rushes.store import durable_files
from rushes.store.download import copy_local
from rushes.store.intake import OnBytes, Received
from rushes.store.local_store import LocalDraft, LocalStore
from rushes.store.storage_errors import storage_errors
from rushes.store.store import Sink

CLIPS = "clips"
OWN_SPOOL = "Set RUSHES_SPOOL to a folder of your own, on another disk than the library."


class Spool:
    def __init__(self, root: Path, library: Path) -> None:
        self._root = root.absolute()
        name = hashlib.sha256(os.fsencode(library.resolve())).hexdigest()[:16]
        self.folder = self._root / name
        self._files = LocalStore(self.folder, reserve=0)

    def draft(self, asset_id: str, size: int) -> SpoolDraft:
        """Raises DiskFullError when ``size`` bytes do not fit, or another StorageError."""
        with storage_errors(self._root):
            self._make_folder()
            _check_private(self.folder)
        self._files.check_fits(size, CLIPS)
        return SpoolDraft(self._files.draft(asset_id, CLIPS), asset_id, self.path_of)

    def check(self) -> None:
        """Whether a clip could wait here. Makes nothing; raises StorageError when it could not."""
        with storage_errors(self._root):
            if self.folder.exists():
                _check_private(self.folder)
            there = next(one for one in (self.folder, *self.folder.parents) if one.exists())
            if not os.access(there, os.W_OK | os.X_OK):
                raise PermissionDeniedError(
                    f"{there} belongs to another user, or cannot be written to.",
                    remedy=OWN_SPOOL,
                    path=str(there),
                )

    def find(self, asset_id: str) -> InSpool | None:
        """What is held of this asset. Raises StorageError when the spool cannot tell."""
        for name in sorted(self._clips(lambda owner: owner == asset_id)):
            with storage_errors(self.folder):
                size = (self.folder / CLIPS / name).stat().st_size
                return InSpool(size, name.rpartition("-")[2])
        return None

    def path_of(self, asset_id: str, sha256: str) -> Path:
        """Where the clip lies. It need not exist."""
        return self._files.local_path(_name(asset_id, sha256))

    async def copy(self, asset_id: str, held: InSpool, sink: Sink, on_bytes: OnBytes) -> Received:
        """Raises MediaUnreadableError when the clip is not there, SourceUnreadableError when it
        cannot be read now, or the StorageError of the sink.
        """
        return await copy_local(self.path_of(asset_id, held.sha256), sink, on_bytes)

    def drop(self, asset_id: str) -> None:
        """Remove what is held of this asset. Raises StorageError."""
        self._remove(lambda name: name == asset_id)

    def clips(self) -> list[tuple[str, Path]]:
        """Every whole clip that lies here: the id of its asset, and the file. Raises StorageError
        when that cannot be told.
        """
        names = sorted(self._clips(lambda _: True))
        return [(_owner(name), self.folder / CLIPS / name) for name in names]

    def sweep(self, over: Collection[str]) -> int:
        """Remove unfinished clips, and those of assets that need them no more. Returns how many."""
        if not self.folder.is_dir():
            return 0
        return self._files.sweep() + self._remove(lambda owner: owner in over)

    def _make_folder(self) -> None:
        if self.folder.exists():
            return
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        # Where a folder's name cannot be made durable, this is still better than memory.
        with contextlib.suppress(OSError):
            durable_files.sync_folders(self._root, self._root.parent)

    def _remove(self, is_over: Callable[[str], bool]) -> int:
        over = self._clips(is_over)
        with storage_errors(self.folder):
            for name in over:
                (self.folder / CLIPS / name).unlink(missing_ok=True)
        return len(over)

    def _clips(self, is_wanted: Callable[[str], bool]) -> list[str]:
        """The names of the clips whose asset is wanted. Each save looks: it has to be quick."""
        with storage_errors(self.folder):
            try:
                _check_private(self.folder)
                names = os.listdir(self.folder / CLIPS)  # noqa: PTH208  # names only, not paths
            except FileNotFoundError:
                return []
        return [name for name in names if not name.startswith(".") and is_wanted(_owner(name))]


class SpoolDraft:
    """A clip on its way into the spool."""

    def __init__(
        self, draft: LocalDraft, asset_id: str, path_of: Callable[[str, str], Path]
    ) -> None:
        self._draft = draft
        self._asset_id = asset_id
        self._path_of = path_of

    @property
    def local_path(self) -> Path:
        return self._draft.local_path

    def write(self, data: bytes) -> None:
        self._draft.write(data)

    def restart(self) -> None:
        self._draft.restart()

    def read(self, size: int) -> Iterator[bytes]:
        return self._draft.read(size)

    def hold(self, received: Received) -> InSpool:
        """Make the clip durable under its name. Raises StorageError."""
        held = InSpool(received.size, received.sha256)
        name = _name(self._asset_id, held.sha256)
        try:
            self._draft.publish(name)
        except ConflictError:
            # An older file of the same name may be damaged; this one has just been received.
            with storage_errors(self._draft.local_path):
                self._path_of(self._asset_id, held.sha256).unlink()
            self._draft.publish(name)
        return held

    def discard(self) -> None:
        self._draft.discard()


def _name(asset_id: str, sha256: str) -> str:
    return f"{CLIPS}/{asset_id}-{sha256}"


def _owner(name: str) -> str:
    return name.rpartition("-")[0]


def _check_private(folder: Path) -> None:
    """The spool may lie in a folder that others can write to: what is not ours is not trusted."""
    found = folder.lstat()
    is_ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
    if not is_ours or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise PermissionDeniedError(
            f"{folder} is not a folder that only you may write to.",
            remedy=OWN_SPOOL,
            path=str(folder),
        )
