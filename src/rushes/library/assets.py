"""Assets: listed, looked at, renamed, rated, put into the trash and taken back."""

from __future__ import annotations

from dataclasses import replace

from rushes.catalogue import assets
from rushes.catalogue.assets import Change, Filter, Hidden
from rushes.catalogue.catalogue import Catalogue, Transaction
from rushes.catalogue.pages import Page
from rushes.domain.asset import Asset, clean_notes
from rushes.domain.clock import Clock
from rushes.domain.errors import MediaNotHereError
from rushes.domain.media_reference import SavedMedia, lose
from rushes.domain.problem import Failure
from rushes.domain.project import clean_name


class Assets:
    def __init__(self, catalogue: Catalogue, clock: Clock, *, keep_unsaved: bool = True) -> None:
        self._catalogue = catalogue
        self._clock = clock
        self._keep_unsaved = keep_unsaved

    async def get(self, asset_id: str) -> Asset:
        return await self._catalogue.read(lambda connection: assets.get(connection, asset_id))

    async def list_newest(
        self, only: Filter, *, cursor: str | None, limit: int
    ) -> tuple[Page[Asset], Hidden]:
        """A page of the assets that fit, newest first, and how many are not shown and why."""
        only = replace(only, keep_unsaved=self._keep_unsaved)
        return await self._catalogue.read(
            lambda connection: (
                assets.list_newest(connection, only, cursor=cursor, limit=limit),
                assets.count_hidden(connection, only),
            )
        )

    async def change(
        self,
        asset_id: str,
        *,
        name: str | None = None,
        rating: int | None = None,
        flag: str | None = None,
        notes: str | None = None,
        trashed: bool | None = None,
    ) -> Asset:
        """Change only what is given. The file stays where it is, in the trash too."""
        wanted = Change(
            name=None if name is None else clean_name(name),
            rating=rating,
            flag=flag,
            notes=None if notes is None else clean_notes(notes),
        )

        def write(transaction: Transaction) -> Asset:
            assets.change(transaction, asset_id, wanted)
            if trashed is not None:
                at = self._clock.now() if trashed else None
                assets.set_trashed(transaction, asset_id, at)
            return assets.get(transaction.connection, asset_id)

        return await self._catalogue.write(write)

    async def note_missing(self, asset_id: str) -> None:
        """Write down that the file of a saved asset is not on the disk."""
        now = self._clock.now()

        def write(transaction: Transaction) -> None:
            media = assets.get(transaction.connection, asset_id).media
            if isinstance(media, SavedMedia):
                error = MediaNotHereError(f"{media.path} is not on the disk.")
                assets.set_media(transaction, asset_id, lose(media, Failure(error.problem, now)))

        await self._catalogue.write(write)
