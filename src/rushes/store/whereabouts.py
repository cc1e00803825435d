"""Where the bytes of an asset lie on this machine, as long as they are here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rushes.domain.asset import Asset
from rushes.domain.media_reference import InSpool, MissingMedia, SavedMedia, UnsavedMedia
from rushes.store.local_store import LocalStore
from rushes.store.spool import Spool


@dataclass(frozen=True, slots=True)
class HereBytes:
    """The file that a row names. It need not be there."""

    folder: Path
    """The library, or its spool: the file belongs below it."""
    path: Path
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Whereabouts:
    store: LocalStore
    spool: Spool

    def bytes_of(self, asset: Asset) -> HereBytes | None:
        """The file with the bytes of an asset, saved or waiting to be.

        Raises:
            IllegalNameError: a link leads out of the library.
        """
        match asset.media:
            case SavedMedia(path, size, sha256):
                return HereBytes(self.store.home, self.store.local_path(path), size, sha256)
            case UnsavedMedia(held=InSpool(size, sha256)):
                path_there = self.spool.path_of(asset.id, sha256)
                return HereBytes(self.spool.folder, path_there, size, sha256)
            case _:
                return None

    def file_of(self, asset: Asset) -> Path | None:
        """The same, and where a missing file was."""
        if isinstance(asset.media, MissingMedia):
            return self.store.local_path(asset.media.path)
        here = self.bytes_of(asset)
        return None if here is None else here.path
