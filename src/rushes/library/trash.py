"""Empty the trash: the only place where Rushes deletes media."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from rushes.catalogue import assets, generations, projects
from rushes.catalogue.catalogue import Catalogue, Transaction
from rushes.domain.asset import Asset, Generated
from rushes.domain.clock import Clock
from rushes.domain.errors import AssetNotFoundError, ConflictError, RushesError
from rushes.domain.generation import Delivered, Done, Saving
from rushes.domain.media_reference import (
    ExpiredMedia,
    FormerFile,
    MissingMedia,
    SavedMedia,
    UrlOnlyMedia,
)
from rushes.domain.problem import Problem
from rushes.store.file_hash import measured
from rushes.store.held_bytes import HeldBytes
from rushes.store.request_journal import RequestJournal
from rushes.store.sidecars import Sidecars
from rushes.store.storage_errors import storage_errors
from rushes.store.store import MediaStore

Halted: TypeAlias = Callable[[str], AbstractAsyncContextManager[bool]]
"""Lets nobody begin to save the clip of a generation; false when somebody is at it already."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What stays in the trash, and why."""

    asset_id: str
    problem: Problem


@dataclass(slots=True)
class Emptied:
    removed: int = 0
    freed: int = 0
    """Bytes."""
    kept: list[Kept] = field(default_factory=list)


class Trash:
    def __init__(
        self,
        *,
        catalogue: Catalogue,
        store: MediaStore,
        held: HeldBytes,
        sidecars: Sidecars,
        journal: RequestJournal,
        clock: Clock,
        posters: Path,
        proxies: Path,
        halted: Halted,
    ) -> None:
        self._catalogue = catalogue
        self._store = store
        self._held = held
        self._halted = halted
        self._sidecars = sidecars
        self._journal = journal
        self._clock = clock
        self._posters = posters
        self._proxies = proxies

    async def empty(self) -> Emptied:
        """Delete every asset in the trash with its files. What was bought stays on record.

        One at a time, so that an end in the middle leaves the rest whole.
        """
        emptied = Emptied()
        for asset_id in await self._catalogue.read(assets.in_trash):
            try:
                freed = await self._remove(asset_id)
            except AssetNotFoundError:
                # Somebody else was emptying it at the same time.
                continue
            except RushesError as error:
                emptied.kept.append(Kept(asset_id, error.problem))
                continue
            if freed is not None:
                emptied.removed += 1
                emptied.freed += freed
        return emptied

    async def _remove(self, asset_id: str) -> int | None:
        """How many bytes that freed; None when it has been taken out of the trash meanwhile."""
        asset = await self._catalogue.read(lambda connection: assets.get(connection, asset_id))
        if not isinstance(asset.origin, Generated):
            return await self._remove_row(asset_id, is_halted=True)
        made_by = asset.origin.generation_id
        async with self._halted(made_by) as is_halted:
            freed = await self._remove_row(asset_id, is_halted=is_halted)
        if freed is not None:
            await asyncio.to_thread(self._held.drop, asset_id)
            await self._journal.note_deleted(made_by, self._clock.now())
        return freed

    async def _remove_row(self, asset_id: str, *, is_halted: bool) -> int | None:
        def write(transaction: Transaction) -> int | None:
            asset = assets.get(transaction.connection, asset_id)
            if not _is_in_trash(transaction, asset):
                return None
            if is_halted:
                self._give_up_saving(transaction, asset)
            _check_unused(transaction, asset)
            # Inside the transaction nobody can take it back; the row goes after the files, so that
            # a crash between the two leaves something that can be emptied again.
            freed = self._remove_files(asset)
            assets.remove(transaction, asset_id)
            return freed

        return await self._catalogue.write(write)

    def _give_up_saving(self, transaction: Transaction, asset: Asset) -> None:
        """What could not be saved so far is not wanted any more. What was bought stays known."""
        if not isinstance(asset.origin, Generated):
            return
        generation = generations.get(transaction.connection, asset.origin.generation_id)
        match generation.state:
            case Saving(ticket, document, path, sha256):
                self._remove_unlisted(path, sha256)
            case Delivered(ticket, document):
                pass
            case _:
                return
        done = Done(ticket, document)
        generations.move(transaction, generation.id, done, now=self._clock.now())

    def _remove_unlisted(self, path: str, sha256: str | None) -> None:
        """A clip that has its name, and that the catalogue could not call saved."""
        if sha256 is None or not self._store.exists(path):
            return
        with storage_errors(self._posters):
            _, found = measured(self._store.local_path(path))
        if found == sha256:
            self._store.remove(path)

    def _remove_files(self, asset: Asset) -> int:
        poster = self._posters / f"{asset.id}.jpg"
        with storage_errors(self._posters):
            poster.unlink(missing_ok=True)
        with storage_errors(self._proxies):
            for proxy in self._proxies.glob(f"{asset.id}.*"):
                proxy.unlink(missing_ok=True)
        match asset.media:
            case SavedMedia(path, size):
                self._store.remove(path)
                self._sidecars.remove(path, asset.id)
                return size
            case MissingMedia(path):
                # Another file may lie in its place, but its sidecar would list it again.
                self._sidecars.remove(path, asset.id)
            case UrlOnlyMedia(former=FormerFile(path)) | ExpiredMedia(former=FormerFile(path)):
                self._sidecars.remove(path, asset.id)
        return 0


def _is_in_trash(transaction: Transaction, asset: Asset) -> bool:
    if asset.trashed_at is not None:
        return True
    return projects.get(transaction.connection, asset.project_id).trashed_at is not None


def _check_unused(transaction: Transaction, asset: Asset) -> None:
    connection = transaction.connection
    if isinstance(asset.origin, Generated):
        generation = generations.get(connection, asset.origin.generation_id)
        if not generation.is_ended:
            raise ConflictError(
                f"Its generation is {generation.state.name}.",
                remedy="Empty the trash again when it has ended.",
                state=generation.state.name,
            )
    if generations.is_used_as_image(connection, asset.id):
        raise ConflictError(
            "A generation that is under way needs this picture.",
            remedy="Empty the trash again when it has ended.",
        )
