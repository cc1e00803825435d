"""Where an asset's bytes are.

Being without bytes is a value, not an error. Each state has only the fields that it can have, and
the legal moves are the functions of this module: there is no other way from one state to another.

::

    UrlOnly ──save──▶ Saved ──file left the disk──▶ Missing ──found, relink──▶ Saved
     │    ▲             ▲
     │    │             └──save──┐
     │    └─bytes lost──────── Unsaved
     ├─storage failed, bytes held──▲
     │
     └─gone──▶ Expired ──relink──▶ Saved
                  └─asked for again─▶ UrlOnly

What is unsaved holds its bytes: without them it is url-only, with the storage's failure.
"""

from __future__ import annotations

from dataclasses import dataclass, field
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
    """The bytes are at the provider, not here yet. A failure, if any, says what has prevented it:
    the network, or our own storage when no place could hold the bytes.
    """

    state: ClassVar[str] = "url_only"
    url: str
    expires_at: datetime | None = None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class InSpool:
    """The whole clip waits in the spool: on another disk, and there after a restart too."""

    place: ClassVar[str] = "spool"
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class InMemory:
    """The whole clip waits in the memory of the process that received it, and ends with it."""

    place: ClassVar[str] = "memory"
    size: int
    sha256: str


Held: TypeAlias = InSpool | InMemory


@dataclass(frozen=True, slots=True)
class UnsavedMedia:
    """Our own storage failed, and the bytes wait elsewhere until it is well."""

    state: ClassVar[str] = "unsaved"
    url: str
    failure: Failure
    expires_at: datetime | None = None
    held: Held = field(kw_only=True)


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


def download_failed(reference: NotYetSaved, failure: Failure) -> UrlOnlyMedia:
    """The network failed, which is never a storage failure. Only what is not held is downloaded."""
    return UrlOnlyMedia(reference.url, reference.expires_at, failure)


def storage_failed(reference: NotYetSaved, failure: Failure, held: Held | None) -> NotYetSaved:
    if held is None:
        return UrlOnlyMedia(reference.url, reference.expires_at, failure)
    return UnsavedMedia(reference.url, failure, reference.expires_at, held=held)


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
