"""Where an asset's bytes are.

Being without bytes is a value, not an error. Each state has only the fields that it can have, and
the legal moves are the functions of this module: there is no other way from one state to another.

::

    UrlOnly ──save──▶ Saved ──file left the disk──▶ Missing ──found, relink──▶ Saved
       │                ▲
       ├─storage failed─▶ Unsaved ──save──┘
       │                     │
       └──────gone───────────┴──▶ Expired ──relink──▶ Saved
                                     └─asked for again─▶ UrlOnly
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, TypeAlias

from rushes.domain.problem import Failure


@dataclass(frozen=True, slots=True)
class SavedMedia:
    """The bytes are in the library: complete, checked, and they survive a power cut."""

    state: ClassVar[str] = "saved"
    path: str
    """Relative to the library folder, with ``/``."""
    size: int
    sha256: str
    url: str | None = None
    """Where they came from: provenance, and a ticket to download again."""


@dataclass(frozen=True, slots=True)
class UrlOnlyMedia:
    """The bytes are at the provider, not here yet. A failure, if any, was the network's."""

    state: ClassVar[str] = "url_only"
    url: str
    expires_at: datetime | None = None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class UnsavedMedia:
    """Our own storage failed. What failed is kept with it, and saving can be tried again."""

    state: ClassVar[str] = "unsaved"
    url: str
    failure: Failure
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ExpiredMedia:
    """The provider no longer has the bytes, and they were never here."""

    state: ClassVar[str] = "expired"
    url: str
    failure: Failure


@dataclass(frozen=True, slots=True)
class MissingMedia:
    """The bytes were saved here, and the file has left the disk."""

    state: ClassVar[str] = "missing"
    path: str
    size: int
    sha256: str
    url: str | None
    failure: Failure


MediaReference: TypeAlias = SavedMedia | UrlOnlyMedia | UnsavedMedia | ExpiredMedia | MissingMedia
NotYetSaved: TypeAlias = UrlOnlyMedia | UnsavedMedia

MEDIA_STATES = tuple(
    kind.state for kind in (SavedMedia, UrlOnlyMedia, UnsavedMedia, ExpiredMedia, MissingMedia)
)


def save(reference: NotYetSaved, *, path: str, size: int, sha256: str) -> SavedMedia:
    return SavedMedia(path=path, size=size, sha256=sha256, url=reference.url)


def download_failed(reference: NotYetSaved, failure: Failure) -> NotYetSaved:
    """The network failed: that is never a storage failure, so the state stays as it is."""
    return replace(reference, failure=failure)


def storage_failed(reference: NotYetSaved, failure: Failure) -> UnsavedMedia:
    return UnsavedMedia(url=reference.url, failure=failure, expires_at=reference.expires_at)


def expire(reference: NotYetSaved, failure: Failure) -> ExpiredMedia:
    return ExpiredMedia(url=reference.url, failure=failure)


def lose(reference: SavedMedia, failure: Failure) -> MissingMedia:
    return MissingMedia(
        path=reference.path,
        size=reference.size,
        sha256=reference.sha256,
        url=reference.url,
        failure=failure,
    )


def relink(
    reference: ExpiredMedia | MissingMedia, *, path: str, size: int, sha256: str
) -> SavedMedia:
    return SavedMedia(path=path, size=size, sha256=sha256, url=reference.url)


def found(reference: MissingMedia) -> SavedMedia:
    """The same bytes lie under the same path again."""
    return SavedMedia(reference.path, reference.size, reference.sha256, reference.url)


def ask_again(reference: ExpiredMedia) -> UrlOnlyMedia:
    """A person wants it to be tried once more: what was gone may be there again."""
    return UrlOnlyMedia(reference.url)
