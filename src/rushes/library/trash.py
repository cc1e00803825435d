"""Empty the trash: the only place where Rushes deletes media."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from rushes.catalogue import assets, generations, projects
from rushes.catalogue.catalogue import Catalogue, Transaction
from rushes.domain.asset import Asset, Generated
from rushes.domain.clock import Clock
from rushes.domain.errors import AssetNotFoundError, ConflictError, RushesError
from rushes.domain.media_reference import (
    ExpiredMedia,
    FormerFile,
    MissingMedia,
    SavedMedia,
    UrlOnlyMedia,
)
from rushes.domain.problem import Problem
from rushes.store.request_journal import RequestJournal
from rushes.store.sidecars import Sidecars
from rushes.store.storage_errors import storage_errors
from rushes.store.store import MediaStore


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
        catalogue: Catalogue,
        store: MediaStore,
        sidecars: Sidecars,
        journal: RequestJournal,
        clock: Clock,
        posters: Path,
        proxies: Path,
    ) -> None:
        self._catalogue = catalogue
        self._store = store
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
        made_by: list[str] = []

        def write(transaction: Transaction) -> int | None:
            asset = assets.get(transaction.connection, asset_id)
            if not _is_in_trash(transaction, asset):
                return None
            _check_unused(transaction, asset)
            # Inside the transaction nobody can take it back; the row goes after the files, so that
            # a crash between the two leaves something that can be emptied again.
            freed = self._remove_files(asset)
            assets.remove(transaction, asset_id)
            if isinstance(asset.origin, Generated):
                made_by.append(asset.origin.generation_id)
            return freed

        freed = await self._catalogue.write(write)
        for generation_id in made_by:
            await self._journal.note_deleted(generation_id, self._clock.now())
        return freed

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
