"""The file with the bytes of an asset, where there is one, and nothing outside its folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rushes.domain.asset import Asset
from rushes.domain.errors import IllegalNameError
from rushes.domain.media_reference import (
    ExpiredMedia,
    FormerFile,
    MediaReference,
    MissingMedia,
    SavedMedia,
    UnsavedMedia,
    UrlOnlyMedia,
)
from rushes.store.local_store import LocalStore
from rushes.store.spool import Spool
from rushes.store.whereabouts import Whereabouts


@dataclass(frozen=True, slots=True)
class File:
    """A file that is to be sent, and what is known about it."""

    folder: Path
    """It has to lie below this one, without a link on the way."""
    path: Path
    size: int | None = None
    """What it had when it was hashed: another size is another file, and its tag does not count."""
    version: str | None = None
    """What its tag begins with: a hash of its bytes, or of what they were made from."""


def file_of(asset: Asset, store: LocalStore, spool: Spool) -> File | None:
    """The file of an asset, saved or waiting to be. It need not be there.

    Raises:
        StorageError: the folder cannot be looked at.
    """
    try:
        here = Whereabouts(store, spool).bytes_of(asset)
    except IllegalNameError:
        # A link that leads out of the library: there is no file of ours behind it.
        return None
    if here is None:
        return None
    # Links inside a library are the person's own business, and are followed here, once.
    return File(here.folder.resolve(), here.path.resolve(), here.size, here.sha256)


def known_hash(media: MediaReference) -> str | None:
    """The SHA-256 of the bytes of an asset, also of those that were here once."""
    match media:
        case SavedMedia(sha256=sha256) | MissingMedia(sha256=sha256):
            return sha256
        case UnsavedMedia(held=held):
            return held.sha256
        case (
            UrlOnlyMedia(former=FormerFile(sha256=sha256))
            | ExpiredMedia(former=FormerFile(sha256=sha256))
        ):
            return sha256
        case _:
            return None
