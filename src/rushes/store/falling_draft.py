"""A draft that goes on in the next place when the one it is in fails: the store, the spool, memory.

What has come so far is carried along, so that a failing disk does not make a clip come twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Protocol, TypeAlias

from rushes.domain.errors import (
    CatalogueError,
    ChecksumMismatchError,
    MediaUnreadableError,
    StorageError,
)
from rushes.domain.media_reference import Held
from rushes.store.intake import Received
from rushes.store.store import Draft, Sink


class HoldingDraft(Sink, Protocol):
    """A draft in a place where bytes only wait."""

    @property
    def local_path(self) -> Path | None:
        """A file for the probe to open, where there is one."""

    def read(self, size: int) -> Iterator[bytes]:
        """As in ``Draft``."""

    def hold(self, received: Received) -> Held:
        """Keep what was written, as durably as this place can. Raises StorageError."""

    def discard(self) -> None:
        """As in ``Draft``."""


OwnFailure: TypeAlias = StorageError | CatalogueError
"""What keeps a clip out of the library: the disk, or a catalogue that cannot be written."""
Place: TypeAlias = Callable[[int], HoldingDraft]
"""Begins a draft for so many bytes; raises StorageError, before any came, when it cannot."""


class FallingDraft:
    """Used from one thread after another."""

    def __init__(
        self, store: Callable[[int], Draft], places: Iterable[Place], expected: int | None
    ) -> None:
        """Begin in the first place that can. Raises the store's StorageError when none can."""
        self.in_store: Draft | None = None
        """The store's draft, as long as everything is in it."""
        self.failure: OwnFailure | None = None
        """Why it is not in the store any more."""
        self._waiting: HoldingDraft | None = None
        self._places = iter(places)
        self._expected = expected or 0
        self._written = 0
        self._has_lost = False
        try:
            self.in_store = store(self._expected)
        except StorageError as error:
            self.failure = error
            self._waiting = self._next()

    @property
    def local_path(self) -> Path | None:
        return self._draft.local_path

    @property
    def _draft(self) -> Draft | HoldingDraft:
        draft = self.in_store or self._waiting
        assert draft is not None, "it is in one place or the other"
        return draft

    def write(self, data: bytes) -> None:
        while True:
            try:
                self._draft.write(data)
            except StorageError as error:
                self.fall(error)
            else:
                self._written += len(data)
                return

    def restart(self) -> None:
        self._written = 0
        try:
            self._draft.restart()
        except StorageError as error:
            self.fall(error)

    def fall(self, error: OwnFailure) -> None:
        """Go on in the next place with all that was written.

        Raises:
            StorageError, CatalogueError: the first failure; there is no other place.
            MediaUnreadableError: what was written cannot be read back. See ``begins_anew``.
        """
        self.failure = self.failure or error
        left = self._draft
        try:
            while not self._is_carried_over(left, self._move_on()):
                self._draft.discard()
        finally:
            left.discard()

    def hold(self, received: Received) -> Held:
        """Check what lies in a place for waiting, and keep it there or in a later one.

        Raises:
            StorageError, CatalogueError: the first failure; no place can keep it.
            MediaUnreadableError, ChecksumMismatchError: as ``fall``.
        """
        while True:
            assert self._waiting is not None, "what is in the store is published"
            self._check(received)
            try:
                return self._waiting.hold(received)
            except StorageError as error:
                self.fall(error)

    def begins_anew(self) -> bool:
        """Whether what came was lost on the way, so that it has to come again into this draft."""
        has_lost, self._has_lost = self._has_lost, False
        return has_lost

    def discard(self) -> None:
        self._draft.discard()

    def _move_on(self) -> HoldingDraft:
        following = self._next()
        self.in_store, self._waiting = None, following
        return following

    def _next(self) -> HoldingDraft:
        assert self.failure is not None, "only a failure leads on"
        for begin in self._places:
            try:
                return begin(max(self._expected, self._written))
            except StorageError:
                continue  # the store's failure is the one to tell
        raise self.failure

    def _is_carried_over(self, left: Draft | HoldingDraft, following: HoldingDraft) -> bool:
        try:
            for piece in left.read(self._written):
                following.write(piece)
        except MediaUnreadableError:
            self._lose()
            following.restart()
            raise
        except StorageError:
            return False
        return True

    def _check(self, received: Received) -> None:
        """A disk that fails may have kept other bytes than it was given."""
        digest = hashlib.sha256()
        try:
            for piece in self._draft.read(received.size):
                digest.update(piece)
        except MediaUnreadableError:
            self._go_on_empty()
            raise
        if digest.hexdigest() != received.sha256:
            self._go_on_empty()
            raise ChecksumMismatchError("What was read back is not what was received.")

    def _go_on_empty(self) -> None:
        self._lose()
        self._draft.discard()
        self._move_on()

    def _lose(self) -> None:
        self._written = 0
        self._has_lost = True
