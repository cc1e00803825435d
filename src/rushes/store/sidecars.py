"""Sidecars: beside each saved file a small one that says where it comes from.

``clip.mp4`` has ``clip.mp4.json``. It is written like the file itself: complete under another name,
synced, then given its name. What it replaces is an older sidecar of the same asset and nothing
else: a file of that name that somebody else made stays as it is.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from rushes.domain.errors import ConflictError, IllegalNameError, MediaNotHereError, StorageError
from rushes.domain.media_reference import SavedMedia
from rushes.domain.provenance import Provenance
from rushes.store import durable_files
from rushes.store.local_store import DRAFT_NAME, LocalStore
from rushes.store.sidecar_document import SidecarDocument
from rushes.store.storage_errors import storage_errors

SUFFIX = ".json"
MEDIA = "media"
LARGEST = 16 * 2**20
"""Bytes of the largest sidecar that is read."""
LONGEST_NAME = 255
"""Bytes of the longest file name that a disk takes."""


@dataclass(frozen=True, slots=True)
class Sidecar:
    """A sidecar that can be read, and the file that it speaks of."""

    path: str
    file: str
    """The path of its file, relative to the library. It need not exist."""
    written_at: datetime
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class UnreadableSidecar:
    path: str
    reason: str


def sidecar_name(name: str) -> str:
    """The name of the sidecar of a file; shortened where it would be too long for a disk."""
    whole = name + SUFFIX
    if len(whole.encode()) <= LONGEST_NAME:
        return whole
    mark = "-" + hashlib.sha256(name.encode()).hexdigest()[:16] + SUFFIX
    return name.encode()[: LONGEST_NAME - len(mark)].decode(errors="ignore") + mark


def sidecar_path(path: str) -> str:
    folder, _, name = path.rpartition("/")
    return f"{folder}/{sidecar_name(name)}"


class Sidecars:
    """Written and read in the media folder of one library."""

    def __init__(self, store: LocalStore) -> None:
        self._store = store

    def write(self, provenance: Provenance, now: datetime) -> None:
        """Write or renew the sidecar of a saved asset; durable when it returns.

        Raises:
            MediaNotHereError: the file that it would speak of is not there.
            ConflictError: a file of that name is there that is no sidecar of this asset.
            StorageError: the disk refuses it.
        """
        media = provenance.asset.media
        assert isinstance(media, SavedMedia), "only what is saved has a file beside it"
        if not self._store.exists(media.path):
            raise MediaNotHereError(f"{media.path} is not on the disk.")
        path = sidecar_path(media.path)
        target = self._store.local_path(path)
        if os.path.lexists(target):
            self._check_ours(path, provenance)
        text = _text_of(provenance, now)
        with storage_errors(self._store.home):
            _replace(target, text, provenance.asset.id, self._store.home)

    def remove(self, path: str, asset_id: str) -> None:
        """Remove the sidecar of the file at this path, if it is one of this asset.

        Raises StorageError.
        """
        beside = sidecar_path(path)
        found = self.read(beside)
        if isinstance(found, Sidecar) and found.provenance.asset.id == asset_id:
            self._store.remove(beside)

    def remove_of(self, provenance: Provenance) -> None:
        """Remove what was written of a saved asset. Raises StorageError."""
        media = provenance.asset.media
        assert isinstance(media, SavedMedia), "only what is saved has a file beside it"
        self.remove(media.path, provenance.asset.id)

    def exists(self, path: str) -> bool:
        """Whether the file at this path has a sidecar. Raises StorageError."""
        return self._store.exists(sidecar_path(path))

    def find(self) -> Iterator[Sidecar | UnreadableSidecar]:
        """Every sidecar below the media folder, and what looks like one and cannot be read.

        Links are not followed. Other JSON files that lie there are passed over.
        """
        home = self._store.home
        with storage_errors(home):
            for folder, _, names in os.walk(home / MEDIA):
                below = Path(folder).relative_to(home).as_posix()
                for name in sorted(names):
                    if name.endswith(SUFFIX) and not name.startswith("."):
                        yield self.read(f"{below}/{name}")

    def read(self, path: str) -> Sidecar | UnreadableSidecar:
        try:
            text = _read_small(self._store.local_path(path))
            document = SidecarDocument.model_validate_json(text)
        except (OSError, IllegalNameError) as error:
            return UnreadableSidecar(path, f"It cannot be read: {error}")
        except ValidationError as error:
            return UnreadableSidecar(path, f"It is no sidecar of Rushes: {_first(error)}")
        except StorageError as error:
            return UnreadableSidecar(path, str(error))
        file = self._file_of(path, document.file.name)
        return Sidecar(path, file, document.written_at, document.value(file))

    def _file_of(self, path: str, name: str) -> str:
        """The file beside it: by the sidecar's own name, else by the name that it holds."""
        folder, _, own = path.rpartition("/")
        beside = f"{folder}/{own.removesuffix(SUFFIX)}"
        if sidecar_name(name) == own or not self._store.local_path(beside).is_file():
            return f"{folder}/{name}"
        return beside

    def _check_ours(self, path: str, provenance: Provenance) -> None:
        found = self.read(path)
        if isinstance(found, Sidecar) and found.provenance.asset.id == provenance.asset.id:
            return
        raise ConflictError(
            f"{path} is no sidecar of this asset; it stays as it is.",
            remedy="Move that file elsewhere, then run `rushes repair --apply`.",
            path=path,
        )


def _text_of(provenance: Provenance, now: datetime) -> bytes:
    try:
        document = SidecarDocument.of(provenance, now)
    except ValidationError as error:
        raise ConflictError(
            f"What is known of {provenance.asset.id} does not fit into a sidecar: {_first(error)}"
        ) from error
    return (document.model_dump_json(by_alias=True, indent=1) + "\n").encode()


def _first(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where}: {first['msg']}" if where else str(first["msg"])


def _read_small(path: Path) -> bytes:
    # A pipe would be waited for, so it is looked at without.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | durable_files.OPEN_FLAGS)
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise OSError("it is no ordinary file")
        if found.st_size > LARGEST:
            raise OSError(f"it has {found.st_size:,} bytes; {LARGEST:,} are read at most")
        return file.read(LARGEST + 1)


def _replace(target: Path, data: bytes, key: str, home: Path) -> None:
    draft = target.with_name(DRAFT_NAME.format(key=f"{key}{SUFFIX}"))
    draft.unlink(missing_ok=True)
    descriptor = durable_files.create_file(draft)
    try:
        try:
            durable_files.write_all(descriptor, data)
            durable_files.sync_file(descriptor)
        finally:
            os.close(descriptor)
        draft.replace(target)
    except OSError:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
    durable_files.sync_folders(target.parent, home)
