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

    Saved ──let go, proven to be at the provider──▶ UrlOnly ──its file is there again──▶ Saved

What is unsaved holds its bytes: without them it is url-only, with the storage's failure. What was
let go stays known by its file's name, size and hash, whatever becomes of it.
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
class FormerFile:
    """The file that was let go: what comes back has to be the same."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class UrlOnlyMedia:
    """The bytes are at the provider and not here. A failure, if any, says what has prevented it:
    the network, or our own storage when no place could hold the bytes.
    """

    state: ClassVar[str] = "url_only"
    url: str
    expires_at: datetime | None = None
    failure: Failure | None = None
    former: FormerFile | None = None
    """Where the bytes were here once and were let go."""


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
    former: FormerFile | None = None


@dataclass(frozen=True, slots=True)
class ExpiredMedia:
    """The provider no longer has the bytes, and they were never here, or were let go."""

    state: ClassVar[str] = "expired"
    url: str
    failure: Failure
    former: FormerFile | None = None


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
    return UrlOnlyMedia(reference.url, reference.expires_at, failure, reference.former)


def moved(
    reference: NotYetSaved, url: str, expires_at: datetime | None, failure: Failure | None = None
) -> UrlOnlyMedia:
    """The provider names another address for the same bytes, and when that one expires."""
    return UrlOnlyMedia(url, expires_at, failure, reference.former)


def storage_failed(reference: NotYetSaved, failure: Failure, held: Held | None) -> NotYetSaved:
    url, expires_at, former = reference.url, reference.expires_at, reference.former
    if held is None:
        return UrlOnlyMedia(url, expires_at, failure, former)
    return UnsavedMedia(url, failure, expires_at, held=held, former=former)


def expire(reference: NotYetSaved, failure: Failure) -> ExpiredMedia:
    return ExpiredMedia(url=reference.url, failure=failure, former=reference.former)


def let_go(reference: SavedMedia, url: str, expires_at: datetime | None = None) -> UrlOnlyMedia:
    """The file may go: the same bytes were just read at this address."""
    former = FormerFile(reference.path, reference.size, reference.sha256)
    return UrlOnlyMedia(url, expires_at, former=former)


def taken_back(reference: UrlOnlyMedia, former: FormerFile) -> SavedMedia:
    """The file that was to be let go is there, with the bytes that it had."""
    return SavedMedia(former.path, former.size, former.sha256, reference.url)


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
    return UrlOnlyMedia(reference.url, former=reference.former)
