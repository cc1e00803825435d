"""Where the bytes of an asset lie on this machine, as long as they are here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rushes.domain.asset import Asset
from rushes.domain.media_reference import InSpool, MissingMedia, SavedMedia, UnsavedMedia
from rushes.store.held_bytes import HeldBytes
from rushes.store.store import MediaStore


@dataclass(frozen=True, slots=True)
class HereBytes:
    path: Path
    sha256: str


class Whereabouts:
    def __init__(self, store: MediaStore, held: HeldBytes) -> None:
        self._store = store
        self._held = held

    def bytes_of(self, asset: Asset) -> HereBytes | None:
        """The file with the bytes of an asset, saved or waiting to be."""
        match asset.media:
            case SavedMedia(path, _, sha256):
                return HereBytes(self._store.local_path(path), sha256)
            case UnsavedMedia(held=InSpool(_, sha256)):
                return HereBytes(self._held.spool.path_of(asset.id, sha256), sha256)
            case _:
                return None

    def file_of(self, asset: Asset) -> Path | None:
        """The same, and where a missing file was."""
        if isinstance(asset.media, MissingMedia):
            return self._store.local_path(asset.media.path)
        here = self.bytes_of(asset)
        return None if here is None else here.path
