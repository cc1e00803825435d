"""Assets: listed, looked at, renamed, rated, put into the trash and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rushes.catalogue import asset_list, assets
from rushes.catalogue.assets import Change
from rushes.catalogue.catalogue import Catalogue, Transaction
from rushes.catalogue.pages import Page
from rushes.domain.asset import Asset, clean_notes
from rushes.domain.clock import Clock
from rushes.domain.errors import MediaNotHereError
from rushes.domain.listing import Filter, Hidden, Sort
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

    async def page(
        self, only: Filter, *, sort: Sort = Sort.NEWEST, cursor: str | None = None, limit: int = 100
    ) -> tuple[Page[Asset], Hidden]:
        """A page of the assets that fit, and how many are not shown and why."""
        only = replace(only, keep_unsaved=self._keep_unsaved)
        return await self._catalogue.read(
            lambda connection: asset_list.page(
                connection, only, sort=sort, cursor=cursor, limit=limit
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
        [changed] = await self._change([asset_id], wanted, trashed=trashed)
        return changed

    async def change_all(
        self,
        asset_ids: Sequence[str],
        *,
        rating: int | None = None,
        flag: str | None = None,
        trashed: bool | None = None,
    ) -> list[Asset]:
        """The same for several, in one transaction: for all of them or for none."""
        wanted = Change(rating=rating, flag=flag)
        return await self._change(list(dict.fromkeys(asset_ids)), wanted, trashed=trashed)

    async def _change(
        self, asset_ids: Sequence[str], wanted: Change, *, trashed: bool | None
    ) -> list[Asset]:
        def write(transaction: Transaction) -> list[Asset]:
            for asset_id in asset_ids:
                assets.change(transaction, asset_id, wanted)
                if trashed is not None:
                    at = self._clock.now() if trashed else None
                    assets.set_trashed(transaction, asset_id, at)
            return [assets.get(transaction.connection, asset_id) for asset_id in asset_ids]

        return await self._catalogue.write(write)

    async def note_missing(self, asset_id: str) -> None:
        """Write down that the file of a saved asset is not on the disk."""
        now = self._clock.now()

        def write(transaction: Transaction) -> None:
            media = assets.get(transaction.connection, asset_id).media
            if isinstance(media, SavedMedia):
                error = MediaNotHereError(f"{media.path} is not on the disk.")
                lost = lose(media, Failure(error.problem, now))
                assets.set_media(transaction, asset_id, lost, before=media)

        await self._catalogue.write(write)
