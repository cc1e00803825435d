"""Bytes that were bought and cannot be saved yet: in the spool, or at worst in memory."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path

from rushes.domain.errors import SourceUnreadableError, StorageError
from rushes.domain.media_reference import Held, InMemory, InSpool
from rushes.store.download import copy_local
from rushes.store.falling_draft import FallingDraft
from rushes.store.intake import OnBytes, Received
from rushes.store.memory import Memory
from rushes.store.open_draft import open_draft
from rushes.store.spool import Spool
from rushes.store.storage_errors import storage_errors
from rushes.store.store import Draft, Sink

log = logging.getLogger(__name__)


class HeldBytes:
    """What is found here counts, not what a row says: the row may not have been written."""

    def __init__(self, spool: Spool, memory: Memory) -> None:
        self.spool = spool
        self.memory = memory

    def draft(
        self, asset_id: str, store: Callable[[int], Draft], expected: int | None
    ) -> FallingDraft:
        """A draft in the store, or where bytes wait. Raises the store's StorageError."""
        places = (
            lambda size: self.spool.draft(asset_id, size),
            lambda size: self.memory.draft(asset_id, size),
        )
        return FallingDraft(store, places, expected)

    def find(self, asset_id: str) -> Held | None:
        """What is held of this asset.

        Raises:
            SourceUnreadableError: the spool cannot be read now, so that it is not known.
        """
        if (in_memory := self.memory.find(asset_id)) is not None:
            return in_memory
        try:
            return self.spool.find(asset_id)
        except StorageError as error:
            raise SourceUnreadableError(error.problem.detail) from error

    def local_path(self, asset_id: str, held: Held) -> Path | None:
        """The file with the bytes, where there is one."""
        match held:
            case InSpool(sha256=sha256):
                return self.spool.path_of(asset_id, sha256)
            case InMemory():
                return None

    async def copy(self, asset_id: str, held: Held, sink: Sink, on_bytes: OnBytes) -> Received:
        """Raises MediaUnreadableError or SourceUnreadableError about what is held, or the
        StorageError of the sink.
        """
        match held:
            case InSpool():
                return await self.spool.copy(asset_id, held, sink, on_bytes)
            case InMemory():
                return await self.memory.copy(asset_id, sink, on_bytes)

    async def keep(self, asset_id: str, path: Path) -> Held:
        """Hold a copy of a whole file in the spool. Raises StorageError, or MediaUnreadableError
        when the file is not there.
        """
        with storage_errors(path):
            size = (await asyncio.to_thread(path.stat)).st_size
        async with open_draft(partial(self.spool.draft, asset_id, size)) as draft:
            received = await copy_local(path, draft, lambda _: None)
            return await asyncio.to_thread(draft.hold, received)

    def drop(self, asset_id: str) -> None:
        """Forget what is held of this asset."""
        self.memory.drop(asset_id)
        try:
            self.spool.drop(asset_id)
        except StorageError as error:
            # A later start removes it once its asset is saved; the doctor names one of no asset.
            log.warning("a clip stays in the spool: %s", error)

    def owners(self) -> frozenset[str]:
        """The ids of the assets of which a clip lies in the spool, as far as it can be read."""
        try:
            return frozenset(owner for owner, _ in self.spool.clips())
        except StorageError as error:
            log.warning("the spool cannot be read: %s", error)
            return frozenset()

    def sweep(self, over: Collection[str]) -> int:
        """Remove unfinished clips, and those of these assets. Returns how many."""
        try:
            return self.spool.sweep(over)
        except StorageError as error:
            log.warning("the spool cannot be swept: %s", error)
            return 0
